"""git serversync beside what is done by hand today: git status or a dry run
of rsync, on or against the server, then a fetch of what differs."""
import json
import os
import subprocess
import sys

from measure import ROOT, DEV_ENV, as_user

ROUNDS = 2 if os.environ.get('BENCH_QUICK') else 5
MODIFIED, ADDED, DELETED, UPLOADS = 10, 10, 5, 20000
LISTED, FETCHED = '/srv/dev/captured.list', '/srv/dev/captured'

# As web, in the live release: 25 changes, two of them with the size and the
# time of the original; and 20,000 uploads below shared/.
EDIT = f'''
import os, random
shared = '{ROOT}/shared/storage/app'
noise = random.Random(7)
for n in range({UPLOADS}):
    where = f'{{shared}}/{{n // 200:03d}}'
    os.makedirs(where, exist_ok=True)
    with open(f'{{where}}/u{{n}}.jpg', 'wb') as f:
        f.write(noise.randbytes(noise.randrange(1024, 8192)))
os.chdir('{ROOT}/current')
php = sorted('includes/' + n for n in os.listdir('includes')
             if n.endswith('.php'))
for n, path in enumerate(php[:{MODIFIED}]):
    st = os.stat(path)
    with open(path, 'r+b') as f:
        text = f.read()
        f.seek(0)
        f.write(text[:-3] + b'#' + text[-2:] if n < 2 else
                text + b'// a hot fix\\n')
    if n < 2:
        os.utime(path, ns=(st.st_atime_ns, st.st_mtime_ns))
for n in range({ADDED}):
    where = 'public/plugin' if n < 5 else 'custom'
    os.makedirs(where, exist_ok=True)
    with open(f'{{where}}/new{{n}}.php', 'w') as f:
        f.write(f'<?php // {{n}}\\n' * 40)
for path in php[20:20 + {DELETED}]:
    os.unlink(path)
'''


def must(user, argv):
    if as_user(user, argv).wait():
        sys.exit(f'bench: failed: {argv}')


def sh(script, user):
    must(user, ['bash', '-ec', script])


def released(bench):
    """v1 is live, by git release; a copy of the client's repository as it
    is then, and a repository on the server for git status."""
    sh('rm -rf deploy repo.git; git init -q --bare repo.git; '
       'mkdir -p deploy/shared/storage/logs; echo KEY=x >deploy/shared/.env',
       'web')
    sh('rm -rf app/.git; cp -r app.pristine app/.git', 'dev')
    row = bench.run('ours', 'release', 'lan', 'v1', 'v1')
    if 'why' in row:
        return False
    sh('rm -rf app.released; cp -r app/.git app.released; '
       'git -C app push -q lan:repo.git refs/tags/v1', 'dev')
    sh('git -C repo.git update-ref --no-deref HEAD v1^{commit}', 'web')
    return True


def forget():
    """Neither side knows of an earlier capture."""
    sh(f'rm -rf {ROOT}/.release/scan', 'web')
    sh(f'rm -rf app/.git {FETCHED} {LISTED}; cp -r app.released app/.git; '
       f'mkdir {FETCHED}', 'dev')


def git(*words):
    return subprocess.run(['git', '-C', '/srv/dev/app', '-c',
                           'safe.directory=*', *words], check=True,
                          env={**DEV_ENV, 'HOME': '/srv/rig'},
                          stdout=subprocess.PIPE).stdout


def by_hand():
    """What a peer found, and has: {path: content}, number of deletions."""
    with open(LISTED, encoding='utf-8') as f:
        found = [line.rstrip('\n').split(' ', 1) for line in f]
    files = {}
    for status, path in found:
        if status in 'AM':
            with open(f'{FETCHED}/{path}', 'rb') as f:
                files[path] = f.read()
    return files, sum(status == 'D' for status, _ in found)


def by_us():
    """The same of the newest capture; deletions wait for a reason."""
    branch = git('for-each-ref', '--sort=-refname', '--count=1',
                 '--format=%(refname)', 'refs/heads/serversync').strip()
    names = git('diff', '--name-only', '-z', 'v1', branch).split(b'\0')[:-1]
    return {path.decode(): git('cat-file', 'blob', branch + b':' + path)
            for path in names}, DELETED


def wrong(tool):
    """Why not exactly the 25 changes were captured, or None."""
    try:
        files, deleted = by_us() if tool == 'ours' else by_hand()
    except (OSError, subprocess.CalledProcessError) as why:
        return f'nothing was captured: {why}'
    if (len(files), deleted) != (MODIFIED + ADDED, DELETED):
        return f'{len(files)} files and {deleted} deletions'
    for path, content in files.items():
        with open(f'{ROOT}/current/{path}', 'rb') as f:
            if f.read() != content:
                return f'{path} is not what the server has'
    return None


def run(bench, tool, action, check=True):
    row = bench.run(tool, action, 'wan')
    why = check and 'why' not in row and wrong(tool)
    if why:
        bench.failed(tool, why, action=action)


def contents_read(bench):
    """How many files one more scan looks into, by its own account."""
    done = as_user('dev', ['bash', '/srv/dev/peers.sh', 'ours', 'report',
                           'wan'], stdout=subprocess.PIPE)
    try:
        report = json.loads(done.communicate()[0])
        bench.note(what='report', looked=report['files_looked_at'],
                   read=report['files_read'])
    except (ValueError, KeyError) as why:
        bench.failed('report', f'no account of it: {why!r}')


def capture(bench):
    """25 changes among 30,000 files; then again; and where nothing is."""
    if not released(bench):
        return
    for _ in range(ROUNDS):
        forget()
        for tool, action in (('ours', 'unedited'), ('true', 'login'),
                             ('ours', 'unedited again')):
            bench.run(tool, action, 'wan')
    contents_read(bench)
    must('web', ['python3', '-c', EDIT])
    tools = ['gitstatus', 'ours', 'rsync']
    for _ in range(ROUNDS):
        tools.reverse()
        for tool in tools:
            forget()
            run(bench, tool, 'capture')
            if tool == 'ours':
                bench.run('true', 'login', 'wan')
                run(bench, tool, 'capture again')
                contents_read(bench)
