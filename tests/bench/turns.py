"""Counts round trips: a TCP proxy that sees when the direction changes.

A turn is the client sending and the server answering. What the bytes mean
is encrypted and does not matter. Authentication ends when sshd logs that it
accepted the key; the turns after that are those of the command itself, the
opening of the channel included. What comes back sooner than the link allows
is no answer: it had been sent before the question arrived. Nor is what comes
once the client has hung up: a goodbye is not waited for.
"""
import os
import socket
import threading
import time

CLIENT, SERVER = 'C', 'S'
ROUND_TRIP = 0.045         # seconds; the link takes 50 ms


class TurnProxy:
    def __init__(self, listen, target, log):
        self.target, self.log = target, log
        self.events = []       # (when, who sent, bytes)
        self.accepted = None
        self.left = None       # when the client hung up
        self.connections = 0
        self.listener = socket.create_server(listen)
        self.watching = True
        threading.Thread(target=self.accept, daemon=True).start()
        threading.Thread(target=self.watch_log, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(self.target)
            self.connections += 1
            for s in (near, far):
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for ends in ((near, far, CLIENT), (far, near, SERVER)):
                threading.Thread(target=self.pump, args=ends,
                                 daemon=True).start()

    def pump(self, source, sink, who):
        try:
            while data := source.recv(65536):
                self.events.append((time.monotonic(), who, len(data)))
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        if who == CLIENT:
            self.left = time.monotonic()

    def watch_log(self):
        offset = os.path.getsize(self.log)
        while self.watching and self.accepted is None:
            if os.path.getsize(self.log) > offset:
                with open(self.log, encoding='utf-8', errors='replace') as f:
                    f.seek(offset)
                    if 'Accepted publickey' in f.read():
                        self.accepted = time.monotonic()
            time.sleep(0.002)

    def close(self):
        self.watching = False
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self.listener.close()

    def after_login(self):
        if self.accepted is None:
            return []
        return [e for e in sorted(self.events)
                if e[0] >= self.accepted and e[0] < (self.left or e[0] + 1)]

    def bursts(self):
        """After authentication: [[who, bytes, ms of first, ms of last]]."""
        out = []
        for when, who, size in self.after_login():
            ms = round((when - self.accepted) * 1000)
            if out and out[-1][0] == who:
                out[-1][1] += size
                out[-1][3] = ms
            else:
                out.append([who, size, ms, ms])
        return out

    def changes(self):
        """Every change of direction, answers or not."""
        seen = [burst[0] for burst in self.bursts()]
        return sum(1 for a, b in zip(seen, seen[1:])
                   if (a, b) == (CLIENT, SERVER))

    def turns(self):
        asked, turns = None, 0
        for when, who, _ in self.after_login():
            if who == CLIENT and asked is None:
                asked = when
            elif who == SERVER and asked and when - asked > ROUND_TRIP:
                asked = None
                turns += 1
        return turns
