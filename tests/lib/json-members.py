#!/usr/bin/env python3
"""json-members.py <page> <words> <document>...: whether ".Sh JSON" of a manual
names the members that the documents have, and no others. <words> is the line
in front of the list that describes them. A member that is an object, or a list
of objects, has its own members named in its description."""

import json
import re
import sys


def described(page, words):
    """{member: words of its description that are set as members}"""
    found, names, on = {}, [], False
    lines = open(page, encoding="utf-8").read().split(".Sh JSON\n")[1]
    lines = lines.split("\n.Sh ")[0].split("\n")
    for line in lines:
        if line == words:
            on = True
        elif not on:
            continue
        elif line == ".El":
            break
        elif line.startswith(".It Cm "):
            names = [w for w in line.split()[2:] if w not in (",", "Cm")]
            found.update({name: set() for name in names})
        elif line.startswith(".Cm "):
            for name in names:
                found[name] |= set(re.findall("[a-z_]+", line[4:]))
    return found


def objects(value):
    some = value if isinstance(value, list) else [value]
    return [one for one in some if isinstance(one, dict)]


def main():
    want = described(sys.argv[1], sys.argv[2])
    seen = {}
    for name in sys.argv[3:]:
        with open(name, encoding="utf-8") as f:
            document = json.load(f)
        if set(document) != set(want):
            sys.exit(f"{name}: {sorted(set(document) ^ set(want))}")
        for member, value in document.items():
            for one in objects(value):
                seen.setdefault(member, set()).update(one)
    for member, names in seen.items():
        # Two lists that are described at once may each have one of their own.
        if not names <= want[member]:
            sys.exit(f"{member}: not described: {sorted(names - want[member])}")
    all_seen = set().union(*seen.values()) if seen else set()
    for member in seen:
        if not want[member] <= all_seen:
            sys.exit(f"{member}: not there: {sorted(want[member] - all_seen)}")


main()
