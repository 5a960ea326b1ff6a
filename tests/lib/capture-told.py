#!/usr/bin/python3
"""capture-told.py <rows> <json>: does the document of git serversync --json
tell each change as capture_expect (lib-capture.sh) has it, and no other?"""
import json
import re
import sys

ESCAPES = {'n': b'\n', 't': b'\t', 'r': b'\r', '"': b'"', '\\': b'\\'}


def unquoted(name):
    """Undoes git's quoting; what is no UTF-8 is as in the document."""
    if not name.startswith('"'):
        return name
    out = b''
    for octal, short, plain in re.findall(
            r'\\([0-7]{3})|\\(.)|([^\\])', name[1:-1]):
        out += (bytes([int(octal, 8)]) if octal else
                ESCAPES[short] if short else plain.encode())
    try:
        return out.decode()
    except UnicodeDecodeError:
        return ''.join(chr(c) if c < 128 else '\ufffd' for c in out)


def differences(rows, doc):
    files = {f['path']: f for f in doc['files']}
    ignored = {i['path'] for i in doc['ignored']}
    for status, kind, fate, path in rows:
        if fate == 'ignored':
            if path not in ignored:
                yield f'{path}: not told to be ignored'
            ignored.discard(path)
            continue
        told = files.pop(path, None)
        if not told:
            yield f'{path}: not told'
            continue
        if told['taken'] != (fate == 'taken'):
            yield f'{path}: taken is {told["taken"]} ({told["why"]})'
        for what, want in (('status', status), ('class', kind)):
            if want not in ('-', told[what]):
                yield (f'{path}: {what} is {told[what]}, not {want} '
                       f'({told["why"]})')
        if fate == 'listed' and status != 'D' and not told['why']:
            yield f'{path}: not taken, and no word why'
    for path, told in files.items():
        yield f'{path!r} is told, {told["status"]} {told["class"]}'
    for path in ignored:
        yield f'{path!r} is told to be ignored'
    if doc['unknown']:
        yield f'unknown: {doc["unknown"]}'


def main():
    with open(sys.argv[1], encoding='utf-8') as f:
        rows = [line.rstrip('\n').split('\t') for line in f]
    for row in rows:
        row[3] = unquoted(row[3])
    with open(sys.argv[2], encoding='utf-8') as f:
        found = list(differences(rows, json.load(f)))
    print('\n'.join(found))
    return bool(found)


if __name__ == '__main__':
    sys.exit(main())
