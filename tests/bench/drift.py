#!/usr/bin/python3
"""git drift beside what its users run today. A part of "make bench", and by
itself, without root: GIT_RELEASE_BUILD=build tests/bench/drift.py"""
import os
import shutil
import subprocess
import sys
import time

CHANGED = 2000
ROUNDS = 2 if os.environ.get('BENCH_QUICK') else 5
BUILD = os.path.abspath(os.environ.get('GIT_RELEASE_BUILD')
                        or os.environ.get('BUILD', 'build'))
HERE = os.path.dirname(os.path.abspath(__file__))
LIST = 'git -C repo.git diff --name-status --no-renames author-v1.0.0 HEAD'
MERGE = 'git -C repo.git merge-tree --write-tree HEAD v3'


def edited(nr, text):
    """A third with markers, a third to be recorded, a third neither."""
    lines = text.splitlines(True)
    if nr % 3 == 0:
        mark = b'MOD-%04d' % nr
        return (lines[:20] + [b'// ZAJ:BEGIN ' + mark + b'\n', b'ours();\n',
                              b'// ZAJ:END ' + mark + b'\n'] + lines[22:])
    return lines[:20] + [b'ours();\n'] + lines[21:]


def table(paths):
    rows = [f'| MOD-{nr:04} | `{path}` | why | what | 2026-01-01 |\n'
            for nr, path in enumerate(paths) if nr % 3 == 1]
    return ('| ID | File | Problem | Impact | First added |\n'
            '|----|------|---------|--------|-------------|\n'
            + ''.join(rows)).encode()


class Repository:
    """The application, with 2,000 of its PHP and JavaScript files edited."""

    def __init__(self, where):
        shutil.rmtree(where, ignore_errors=True)
        os.makedirs(where)
        self.where = where
        self.env = {'PATH': f'{BUILD}/bin:/usr/local/bin:/usr/bin:/bin',
                    'HOME': where, 'LC_ALL': 'C.UTF-8',
                    'GIT_CEILING_DIRECTORIES': os.path.dirname(where),
                    'GIT_CONFIG_NOSYSTEM': '1'}
        self.run('git clone -q --bare ../app.git repo.git && cd repo.git && '
                 'git tag author-v1.0.0 v1 && git update-ref HEAD v1^{commit}')
        files = self.vendor_files()
        subprocess.run(['git', '-C', 'repo.git', 'fast-import', '--quiet',
                        '--force'], input=b''.join(self.stream(files)),
                       cwd=where, env=self.env, check=True)
        self.run('cd repo.git && git repack -adq && git diff -z --name-only '
                 '--diff-filter=M author-v1.0.0 HEAD >../changed')

    def vendor_files(self):
        """The first ones of 30 lines or more: path and content."""
        _, names = self.run('git -C repo.git ls-tree -rz v1 | '
                            "grep -zE '^100644.*[.](php|js|ts)$'")
        for path in names.decode().split('\0')[:-1]:
            path = path.split('\t', 1)[1]
            _, text = self.run('git -C repo.git show "v1:$path"', path=path)
            if text.count(b'\n') >= 30:
                yield path, text

    def stream(self, files):
        """A commit for git fast-import."""
        paths = []
        _, branch = self.run('git -C repo.git symbolic-ref HEAD')
        yield (b'commit ' + branch + b'committer A <a@example.com> 1800000000 '
               b'+0000\ndata 1\nx\nfrom refs/tags/author-v1.0.0^0\n')
        for nr, (path, text) in enumerate(files):
            paths.append(path)
            yield self.file(path, b''.join(edited(nr, text)))
            if len(paths) == CHANGED:
                break
        yield self.file('_CUSTOMIZATIONS.md', table(paths))

    @staticmethod
    def file(path, data):
        return b'M 100644 inline %s\ndata %d\n%s\n' % (path.encode(),
                                                       len(data), data)

    def run(self, script, **env):
        done = subprocess.run(['bash', '-c', script], cwd=self.where,
                              env={**self.env, **env}, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
        return done.returncode, done.stdout

    def time(self, script):
        start = time.monotonic()
        status, said = self.run(script)
        return time.monotonic() - start, status, said


def against(bench, repo, ours, theirs):
    """Both in turn, so that what else the machine does hits both alike."""
    for _ in range(ROUNDS):
        for what, script, status, good in (ours, theirs):
            wall, got, said = repo.time(script)
            if got != status or not good(said):
                bench.failed(what, f'exit {got}, {len(said)} bytes')
                return
            bench.note(what=what, wall=wall)


def drift(bench):
    """Each command beside what does the same work by hand."""
    repo = Repository(f'{BUILD}/bench/drift')
    _, plain = repo.run(LIST)
    against(bench, repo,
            ('list', 'git -C repo.git drift -q author-v1.0.0 HEAD', 0,
             lambda said: said == plain),
            ('git diff', LIST, 0, lambda said: said == plain))
    against(bench, repo,
            ('check', 'git -C repo.git drift check -z', 1, lambda said:
             said.count(b'error unrecorded ') == CHANGED // 3),
            ('show', 'while IFS= read -rd "" path; do git -C repo.git show '
             '"HEAD:$path" >file || exit; done <changed', 0, lambda said: True))
    meets, _ = repo.run(MERGE)
    against(bench, repo,
            ('predict', 'git -C repo.git drift predict '
             '--baseline author-v1.0.0 v3', meets, bool),
            ('merge-tree', MERGE, meets, bool))
    if not os.environ.get('BENCH_KEEP'):
        shutil.rmtree(repo.where)


def main():
    # Here, as verdict.py and measure.py belong to the whole bench.
    import verdict
    from measure import Bench
    subprocess.run(['sh', f'{HERE}/app.sh', f'{BUILD}/bench'], check=True)
    bench = Bench(f'{BUILD}/bench/drift.jsonl')
    bench.part = 'drift'
    drift(bench)
    return verdict.show_limits(verdict.Results(bench.rows),
                               verdict.DRIFT_LIMITS) > 0


if __name__ == '__main__':
    sys.exit(main())
