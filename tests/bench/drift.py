#!/usr/bin/python3
"""git drift beside what its users run today. A part of "make bench", and by
itself (no root, no network): GIT_RELEASE_BUILD=build tests/bench/drift.py"""
import os
import random
import shutil
import subprocess
import sys
import time

FILES, CHANGED = 8000, 2000
ROUNDS = 2 if os.environ.get('BENCH_QUICK') else 5
BUILD = os.path.abspath(os.environ.get('GIT_RELEASE_BUILD')
                        or os.environ.get('BUILD', 'build'))


def path_of(nr):
    return f'app/Module{nr % 80}/File{nr}.php'


def words(rng):
    """As many as an application has names, so that files are not alike."""
    return [bytes(rng.choices(b'abcdefghijklmnopqrstuvwxyz_$', k=9))
            for _ in range(5000)]


def lines_of(rng, names):
    return [b'    ' * (n % 4) + b' '.join(rng.choices(names, k=4)) + b'\n'
            for n in range(rng.randint(40, 400))]


def edited(nr, lines):
    """A third with markers, a third to be recorded, a third neither."""
    if nr % 3 == 0:
        mark = f'MOD-{nr:04}'.encode()
        return (lines[:20] + [b'// ZAJ:BEGIN ' + mark + b'\n', b'ours();\n',
                              b'// ZAJ:END ' + mark + b'\n'] + lines[22:])
    return lines[:20] + [b'ours();\n'] + lines[21:]


def table():
    rows = [f'| MOD-{nr:04} | `{path_of(nr)}` | why | what | 2026-01-01 |\n'
            for nr in range(1, CHANGED, 3)]
    return ('| ID | File | Problem | Impact | First added |\n'
            '|----|------|---------|--------|-------------|\n'
            + ''.join(rows)).encode()


def stream():
    """Two commits for git fast-import."""
    rng = random.Random(1)
    names = words(rng)
    vendor = [lines_of(rng, names) for _ in range(FILES)]
    ours = [(path_of(nr), b''.join(edited(nr, vendor[nr])))
            for nr in range(CHANGED)]
    first = [(path_of(nr), b''.join(vendor[nr])) for nr in range(FILES)]
    for when, files in ((1, first), (2, ours + [('_CUSTOMIZATIONS.md',
                                                 table())])):
        yield (b'commit refs/heads/main\ncommitter A <a@example.com> '
               b'%d +0000\ndata 1\nx\n' % when)
        for path, data in files:
            yield b'M 100644 inline %s\ndata %d\n%s\n' % (
                path.encode(), len(data), data)
        if when == 1:
            yield b'reset refs/tags/author-v1.0.0\nfrom refs/heads/main\n\n'


class Repository:
    def __init__(self, where):
        shutil.rmtree(where, ignore_errors=True)
        os.makedirs(where)
        self.where = where
        self.env = {'PATH': f'{BUILD}/bin:/usr/local/bin:/usr/bin:/bin',
                    'HOME': where, 'LC_ALL': 'C.UTF-8',
                    'GIT_CEILING_DIRECTORIES': os.path.dirname(where),
                    'GIT_CONFIG_NOSYSTEM': '1'}
        self.run('git init -q --bare -b main repo.git')
        subprocess.run(['git', '-C', 'repo.git', 'fast-import', '--quiet'],
                       input=b''.join(stream()), cwd=where, env=self.env,
                       check=True)
        self.run('git -C repo.git repack -adq; git -C repo.git diff -z '
                 '--name-only --diff-filter=M author-v1.0.0 main >changed')

    def run(self, script):
        done = subprocess.run(['bash', '-c', script], cwd=self.where,
                              env=self.env, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
        return done.returncode, done.stdout

    def time(self, script):
        start = time.monotonic()
        status, said = self.run(script)
        return time.monotonic() - start, status, said


def drift(bench):
    """Is every change explained, beside looking at each changed file."""
    repo = Repository(f'{BUILD}/bench/drift')
    for _ in range(ROUNDS):
        wall, status, said = repo.time('git -C repo.git drift check -z')
        told = said.count(b'error unrecorded ')
        if status != 1 or told != CHANGED // 3:
            return bench.failed('check', f'exit {status}, {told} findings')
        bench.note(what='check', wall=wall)
        wall, status, _ = repo.time(
            'while IFS= read -rd "" path; do git -C repo.git show '
            '"main:$path" >file || exit; done <changed')
        if status:
            return bench.failed('show', f'exit {status}')
        bench.note(what='show', wall=wall)
    shutil.rmtree(repo.where)
    return None


def main():
    # Here, as verdict.py and measure.py belong to the whole bench.
    import verdict
    from measure import Bench
    os.makedirs(f'{BUILD}/bench', exist_ok=True)
    bench = Bench(f'{BUILD}/bench/drift.jsonl')
    bench.part = 'drift'
    drift(bench)
    return verdict.show_limits(verdict.Results(bench.rows),
                               verdict.DRIFT_LIMITS) > 0


if __name__ == '__main__':
    sys.exit(main())
