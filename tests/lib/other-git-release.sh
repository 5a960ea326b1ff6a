#!/bin/sh
# other-git-release.sh <bindir>: warns when "git release" would run something
# else, as it does where git-extras is installed. Never runs what it finds: the
# other one would make a release.

IFS=:
for dir in $PATH
do
	test -x "$dir/git-release" && test ! -d "$dir/git-release" || continue
	test "$dir" -ef "$1" && exit 0
	echo "warning: $dir/git-release comes before $1/git-release in PATH" >&2
	echo "hint: git-extras has a command of this name; put $1 first" >&2
	exit 0
done
echo "warning: $1 is not in PATH, git will not find 'git release'" >&2
exit 0
