#!/bin/bash
# Our figures beside those of the tools in use today, on links with latency.
#
#	make bench		everything, five rounds
#	BENCH_QUICK=1 make bench	two rounds, a smaller big file
#	BENCH_ONLY=rounds,turns,...	only these parts (see scenarios.py)
#	tests/bench/run.sh bash		a shell on the client, to look around
#
# Needs root, for the namespaces. All of it lives in mount, process and
# network namespaces of its own: users, sshd, php-fpm and links are gone when
# this script ends, however it ends, and the machine is as it was.
# Leaves a table on stdout and build/bench/results.jsonl.
set -e
here=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$here/../.." && pwd)
BUILD=${GIT_RELEASE_BUILD:-$TOP/build}
export TOP BUILD

if test -z "$BENCH_INSIDE"
then
	test "$(id -u)" = 0 ||
		{ echo "error: make bench must run as root" >&2; exit 128; }
	for tool in ip unshare sshd php-fpm8.2 rsync zstd npm python3 git
	do
		PATH=$PATH:/usr/sbin:/sbin command -v $tool >/dev/null ||
			{ echo "error: make bench needs $tool" >&2; exit 128; }
	done
	mkdir -p "$BUILD/bench"
	sh "$here/app.sh" "$BUILD/bench"
	sh "$here/history.sh" "$BUILD/bench"
	BENCH_INSIDE=1 exec unshare --mount --net --pid --fork --mount-proc \
		--kill-child bash "$0" "$@"
fi

. "$here/rig.sh"
rig_users
rig_programs
rig_links
rig_sshd
rig_application
test $# -gt 0 || set -- python3 -B "$here/scenarios.py"
ip netns exec client "$@"
