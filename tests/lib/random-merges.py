#!/usr/bin/env python3
"""random-merges.py <seed> <count>: writes a fast-import stream.

For each i it makes the commits refs/heads/base-<i>, ours-<i> and theirs-<i>,
both made from the base by a few edits of every kind: lines changed at places
that may meet, files added, deleted, moved with or without a change, made
executable, made a link, and directories where the other side has a file.
"""
import random
import sys

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split()


def text(rnd, lines):
    return [" ".join(rnd.choices(WORDS, k=4)) + " %d" % rnd.randrange(10 ** 6)
            for _ in range(lines)]


def base_tree(rnd):
    tree = {}
    for i in range(rnd.randrange(4, 12)):
        folder = rnd.choice(["", "app/", "app/models/", "lib/"])
        tree[folder + "file%d.php" % i] = ("100644",
                                           text(rnd, rnd.randrange(1, 60)))
    return tree


def change(rnd, lines):
    lines = list(lines)
    for _ in range(rnd.randrange(1, 4)):
        at = rnd.randrange(len(lines) + 1)
        what = rnd.randrange(3)
        if what == 0:
            lines[at:at] = text(rnd, rnd.randrange(1, 4))
        elif what == 1:
            del lines[at:at + rnd.randrange(1, 4)]
        elif at < len(lines):
            lines[at] = rnd.choice(WORDS)
    return lines


def edit(rnd, tree, who):
    tree = dict(tree)
    for _ in range(rnd.randrange(1, 8)):
        path = rnd.choice(sorted(tree)) if tree else None
        what = rnd.randrange(12)
        if path is None or what == 0:
            tree["new%d" % rnd.randrange(4)] = ("100644", text(rnd, 3))
            continue
        mode, lines = tree[path]
        if what == 1:
            del tree[path]
        elif what == 2 and mode != "120000":
            tree[path] = ("100755", lines)
        elif what == 3 and rnd.randrange(4) == 0:
            tree[path] = ("120000", ["target-%s" % rnd.randrange(3)])
        elif what == 4:
            name = "moved/%s-%d" % (path.split("/")[-1], rnd.randrange(2))
            tree[name] = tree.pop(path)
            if rnd.randrange(2) and mode != "120000":
                tree[name] = (mode, change(rnd, lines))
        elif mode != "120000":
            tree[path] = (mode, change(rnd, lines))
    return tree


def write(out, tree, ref, parent, mark):
    out.write(b"commit refs/heads/%s\nmark :%d\n" % (ref.encode(), mark))
    out.write(b"committer A U Thor <author@example.com> 1755680400 +0000\n")
    out.write(b"data 2\nx\n")
    if parent:
        out.write(b"from :%d\n" % parent)
    out.write(b"deleteall\n")
    for path, (mode, lines) in sorted(tree.items()):
        end = "" if mode == "120000" else "\n"
        data = ("\n".join(lines) + end if lines else "").encode()
        out.write(b"M %s inline %s\ndata %d\n%s\n"
                  % (mode.encode(), path.encode(), len(data), data))
    out.write(b"\n")


def main():
    rnd = random.Random(int(sys.argv[1]))
    out = sys.stdout.buffer
    for i in range(int(sys.argv[2])):
        tree = base_tree(rnd)
        write(out, tree, "base-%d" % i, None, 3 * i + 1)
        write(out, edit(rnd, tree, "ours"), "ours-%d" % i, 3 * i + 1, 3 * i + 2)
        write(out, edit(rnd, tree, "theirs"), "theirs-%d" % i, 3 * i + 1,
              3 * i + 3)


main()
