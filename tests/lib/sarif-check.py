#!/usr/bin/env python3
"""sarif-check.py <file>: is it SARIF 2.1.0, and what does it say?

Checks what the standard's schema requires of the objects that we write: which
properties must be there, which may, and of which kind. Prints one line for
each result: rule, level, path, first line, last line, message."""

import json
import sys
from urllib.parse import unquote, urlparse

# Of each object: required and optional properties with their kinds.
SHAPES = {
    'log': ({'version': str, 'runs': list}, {'$schema': str}),
    'run': ({'tool': dict},
            {'results': list, 'originalUriBaseIds': dict}),
    'tool': ({'driver': dict}, {}),
    'driver': ({'name': str}, {'version': str, 'rules': list}),
    'rule': ({'id': str},
             {'shortDescription': dict, 'defaultConfiguration': dict}),
    'text': ({'text': str}, {}),
    'configuration': ({}, {'level': str}),
    'result': ({'message': dict},
               {'ruleId': str, 'ruleIndex': int, 'level': str,
                'locations': list}),
    'location': ({}, {'physicalLocation': dict}),
    'place': ({}, {'artifactLocation': dict, 'region': dict}),
    'artifact': ({}, {'uri': str, 'uriBaseId': str, 'description': dict}),
    'region': ({}, {'startLine': int, 'endLine': int}),
}
LEVELS = ('none', 'note', 'warning', 'error')


def shape(name, value):
    required, optional = SHAPES[name]
    for key, kind in required.items():
        assert isinstance(value[key], kind), (name, key)
    for key, content in value.items():
        kind = {**required, **optional}[key]
        assert type(content) is kind, (name, key)
    return value


def rule_of(run, result):
    rule = run['tool']['driver']['rules'][result['ruleIndex']]
    assert rule['id'] == result['ruleId']
    assert result['level'] in LEVELS
    return rule


def place_of(run, result):
    assert len(result['locations']) == 1
    place = shape('location', result['locations'][0])['physicalLocation']
    artifact = shape('place', place)['artifactLocation']
    uri = urlparse(shape('artifact', artifact)['uri'])
    assert not (uri.scheme or uri.netloc or uri.query or uri.fragment)
    assert artifact['uriBaseId'] in run['originalUriBaseIds']
    region = shape('region', place.get('region', {}))
    if region:
        assert 1 <= region['startLine'] <= region['endLine']
    return unquote(uri.path), region.get('startLine'), region.get('endLine')


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        log = shape('log', json.load(file))
    assert log['version'] == '2.1.0' and len(log['runs']) == 1
    run = shape('run', log['runs'][0])
    driver = shape('driver', shape('tool', run['tool'])['driver'])
    ids = [shape('rule', rule)['id'] for rule in driver['rules']]
    assert len(ids) == len(set(ids))
    for rule in driver['rules']:
        shape('text', rule['shortDescription'])
        assert shape('configuration',
                     rule['defaultConfiguration'])['level'] in LEVELS
    for base in run['originalUriBaseIds'].values():
        shape('artifact', base)
    for result in run['results']:
        shape('result', result)
        rule_of(run, result)
        path, first, last = place_of(run, result)
        print(result['ruleId'], result['level'], path, first, last,
              shape('text', result['message'])['text'])


main()
