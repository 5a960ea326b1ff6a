#!/usr/bin/python3
"""Medians, ratios and limits. Also: verdict.py <results.jsonl>"""
import json
import statistics
import sys

MIB = 1 << 20
TIMED = ('rounds', 'branches', 'capture')


class Missing(Exception):
    """Says why a figure is not there."""


class Results:
    def __init__(self, rows):
        self.rows = rows

    def find(self, part, **want):
        part = [r for r in self.rows if r['part'] == part]
        rows = [r for r in part
                if all(r.get(k) == v for k, v in want.items())]
        if rows and not any('why' in r for r in rows):
            return rows
        # Of what was asked for, else of what it stands on.
        for r in rows + [r for r in part if r['what'] == want.get('what')]:
            if 'why' in r:
                raise Missing(' '.join(r['why'].split()))
        raise Missing('not run')

    def median(self, figure, part, **want):
        return statistics.median(r[figure]
                                 for r in self.find(part, **want))

    def release(self, figure, tool, version, link='wan'):
        return self.median(figure, 'rounds', what=tool, action='release',
                           version=version, link=link)

    def login(self, link='wan'):
        return self.median('wall', 'rounds', what='true', action='login',
                           link=link)


def released(figure, version, peer, link='wan'):
    return lambda r: (r.release(figure, 'ours', version, link),
                      r.release(figure, peer, version, link))


def against_login(action, version, link='wan'):
    return lambda r: (r.median('wall', 'rounds', what='ours',
                               action=action, version=version, link=link),
                      r.login(link))


def delta(version, link='fast'):
    return lambda r: tuple(r.median(k, 'delta', version=version, link=link)
                           for k in ('sent', 'thin'))


def turn_count(action):
    return lambda r: (r.median('turns', 'turns', what='turns',
                               action=action), 1)


def single_connection(r):
    return max(x['connections'] for x in r.find('turns', what='turns')
               if x['action'] != 'login'), 1


def recycled(figure):
    def get(r):
        if not all(x['recycled'] for x in r.find('recycle', what='recycle')):
            raise Missing('a release was copied, not recycled')
        return tuple(r.median(figure, 'recycle', what='recycle', app=app)
                     for app in ('big', 'small'))
    return get


def peak(who):
    def get(r):
        rows = r.find('memory', what='ours')
        if who not in rows[0]['memory']:
            raise Missing(f'no {who} was seen')
        return rows[0]['memory'][who] * 1024, MIB
    return get


def branches(action, peer, link='wan'):
    return lambda r: tuple(r.median('wall', 'branches', what=tool,
                                    action=action, link=link)
                           for tool in ('ours', peer))


def branch_logins(r):
    return max(x['logins'] for x in r.find('branches', what='ours')), 1


def captured(action, peer, work):
    """The time it takes us beside a peer's work."""
    return lambda r: (r.median('wall', 'capture', what='ours', action=action),
                      r.median('wall', 'capture', what=peer, action=work))


def capture_logins(r):
    return max(x['logins'] for x in r.find('capture', what='ours')), 1


def contents_read(r):
    return max(x['read'] for x in r.find('capture', what='report')), 1


def agent_size(r):
    return r.median('size', 'size'), MIB


def agent_once(r):
    return (r.release('sent', 'ours', 'v2'),
            r.median('packed', 'size'))


def drift(ours, theirs, more=0.0):
    """more: seconds that ours may take longer; libgit2 needs some to start."""
    return lambda r: (r.median('wall', 'drift', what=ours),
                      r.median('wall', 'drift', what=theirs) + more)


DRIFT_LIMITS = [
    ('drift, of git diff --name-status and 25 ms', 1.0,
     drift('list', 'git diff', 0.025), 's'),
    ('drift predict, of git merge-tree and 50 ms', 1.0,
     drift('predict', 'merge-tree', 0.05), 's'),
    ('drift check, 2,000 changes, of git show for each', 0.05,
     drift('check', 'show'), 's'),
]

# What, limit of the ratio, how to get both figures, unit.
LIMITS = [
    ('v1..v2, 50 ms: time, of git push', 0.45,
     released('wall', 'v2', 'gitpush'), 's'),
    ('v1..v2, 50 ms: time, of rsync', 0.3,
     released('wall', 'v2', 'rsync'), 's'),
    ('v1..v2, 50 ms: time, of ssh true', 1.8,
     against_login('release', 'v2'), 's'),
    ('v1..v2: bytes sent, of git push', 1.0,
     released('sent', 'v2', 'gitpush'), 'B'),
    ('v2..v3, 50 ms: time, of git push', 0.45,
     released('wall', 'v3', 'gitpush'), 's'),
    ('v2..v3, 50 ms: time, of rsync', 0.3,
     released('wall', 'v3', 'rsync'), 's'),
    ('v2..v3: bytes sent, of git push', 1.0,
     released('sent', 'v3', 'gitpush'), 'B'),
    ('delta v1..v2, of the thin pack', 0.6, delta('v1..v2'), 'B'),
    ('delta v2..v3, of the thin pack', 0.7, delta('v2..v3'), 'B'),
    ('first release, 50 ms: time, of tar|zstd|ssh', 1.0,
     released('wall', 'v1', 'tarzstd'), 's'),
    ('first release, 0 ms: time, of tar|zstd|ssh', 1.0,
     released('wall', 'v1', 'tarzstd', 'lan'), 's'),
    ('rollback, 50 ms: time, of ssh true', 1.3,
     against_login('rollback', ''), 's'),
    ('release: round trips after login', 5, turn_count('release'), ''),
    ('rollback: round trips after login', 3, turn_count('rollback'), ''),
    ('connections of one command', 1, single_connection, ''),
    ('release, recycled, 30,000 of 3,000 files', 2.0, recycled('wall'), 's'),
    ('server CPU for that, mostly one lstat for each', 2.0,
     recycled('server'), 's'),
    ('client memory, large file, MiB', 96, peak('client'), 'M'),
    ('agent memory, large file, MiB', 96, peak('agent'), 'M'),
    ('agent program, MiB', 2, agent_size, 'M'),
    ('branches, 50 ms: time, of the loop', 0.35,
     branches('branches', 'loop'), 's'),
    ('branches: logins', 1, branch_logins, ''),
    ('10,000 refs, 50 ms: time, of git fetch', 2.0,
     branches('history', 'fetch'), 's'),
    ('10,000 refs, 0 ms: time, of git fetch', 2.0,
     branches('history', 'fetch', 'lan'), 's'),
    ('capture, 50 ms: time, of git status and tar', 0.55,
     captured('capture', 'gitstatus', 'capture'), 's'),
    ('capture, 50 ms: time, of rsync -rcn and fetch', 0.4,
     captured('capture', 'rsync', 'capture'), 's'),
    ('capture, once more: time, of ssh true', 1.5,
     captured('capture again', 'true', 'login'), 's'),
    ('nothing edited, once more: time, of ssh true', 1.5,
     captured('unedited again', 'true', 'login'), 's'),
    ('once more: files on the server read', 0, contents_read, ''),
    ('capture: logins', 1, capture_logins, ''),
    ('agent sent once: v1..v2, of the agent packed', 1.0, agent_once, 'B'),
] + DRIFT_LIMITS


def amount(value, unit):
    if unit == 's':
        return f'{value:.3f} s'
    if unit == 'B' and value >= 10240:
        return f'{value / 1024:.1f} KiB'
    if unit == 'M':
        return f'{value / MIB:.1f} MiB'
    return f'{value:.0f}'


def show_medians(r):
    groups = {}
    for row in r.rows:
        if row['part'] in TIMED and 'wall' in row and 'why' not in row:
            key = (row['action'], row['version'], row['link'], row['what'])
            groups.setdefault(key, []).append(row)
    print(f'\n{"":36} {"n":>3} {"median s":>9} {"range":>15} '
          f'{"sent KiB":>9} {"recv KiB":>9} {"logins":>6} {"execs":>5}')
    for key, rows in sorted(groups.items()):
        def mid(name, rows=rows):
            return statistics.median(x[name] for x in rows)
        walls = [x['wall'] for x in rows]
        name = ' '.join(filter(None, key))
        span = f'{min(walls):.3f}-{max(walls):.3f}'
        print(f'{name:36} {len(rows):3} {mid("wall"):9.3f} {span:>15} '
              f'{mid("sent") / 1024:9.1f} {mid("received") / 1024:9.1f} '
              f'{mid("logins"):6.0f} {mid("execs"):5.0f}')


def show_limits(r, limits):
    failed = 0
    print(f'\n{"":49} {"ours":>11} {"theirs":>11} {"ratio":>7} {"limit":>6}')
    for name, limit, figures, unit in limits:
        try:
            ours, theirs = figures(r)
        except Missing as why:
            failed += 1
            print(f'{name:49} not measured: {why}  FAIL')
            continue
        ratio = ours / theirs
        good = ratio <= limit
        failed += not good
        other = '' if theirs in (1, MIB) else amount(theirs, unit)
        print(f'{name:49} {amount(ours, unit):>11} {other:>11} '
              f'{ratio:7.3f} {limit:6} {"PASS" if good else "FAIL"}')
    return failed


def show_noise(r):
    try:
        walls = [x['wall'] for x in r.find('rounds', what='true', link='wan')]
    except Missing:
        return
    spread = (max(walls) - min(walls)) / statistics.median(walls)
    print(f'\nnoise: {len(walls)} logins at 50 ms spread over '
          f'{spread:.0%} of their median')


def show(rows):
    r = Results(rows)
    show_medians(r)
    failed = show_limits(r, LIMITS)
    show_noise(r)
    print(f'{len(LIMITS) - failed} of {len(LIMITS)} limits kept')
    return 1 if failed else 0


if __name__ == '__main__':
    with open(sys.argv[1], encoding='utf-8') as results:
        sys.exit(show([json.loads(line) for line in results]))
