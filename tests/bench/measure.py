"""One timed run: wall time, bytes on the link, logins, what is live after."""
import json
import os
import subprocess
import threading
import time

ROOT = '/srv/web/deploy'
LOG = '/srv/rig/sshd.log'
DEV_ENV = {'HOME': '/srv/dev', 'USER': 'dev', 'LC_ALL': 'C.UTF-8',
           'PATH': '/srv/dev/bin:/usr/local/bin:/usr/bin:/bin',
           'GIT_TERMINAL_PROMPT': '0', 'GIT_CONFIG_NOSYSTEM': '1'}


def link_bytes(link):
    """Sent and received as the client's interface saw them."""
    where = f'/sys/class/net/{link}/statistics/'
    return [int(open(where + name).read())
            for name in ('tx_bytes', 'rx_bytes')]


def log_since(offset):
    with open(LOG, encoding='utf-8', errors='replace') as log:
        log.seek(offset)
        return log.read()


def as_user(user, argv, env=None, **more):
    home = f'/srv/{user}'
    return subprocess.Popen(argv, user=user, group=user, extra_groups=[],
                            env=env or {**DEV_ENV, 'HOME': home}, cwd=home,
                            stdin=subprocess.DEVNULL, **more)


class PeakMemory(threading.Thread):
    """The high-water mark (KiB) of each kind of process while it runs.

    The kernel keeps the mark, so polling only has to see the process once
    near its end.
    """
    KINDS = {'git-release': 'client', 'agent': 'agent',
             '.git-release': 'agent'}  # the latter on its first run

    def __init__(self):
        super().__init__(daemon=True)
        self.peak = {}
        self.stop = threading.Event()

    def run(self):
        while not self.stop.wait(0.02):
            for pid in filter(str.isdigit, os.listdir('/proc')):
                try:
                    self.look(pid)
                except (OSError, IndexError, ValueError):
                    pass

    def look(self, pid):
        with open(f'/proc/{pid}/comm') as f:
            comm = f.read().strip()
        kind = next((k for name, k in self.KINDS.items()
                     if comm == name or comm.startswith(name + '-')), None)
        if not kind:
            return
        with open(f'/proc/{pid}/status') as f:
            text = f.read()
        mark = int(text.split('VmHWM:')[1].split()[0])
        self.peak[kind] = max(mark, self.peak.get(kind, 0))


def live_tree(version, repo='app'):
    """Why the live release is not that of the tag, or None.

    The whole directory becomes a git tree, but for what releases add, and
    must be the tag's.
    """
    script = f'''
        set -e; cd {ROOT}/current/
        test "$(readlink -f storage)" = {ROOT}/shared/storage
        test "$(readlink -f .env)" = {ROOT}/shared/.env
        tmp=$(mktemp -d); trap 'rm -rf $tmp' EXIT
        export GIT_DIR=/srv/dev/{repo}/.git GIT_WORK_TREE=. \
            GIT_INDEX_FILE=$tmp/index GIT_OBJECT_DIRECTORY=$tmp/objects
        export GIT_ALTERNATE_OBJECT_DIRECTORIES=$GIT_DIR/objects
        mkdir $tmp/objects
        odd='storage .env REVISION release.json'
        git read-tree {version}
        git rm -rq --cached --ignore-unmatch $odd; want=$(git write-tree)
        git -c core.autocrlf=false add -Af .
        git rm -rq --cached --ignore-unmatch $odd; have=$(git write-tree)
        test $want = $have || git diff-tree -r --name-status $want $have |
            head -n 5
        test $want = $have'''
    done = subprocess.run(['bash', '-c', script], text=True,
                          env={**DEV_ENV, 'HOME': '/srv/rig'},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode == 0:
        return None
    return f'live is not {version}: {done.stdout.strip()[:400]}'


class Bench:
    def __init__(self, results):
        self.results = results
        self.rows = []
        self.part = ''

    def note(self, **row):
        row['part'] = self.part
        row['at'] = time.strftime('%H:%M:%S')
        row['load'] = os.getloadavg()[0]
        self.rows.append(row)
        with open(self.results, 'a', encoding='utf-8') as out:
            out.write(json.dumps(row) + '\n')
        shown = [f'{k}={v:.3f}' if isinstance(v, float) else f'{k}={v}'
                 for k, v in row.items() if k not in ('part', 'at', 'load')]
        print('  ' + ' '.join(shown), flush=True)
        return row

    def failed(self, what, why, **more):
        self.note(what=what, why=why, **more)

    def run(self, tool, action, host, version='', check=None, **more):
        """Times one command of peers.sh; check names the tag to be live."""
        link = host.split('-')[0]
        env = {**DEV_ENV, **more.pop('env', {})}
        time.sleep(0.2)
        offset = os.path.getsize(LOG)
        before = link_bytes(link)
        memory = PeakMemory() if more.pop('memory', False) else None
        if memory:
            memory.start()
        start = time.monotonic()
        child = as_user('dev', ['bash', '/srv/dev/peers.sh', tool, action,
                                host, version], env,
                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = child.communicate()[0].decode(errors='replace')
        wall = time.monotonic() - start
        if memory:
            memory.stop.set()
            memory.join()
            more['memory'] = memory.peak
        time.sleep(0.2)
        sent, received = (a - b for a, b in zip(link_bytes(link), before))
        log = log_since(offset)
        why = None
        if child.returncode:
            why = f'exit {child.returncode}: {said.strip()[-600:]}'
        elif check:
            why = live_tree(check, env.get('app', 'app'))
        if why:
            more['why'] = why
        return self.note(what=tool, action=action, version=version, link=host,
                         wall=round(wall, 4), sent=sent, received=received,
                         logins=log.count('Accepted publickey'),
                         execs=log.count('Starting session'), **more)
