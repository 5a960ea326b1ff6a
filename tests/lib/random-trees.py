#!/usr/bin/env python3
"""random-trees.py <seed> <commits>: a stream for git fast-import.

Each commit's tree is made of the one before by random edits: files and links
and submodules that come, go, change, change their mode, become one another or
a directory, move. Names are what breaks programs that take them for text.
The same seed gives the same bytes. Commit n is refs/tags/t<n>."""

import random
import sys

NAMES = [b"a", b"a-b", b"a.b", b"a0", b"ab", b"b", b"-rf", b"--", b" ", b"x y",
         b" lead", b"trail ", b"tab\t", b"line\nfeed", b"cr\r", b'quo"te',
         b"back\\slash", b"\x01\x1b[2J", b"*?[]", b"$(id)", b"\xc3\xa4",
         b"\xff\xfe", b"\xe2\x80\xae", b"CON", b"n" * 255]
MODES = [b"100644"] * 5 + [b"100755", b"120000", b"160000"]


def quoted(path):
    return b'"' + b"".join(
        b"\\%03o" % c if c < 0x20 or c > 0x7e or c in b'"\\' else bytes([c])
        for c in path) + b'"'


def data(content):
    return b"data %d\n%s\n" % (len(content), content)


def content(rng):
    lines = [b"line %d%s" % (rng.randrange(9), rng.choice([b"", b"\r"]))
             for _ in range(rng.randrange(30))]
    return b"\n".join(lines) + rng.choice([b"", b"\n", b"\n", b"\0"])


def new_path(rng):
    return b"/".join(rng.choice(NAMES) for _ in range(rng.randint(1, 4)))


def clear_way(tree, path):
    """Nothing may lie below path, and nothing may be where its folders are."""
    for other in list(tree):
        if other.startswith(path + b"/") or path.startswith(other + b"/"):
            del tree[other]


def put(rng, tree, path):
    clear_way(tree, path)
    mode = rng.choice(MODES)
    tree[path] = (mode, b"%040x" % rng.randrange(1, 4)
                  if mode == b"160000" else content(rng))


def edit(rng, tree):
    paths = sorted(tree)
    kind = rng.choice([0, 0, 0, 1, 2, 3, 4, 5]) if paths else 0
    path = rng.choice(paths) if paths else b""
    if kind == 0:
        put(rng, tree, new_path(rng))
    elif kind == 1:
        del tree[path]
    elif kind == 2:
        put(rng, tree, path)
    elif kind == 3 and tree[path][0] in (b"100644", b"100755"):
        mode = b"100755" if tree[path][0] == b"100644" else b"100644"
        tree[path] = (mode, tree[path][1])
    elif kind == 4:
        put(rng, tree, path + b"/" + rng.choice(NAMES))
    else:
        target, moved = new_path(rng), tree.pop(path)
        clear_way(tree, target)
        tree[target] = moved


def main():
    rng = random.Random(int(sys.argv[1]))
    out, tree = sys.stdout.buffer, {}
    for number in range(int(sys.argv[2])):
        for _ in range(rng.choice([1, 5, 80])):
            edit(rng, tree)
        out.write(b"commit refs/heads/random\n"
                  b"committer C O Mitter <committer@example.com> "
                  b"%d +0000\n" % (1700000000 + number))
        out.write(data(b"commit %d" % number) + b"deleteall\n")
        for path in sorted(tree):
            mode, text = tree[path]
            if mode == b"160000":
                out.write(b"M 160000 %s %s\n" % (text, quoted(path)))
            else:
                out.write(b"M %s inline %s\n" % (mode, quoted(path)))
                out.write(data(text))
        out.write(b"\nreset refs/tags/t%d\nfrom refs/heads/random\n\n"
                  % number)


main()
