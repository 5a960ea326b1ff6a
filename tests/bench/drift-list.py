#!/usr/bin/env python3
"""git drift beside git itself, in CPU time and wall time.

    tests/bench/drift-list.py                a vendor's application, made here
    tests/bench/drift-list.py <git directory> <baseline> <commit>

Rows: the list alone against "git diff --name-status --no-renames" (at most
25 ms more, most of which is libgit2 starting), and against the playbook's
pipeline: two "git diff --name-status" with a filter behind the second (50
times faster where renames make that slow). The list of ours must be git's,
byte for byte. Times are medians of ROUNDS runs, each with its children."""

import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = int(os.environ.get('BENCH_ROUNDS', '11'))
TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get('GIT_RELEASE_BUILD', os.path.join(TOP, 'build'))
PIPELINE = r'''
git diff --name-status "$1..$2" >"$3"
git diff --name-status "$1..$2" | awk '$1 ~ /^M/ {print $2}' |
	grep -vE '^(packages/Modules/|resources/ours/|Admin-Local/)' >"$3.m" ||
	echo "  (none)" >"$3.m"
'''


def made(path):
    """A vendor's 6,000 files; 3,000 commits on top that edit, add and move."""
    rng = random.Random(1)
    files = {f'src/{i % 60}/{i % 7}/File{i}.php': [
        f'line {rng.randrange(400)} of {i}' for _ in range(rng.randint(20, 150))]
        for i in range(6000)}
    subprocess.check_call(['git', 'init', '-q', '--bare', path])
    load = subprocess.Popen(['git', '--git-dir', path, 'fast-import',
                             '--quiet'], stdin=subprocess.PIPE)
    put = lambda text: load.stdin.write(text.encode())

    def commit(number, changes):
        put(f'commit refs/heads/main\ncommitter C <c@example.com> {number} '
            '+0000\ndata 1\nx\n')
        for name in changes:
            if name in files:
                text = '\n'.join(files[name]) + '\n'
                put(f'M 644 inline {name}\ndata {len(text)}\n{text}\n')
            else:
                put(f'D {name}\n')
        put('\n')

    commit(1, sorted(files))
    put('reset refs/tags/author-v5.2.1\nfrom refs/heads/main\n\n')
    for number in range(2, 3002):
        name = rng.choice(sorted(files)) if number % 50 == 2 else \
            names[rng.randrange(len(names))]
        names = sorted(files) if number % 50 == 2 else names
        if name not in files:
            continue
        lines = files[name]
        lines[rng.randrange(len(lines))] = f'ours {number}'
        changes = [name]
        if number % 4 == 0:
            changes.append(name.replace('src/', 'app/', 1))
            files[changes[1]] = files.pop(name)
        commit(number, changes)
    load.stdin.close()
    assert load.wait() == 0
    subprocess.check_call(['git', '--git-dir', path, 'symbolic-ref', 'HEAD',
                           'refs/heads/main'])
    subprocess.check_call(['git', '--git-dir', path, 'gc', '-q'])


def measure(argv, env):
    """(CPU, wall) in ms: the median of each."""
    cpu, wall = [], []
    for _ in range(ROUNDS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begun = time.monotonic()
        subprocess.check_call(argv, env=env, stdout=subprocess.DEVNULL)
        wall.append((time.monotonic() - begun) * 1000)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append((after.ru_utime + after.ru_stime - before.ru_utime -
                    before.ru_stime) * 1000)
    return statistics.median(cpu[1:]), statistics.median(wall[1:])


def main():
    with tempfile.TemporaryDirectory() as scratch:
        if len(sys.argv) > 1:
            repo, old, new = sys.argv[1:4]
        else:
            repo, old, new = os.path.join(scratch, 'app.git'), \
                'author-v5.2.1', 'HEAD'
            made(repo)
        env = dict(os.environ, GIT_DIR=os.path.abspath(repo), LC_ALL='C',
                   PATH=f'{BUILD}/bin:{os.environ["PATH"]}')
        plain = ['git', 'diff', '--name-status', '--no-renames', old, new]
        ours = ['git', 'drift', '-q', old, new]
        out = [subprocess.check_output(a, env=env) for a in (plain, ours)]
        assert out[0] == out[1], 'the two lists are not the same'
        kinds = [line[:1] for line in out[0].splitlines()]
        print(f'{len(kinds)} files differ: '
              f'{kinds.count(b"A")} A, {kinds.count(b"M")} M, '
              f'{kinds.count(b"D")} D; median of {ROUNDS} runs')
        rows = [('git diff --no-renames', plain), ('git drift', ours),
                ('git drift, its own baseline', ['git', 'drift', '-q']),
                ('git drift --stat', ours + ['--stat']),
                ('the pipeline', ['sh', '-c', PIPELINE, 'sh', old, new,
                                  os.path.join(scratch, 'list')])]
        if len(sys.argv) > 1:
            del rows[2]
        got = {}
        print(f'{"":30}{"CPU ms":>10}{"wall ms":>10}')
        for name, argv in rows:
            got[name] = measure(argv, env)
            print(f'{name:30}{got[name][0]:10.1f}{got[name][1]:10.1f}')
        git, drift, pipe = (got[n] for n in ('git diff --no-renames',
                                             'git drift', 'the pipeline'))
        print(f'more than git diff: {drift[0] - git[0]:.1f} ms CPU, '
              f'{drift[1] - git[1]:.1f} ms wall (25 allowed)')
        print(f'faster than the pipeline: {pipe[0] / drift[0]:.0f} times in '
              f'CPU, {pipe[1] / drift[1]:.0f} times on the clock')
        sys.exit(drift[0] - git[0] > 25)


main()
