#!/usr/bin/env python3
"""random-ignore.py <seed> <cases> <ignore-probe> <directory> [attributes]

Random .gitignore files over one tree of odd names: git check-ignore and the
probe must say the same of every path. Or .gitattributes, asked for x, against
git check-attr. The same seed gives the same files."""

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


def attribute_line(rng, paths):
    if rng.random() < 0.2:
        return b"[attr]" + rng.choice([b"m", b"n", b"x", b"-m", b" m", b"m\t"])
    line = make_line(rng, paths).lstrip(b"!") if rng.random() < 0.9 else b"!a"
    if rng.random() < 0.3:
        inside = re.sub(rb'(["\\])', rb"\\\1", line)
        inside = inside.replace(b"\t", b"\\t").replace(b"a", b"\\141")
        line = b'"' + inside + rng.choice([b'"', b'"', b'"', b'\\q"', b""])
    return rng.choice([b"", b"", b" "]) + line


def attribute_file(rng, paths):
    text = rng.choice([b"", b"", b"", b"\n", b"#x\n"])
    for _ in range(rng.randrange(1, 8)):
        text += attribute_line(rng, paths)
        for _ in range(rng.randrange(1, 4)):
            text += rng.choice([b" ", b"  ", b"\t"]) + rng.choice(
                [b"x", b"x", b"x", b"-x", b"!x", b"x=1", b"m", b"n", b"-m",
                 b"!n", b"y", b"!y=1", b"-x=y"] + [b"x+y", b"=", b"--x"] *
                (rng.random() < 0.2))
        text += rng.choice([b"\n", b"\n", b"\r\n", b" \n"])
        if rng.random() < 0.02:
            text += b"*" + b" " * rng.randrange(2040, 2050) + b"x\n\0"
    return text


def ask_attributes(paths, ruled):
    """As git archive does: from an index, and directories end in a slash."""
    subprocess.run(["git", "read-tree", "--empty"], check=True)
    subprocess.run(["git", "add", "-f", "--"] +
                   [d + b".gitattributes" for d in ruled], check=True,
                   stderr=subprocess.DEVNULL)
    out = subprocess.run(["git", "check-attr", "--cached", "-z", "--stdin",
                          "x"], input=b"".join(p + b"\0" for p in paths),
                         check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL).stdout.split(b"\0")[:-1]
    return [int(value == b"set") for value in out[2::3]]


def ask_git(paths):
    asked = b"".join(p.rstrip(b"/") + b"\0" for p in paths)
    out = subprocess.run(["git", "check-ignore", "--no-index", "-v", "-n",
                          "-z", "--stdin"], input=asked, check=False,
                         stdout=subprocess.PIPE).stdout.split(b"\0")[:-1]
    return [p != b"" and not p.startswith(b"!") for p in out[2::4]]


def ask_probe(probe, dirs, paths):
    asked = b"".join(p + b"\0" for p in paths)
    out = subprocess.run(probe + [d.rstrip(b"/") for d in dirs],
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
    seed, cases, probe, where, *of_attributes = sys.argv[1:]
    probe = [probe, "-a", "x"] if of_attributes else [probe]
    file = b".gitattributes" if of_attributes else b".gitignore"
    rng = random.Random(int(seed))
    os.chdir(where)
    dirs, paths = make_tree(rng)
    bad = hits = 0
    for case in range(int(cases)):
        ruled = {b""} | set(rng.sample(dirs[1:], rng.randrange(4)))
        ruled |= {d[:d.index(b"/") + 1] for d in ruled if rng.random() < 0.5
                  and b"/" in d}
        ruled = sorted(ruled)
        rng.shuffle(ruled)
        make = attribute_file if of_attributes else make_file
        files = {d: make(rng, paths) for d in ruled}
        for name, text in files.items():
            with open(name + file, "wb") as out:
                out.write(text)
        git = ask_attributes(paths, ruled) if of_attributes else \
            list(wanted(paths, ask_git(paths)))
        ours = ask_probe(probe, ruled, paths)
        for path, want, got in zip(paths, git, ours):
            hits += want > 0
            if want != got and bad < 20:
                bad += 1
                print("case %d: %r is %d, not %d: %r" %
                      (case, path, want, got, files))
        for name in files:
            os.unlink(name + file)
    print("%s cases, %d paths, %d hits" % (cases, len(paths), hits))
    return bad > 0 or hits < int(cases) * len(paths) // 100


sys.exit(main())
