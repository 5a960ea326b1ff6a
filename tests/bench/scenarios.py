#!/usr/bin/python3
"""What is run, and in which order. Started by run.sh inside the client's
network namespace, as root; the timed commands themselves run as dev."""
import os
import shutil
import subprocess
import sys

from capture import capture
from drift import drift
from measure import ROOT, LOG, Bench, as_user
from turns import TurnProxy
import verdict

TOP, BUILD = os.environ['TOP'], os.environ['BUILD']
QUICK = bool(os.environ.get('BENCH_QUICK'))
ROUNDS = 2 if QUICK else 5
BIG_MIB = 512 if QUICK else 5120
STEPS = {
    'gitpush': ('v1', 'v2', 'v3'),
    'rsync': ('v1', 'v2', 'v3'),
    'targz': ('v1',),
    'tarzstd': ('v1',),
    'ours': ('v1', 'v2', 'v3'),
}


def sh(script, user):
    if as_user(user, ['bash', '-ec', script]).wait():
        sys.exit(f'bench: failed: {script}')


def wipe(app='app'):
    """No release yet, and a client that knows of none."""
    sh('rm -rf deploy repo.git exec-times; git init -q --bare repo.git; '
       'mkdir -p deploy/releases deploy/shared/storage/logs; '
       'echo KEY=x >deploy/shared/.env', 'web')
    if app == 'app':
        sh('rm -rf app/.git; cp -r app.pristine app/.git', 'dev')


def rounds(bench):
    """All tools in turn, to and fro, so that noise hits them alike."""
    order = list(STEPS.items())
    for _ in range(ROUNDS):
        order.reverse()
        for link in ('wan', 'lan'):
            for tool, versions in order:
                bench.run('true', 'login', link)
                wipe()
                for version in versions:
                    row = bench.run(tool, 'release', link, version, version)
                    if 'why' in row:
                        break
                if tool == 'ours' and 'why' not in row:
                    bench.run(tool, 'rollback', link, check='v2')


FOLLOWERS = ('main', 'staging', 'develop')


def branches_make(name, source):
    """name.git on the server, and a clone of it with the branches."""
    sh(f'rm -rf {name}.git; cp -r /srv/rig/{source}.git {name}.git', 'web')
    sh(f"""rm -rf {name}; git clone -q -b production /srv/rig/{source}.git {name}
        cd {name}; git remote set-url origin wan:{name}.git
        git repack -adq""", 'dev')


def branches_reset(name, old):
    """The branches are at old, there and here; production is checked out."""
    sh(''.join(f'git -C {name}.git update-ref refs/heads/{b} {old};'
               for b in FOLLOWERS), 'web')
    sh(f'cd {name}; git checkout -qf production;' +
       ''.join(f'git update-ref refs/heads/{b} {old};'
               f'git update-ref refs/remotes/origin/{b} {old};'
               for b in FOLLOWERS), 'dev')


def branches_moved(name):
    """Why not all of them are at production, or None."""
    done = subprocess.run(
        ['git', f'--git-dir=/srv/web/{name}.git', '-c', 'safe.directory=*',
         'rev-parse', 'production', *FOLLOWERS], text=True,
        stdout=subprocess.PIPE, check=False)
    seen = set(done.stdout.split())
    return None if len(seen) == 1 else f'not all moved: {seen}'


def branches(bench):
    """Three branches after a release; and a long history with many refs."""
    branches_make('branches', 'app')
    branches_make('history', 'history')
    for _ in range(ROUNDS):
        for tool in ('loop', 'byhand', 'ours'):
            branches_reset('branches', 'v1^0')
            row = bench.run(tool, 'branches', 'wan')
            why = branches_moved('branches')
            if why and 'why' not in row:
                bench.failed(tool, why, action='branches')
        for link in ('wan', 'lan'):
            sh(f'git -C history remote set-url origin {link}:history.git',
               'dev')
            for tool in ('fetch', 'ours'):
                branches_reset('history', 'production~1000')
                # The tip is news, too.
                sh('git -C history update-ref refs/remotes/origin/production '
                   'production~3', 'dev')
                bench.run(tool, 'history', link)


def counted(bench, action, version, check):
    proxy = TurnProxy(('127.0.0.1', 2222), ('10.77.0.2', 2222), LOG)
    tool = 'true' if action == 'login' else 'ours'
    row = bench.run(tool, action, 'wan-turns', version, check)
    if 'why' in row:
        bench.failed('turns', row['why'], action=action)
    else:
        bench.note(what='turns', action=action, turns=proxy.turns(),
                   changes=proxy.changes(),
                   connections=proxy.connections, bursts=proxy.bursts())
    proxy.close()


def turns(bench):
    wipe()
    counted(bench, 'login', '', None)
    bench.run('ours', 'release', 'lan', 'v1', 'v1')
    counted(bench, 'release', 'v2', 'v2')
    counted(bench, 'rollback', '', 'v1')


def delta(bench):
    script = f'{TOP}/tests/bench/delta-size.sh'
    if not os.path.exists(script):
        return bench.failed('delta', 'tests/bench/delta-size.sh is missing')
    done = subprocess.run(['sh', script, f'{BUILD}/bench/app.git'], cwd=TOP,
                          text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    step = total = None
    for line in done.stdout.splitlines():
        word = line.split()
        if line.startswith('== v'):
            step = word[1:3]
        elif line.startswith('total') and step:
            total = int(word[1])
        elif line.startswith('thin pack') and step:
            bench.note(what='delta', version=step[0], link=step[1],
                       sent=total, thin=int(word[2].rstrip(',')))
    if done.returncode:
        bench.failed('delta', done.stdout.strip()[-300:])


def size(bench):
    agent = f'/srv/dev/libexec/git-release/agent-{os.uname().machine}'
    if not os.path.exists(agent + '.gz'):
        return bench.failed('agent-size', 'no agent is built')
    bench.note(what='agent-size', size=os.path.getsize(agent),
               packed=os.path.getsize(agent + '.gz'))


def start_fpm():
    """A php-fpm of another user whose workers live in the document root."""
    with open('/srv/rig/fpm.conf', 'w', encoding='utf-8') as conf:
        conf.write('[global]\nerror_log = /srv/rig/fpm.log\n'
                   'pid = /srv/rig/fpm.pid\n[www]\nuser = www-data\n'
                   'group = www-data\nlisten = /srv/rig/fpm.sock\n'
                   f'chdir = {ROOT}/current\npm = static\n'
                   'pm.max_children = 4\n')
    return subprocess.Popen(['php-fpm8.2', '-F', '-y', '/srv/rig/fpm.conf'],
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def inodes():
    """Of a file that never changes, in every release there is."""
    found = set()
    for name in os.listdir(f'{ROOT}/releases'):
        try:
            found.add(os.stat(f'{ROOT}/releases/{name}/.gitrelease').st_ino)
        except OSError:
            pass
    return found


def recycle(bench):
    """The server's own processor time when an old release is made new."""
    # With three kept, the fourth is made from the first and so on.
    for app in ('small', 'big'):
        env = {'app': app, 'settings': '-c release.production.recycleAfter=0 '
                                       '-c release.production.keep=3'}
        wipe(app)
        fpm = None
        for number in range(1, 5 + ROUNDS):
            there = inodes() if number > 4 else None
            version = f'v{number}'
            row = bench.run('ours', 'release', 'lan-timed', version, version,
                            app=app, env=env)
            fpm = fpm or start_fpm()
            if 'why' in row:
                bench.failed('recycle', row['why'], app=app)
                break
            if number <= 4:
                continue
            used = os.stat(f'{ROOT}/current/.gitrelease').st_ino in there
            with open('/srv/web/exec-times', encoding='utf-8') as f:
                wall, user, system = map(float, f.readlines()[-1].split())
            bench.note(what='recycle', app=app, recycled=used,
                       wall=row['wall'], server=user + system, held=wall)
        if fpm:
            fpm.terminate()
            fpm.wait()


def memory(bench):
    """A release with one very large file, half of it incompressible."""
    wipe()
    sh(f'''rm -rf huge; git init -q -b production huge; cd huge
        cp ../app/.gitrelease .; mkdir storage; touch storage/.gitkeep
        head -c 256M /dev/urandom >huge.bin
        truncate -s {BIG_MIB}M huge.bin
        git config core.compression 1; git config core.bigFileThreshold 32m
        git add -A; git commit -qm 1; git tag -am 1 v1
        rm huge.bin''', 'dev')
    bench.run('ours', 'release', 'lan', 'v1', memory=True,
              app='huge', mib=BIG_MIB, env={'app': 'huge'})
    sh('rm -rf huge', 'dev')
    wipe()


PARTS = {'rounds': rounds, 'turns': turns, 'delta': delta, 'size': size,
         'recycle': recycle, 'memory': memory, 'drift': drift,
         'branches': branches, 'capture': capture}


def main():
    only = os.environ.get('BENCH_ONLY')
    results = f'{BUILD}/bench/results.jsonl'
    if os.path.exists(results):
        shutil.move(results, results + '.before')
    bench = Bench(results)
    for name, part in PARTS.items():
        if not only or name in only.split(','):
            print(f'{name}:', flush=True)
            bench.part = name
            part(bench)
    return verdict.show(bench.rows)


if __name__ == '__main__':
    sys.exit(main())
