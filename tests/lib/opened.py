#!/usr/bin/python3
"""opened.py <list> <directory> <command>...: runs the command, with its exit
status, and writes to the list which files below the directory anybody opened
meanwhile, one path to a line."""
import ctypes
import os
import struct
import subprocess
import sys

IN_OPEN, IN_ISDIR, IN_NONBLOCK = 0x20, 0x40000000, 0o4000
IN_Q_OVERFLOW = 0x4000
HEAD = struct.Struct('iIII')


def watch(top):
    """The queue, and the directory that each of its numbers stands for."""
    libc = ctypes.CDLL(None, use_errno=True)
    queue = libc.inotify_init1(IN_NONBLOCK)
    dirs = {}
    for where, _, _ in os.walk(os.fsencode(top)):
        number = libc.inotify_add_watch(queue, where, IN_OPEN)
        if queue < 0 or number < 0:
            sys.exit(f'opened.py: {os.strerror(ctypes.get_errno())}')
        dirs[number] = os.path.relpath(where, os.fsencode(top))
    return queue, dirs


def opened(queue, dirs):
    while True:
        try:
            events = os.read(queue, 1 << 16)
        except BlockingIOError:
            return
        at = 0
        while at < len(events):
            number, mask, _, size = HEAD.unpack_from(events, at)
            at += HEAD.size
            name = events[at:at + size].rstrip(b'\0')
            at += size
            if mask & IN_Q_OVERFLOW:
                sys.exit('opened.py: too many to tell')
            if not mask & IN_ISDIR:
                yield os.path.normpath(os.path.join(dirs[number], name))


def main():
    queue, dirs = watch(sys.argv[2])
    status = subprocess.run(sys.argv[3:], check=False).returncode
    with open(sys.argv[1], 'wb') as out:
        for path in sorted(set(opened(queue, dirs))):
            out.write(path + b'\n')
    return status


if __name__ == '__main__':
    sys.exit(main())
