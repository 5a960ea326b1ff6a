#!/usr/bin/env python3
"""openapi-cut.py <path>... <in >out: an OpenAPI description with these paths
only and what they refer to, so that a tool that reads it starts fast."""

import json
import sys


def refs(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from refs(value)


def main():
    whole = json.load(sys.stdin)
    cut = {key: value for key, value in whole.items()
           if key in ("openapi", "info", "servers")}
    cut["paths"] = {path: whole["paths"][path] for path in sys.argv[1:]}
    cut["components"] = {}
    todo = list(refs(cut["paths"]))
    while todo:
        _, _, kind, name = todo.pop().split("/")
        there = cut["components"].setdefault(kind, {})
        if name not in there:
            there[name] = whole["components"][kind][name]
            todo += refs(there[name])
    json.dump(cut, sys.stdout, indent=1, sort_keys=True)


main()
