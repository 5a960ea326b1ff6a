#!/bin/sh
# A long history with many branches, for git branch-sync.
#
#	tests/bench/history.sh <cache directory>
#
# Makes <cache>/history.git: 100,000 commits on production, 10,000 branches
# topic/<n> along the way, and main, staging and develop 1,000 commits behind.
# Made once.
set -e
cache=$1
test ! -e "$cache/history.done" || exit 0
mkdir -p "$cache"
rm -rf "$cache/history.git"
git init -q --bare -b production "$cache/history.git"
awk 'BEGIN {
	for (n = 1; n <= 100000; n++) {
		printf "commit refs/heads/production\nmark :%d\n", n
		printf "committer bench <bench@example.com> %d +0000\n",
			1500000000 + n * 60
		printf "data <<END\nCommit %d\nEND\n", n
		if (n > 1)
			printf "from :%d\n", n - 1
		printf "M 644 inline f%d\ndata <<END\n%d\nEND\n\n", n % 50, n
		if (n % 10 == 0)
			printf "reset refs/heads/topic/%d\nfrom :%d\n\n", n, n
	}
	split("main staging develop", names, " ")
	for (i in names)
		printf "reset refs/heads/%s\nfrom :99000\n\n", names[i]
}' | git -C "$cache/history.git" fast-import --quiet
git -C "$cache/history.git" pack-refs --all
git -C "$cache/history.git" repack -adq
touch "$cache/history.done"
