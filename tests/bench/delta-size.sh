#!/bin/sh
# The delta stream next to git's thin pack, for two steps of a real history.
#
#	tests/bench/delta-size.sh <repository> [<revision>...]
#
# Default revisions: v1 v2 v3. Needs "make all" to have been run.
set -e
repo=$1
shift
test $# -gt 0 || set -- v1 v2 v3
build=${BUILD:-build}
mkdir -p "$build/bench"
# shellcheck disable=SC2086
${CC:-cc} -std=gnu17 -O2 -I. -Wall -Wextra -o "$build/bench/delta-size" \
	tests/bench/delta-size.c "$build/obj/libcommon.a" \
	-lgit2 -lzstd -lcrypto -lpthread

echo "== first release: $1"
"$build/bench/delta-size" "$repo" - "$1"
while test $# -gt 1
do
	thin=$(printf '%s\n^%s\n' "$2" "$1" |
		git -C "$repo" pack-objects --revs --thin --stdout -q | wc -c)
	for link in "" slow
	do
		echo "== $1..$2 ${link:-fast}"
		"$build/bench/delta-size" "$repo" "$1" "$2" $link |
		tee "$build/bench/last"
		total=$(sed -n 's/^total \([0-9]*\).*/\1/p' "$build/bench/last")
		awk -v t="$total" -v p="$thin" \
			'BEGIN { printf "thin pack %d, ratio %.3f\n", p, t / p }'
	done
	shift
done
