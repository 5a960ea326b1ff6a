#!/usr/bin/env python3
"""random-ignore.py <seed> <cases> <ignore-probe> <directory>

Random .gitignore files over one tree of odd names: git check-ignore and the
probe must say the same of every path. The same seed gives the same files."""

import os
import random
import re
import subprocess
import sys

NAMES = [b"a", b"b", b"ab", b"aab", b"abc", b".x", b"a b", b" a", b"a ",
         b"z.log", b"A", b"-", b"[a]", b"\\", b"a\\", b"!a", b"#a", b"*",
         b"\xc3\xa9", b"\xff", b"]", b"x\ry", b"x\r", b"\t", b"0"]
PIECES = [b"a", b"b", b"ab", b"c", b".", b"x", b"log", b"*", b"*", b"*", b"**",
          b"**", b"***", b"?", b"/", b"/", b"/**/", b"**/", b"/**", b"[ab]",
          b"[!a]", b"[^b-z]", b"[a-c]", b"[]a]", b"[a-]", b"[-a]", b"[\\]]",
          b"[[:alpha:]]", b"[![:digit:].]", b"[[:foo:]]", b"[[:alpha]",
          b"[[a]", b"[", b"[a", b"[]", b"[]]", b"]", b"[/]", b"[a-\\c]",
          b"[\\a-c]", b"[[:space:]]", b"[[:punct:]]", b"[\x01-\xff]", b"\\",
          b"\\*", b"\\a", b"\\\\", b"\\/", b" ", b"\\ ", b"\xc3\xa9", b"\xff",
          b"\r", b"!", b"#", b"A", b"[b-a]", b"[a-c-e]"]
# gitignore(5): such stars are those of "*". Before 2.52 git forgets what is in
# front of them when nothing there is special.
FORGETS = re.compile(rb"^!?/?[^*?\[\\]*[^*?\[\\/]\*\*")


def make_tree(rng):
    """Directories end in a slash."""
    dirs, found = [b""], []
    for depth in range(4):
        for top in [d for d in dirs if d.count(b"/") == depth]:
            for name in rng.sample(NAMES, 9 - 2 * depth):
                path = top + name
                if depth < 3 and rng.random() < 0.45:
                    dirs.append(path + b"/")
                    os.mkdir(path)
                    path += b"/"
                else:
                    os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
                found.append(path)
    return dirs, found


def from_path(rng, path):
    """A pattern that is near one of the paths."""
    parts = path.split(b"/")
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(parts))
        name = parts[at]
        parts[at] = rng.choice([
            b"*", b"**", b"?" * len(name), name[:1] + b"*", b"*" + name[-1:],
            re.sub(rb"([*?\[\\])", rb"\\\1", name), b"[" + name[:1] + b"]",
            b"[!" + name[:1] + b"]*", name])
    parts = parts[rng.choice([0, 0, -1, -2]):]
    line = parts[0]
    for name in parts[1:]:
        line += rng.choice([b"/"] * 9 + [b"?", b"[/]", b"[!q]", b"\\/",
                                         b"/**\\/", b"*"]) + name
    return line


def make_line(rng, paths):
    if rng.random() < 0.5:
        line = from_path(rng, rng.choice(paths))
    else:
        line = b"".join(rng.choice(PIECES)
                        for _ in range(rng.randrange(1, 6)))
    line = rng.choice([b"", b"", b"", b"", b"/"]) + line
    line = rng.choice([b"", b"", b"!"]) + line
    line += rng.choice([b"", b"", b"", b"", b"/", b" ", b"  ", b"\\ ", b"\\"])
    return b"#" if FORGETS.match(line) else line


def make_file(rng, paths):
    text = rng.choice([b"", b"", b"", b"\xef\xbb\xbf", b"\n", b"\r\n"])
    for _ in range(rng.randrange(1, 7)):
        text += make_line(rng, paths)
        text += rng.choice([b"\n", b"\n", b"\n", b"\r\n", b" \r\n", b"\0x\n"])
    return text[:-1] if rng.random() < 0.2 else text


def ask_git(paths):
    asked = b"".join(p.rstrip(b"/") + b"\0" for p in paths)
    out = subprocess.run(["git", "check-ignore", "--no-index", "-v", "-n",
                          "-z", "--stdin"], input=asked, check=False,
                         stdout=subprocess.PIPE).stdout.split(b"\0")[:-1]
    return [p != b"" and not p.startswith(b"!") for p in out[2::4]]


def ask_probe(probe, dirs, paths):
    asked = b"".join(p + b"\0" for p in paths)
    out = subprocess.run([probe] + [d.rstrip(b"/") for d in dirs],
                         input=asked, check=True, stdout=subprocess.PIPE)
    return [int(n) for n in out.stdout.split()]


def wanted(paths, ignored):
    """How much of each path its topmost ignored part is."""
    known = {p.rstrip(b"/"): i for p, i in zip(paths, ignored)}
    for path in paths:
        parts = path.rstrip(b"/").split(b"/")
        parts = [b"/".join(parts[:n + 1]) for n in range(len(parts))]
        yield next((len(p) for p in parts if known[p]), 0)


def main():
    seed, cases, probe, where = sys.argv[1:]
    rng = random.Random(int(seed))
    os.chdir(where)
    dirs, paths = make_tree(rng)
    bad = hits = 0
    for case in range(int(cases)):
        ruled = [b""] + rng.sample(dirs[1:], rng.randrange(4))
        files = {d: make_file(rng, paths) for d in ruled}
        for name, text in files.items():
            with open(name + b".gitignore", "wb") as out:
                out.write(text)
        git = list(wanted(paths, ask_git(paths)))
        ours = ask_probe(probe, ruled, paths)
        for path, want, got in zip(paths, git, ours):
            hits += want > 0
            if want != got and bad < 20:
                bad += 1
                print("case %d: %r is %d, not %d: %r" %
                      (case, path, want, got, files))
        for name in files:
            os.unlink(name + b".gitignore")
    print("%s cases, %d paths, %d ignored" % (cases, len(paths), hits))
    return bad > 0 or hits < int(cases) * len(paths) // 20


sys.exit(main())
