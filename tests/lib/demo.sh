#!/bin/sh
# What "make demo" runs once everything is built: a small application with
# three versions is released to a directory, one of them is taken back, and what
# is edited there is captured.
# Every command is printed before it runs, and what is live is looked at after
# each; the first surprise ends it with status 1. KEEP=1 keeps the files.

top=$(cd "$(dirname "$0")/../.." && pwd -P) || exit 1
PATH=${GIT_RELEASE_BUILD:-$top/build}/bin:$PATH
demo=$(mktemp -d "${TMPDIR:-/tmp}/git-release-demo.XXXXXX") || exit 1
demo=$(cd "$demo" && pwd -P) || exit 1

# The person's own git settings (signing, hooks, templates) have no part here.
for var in $(git rev-parse --local-env-vars)
do
	unset "$var"
done
unset GIT_RELEASE_ENV
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat
GIT_CEILING_DIRECTORIES=$(dirname "$demo")
GIT_AUTHOR_NAME=Demo GIT_AUTHOR_EMAIL=demo@example.com
GIT_COMMITTER_NAME=Demo GIT_COMMITTER_EMAIL=demo@example.com
export PATH GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GIT_PAGER \
	GIT_CEILING_DIRECTORIES GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL \
	GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL

finish () {
	code=$?
	trap - EXIT
	if test -n "$KEEP"
	then
		echo
		echo "kept: $demo (shop is the repository, server the server)"
	else
		chmod -R u+rwX "$demo" && rm -rf "$demo"
	fi
	exit $code
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail () {
	echo "demo failed: $*" >&2
	exit 1
}

# run <command>...: shows it as a person would type it, then runs it.
run () {
	echo
	printf '$'
	for word
	do
		case $word in
		*[!a-zA-Z0-9_./=:-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	echo
	"$@" || fail "'$*' ended with status $?"
}

# live <version>: what a visitor would get.
live () {
	echo
	echo '$ cat ../server/current/index.html'
	page=$(cat ../server/current/index.html) || fail "nothing is live"
	echo "$page"
	test "$page" = "<h1>Shop $1</h1>" || fail "$1 should be live"
}

# version <tag>: the next state of the application, committed and tagged.
version () {
	if ! echo "<h1>Shop ${1#v}</h1>" >index.html ||
		! git add -A ||
		! git commit -q -m "Shop ${1#v}" ||
		! git tag -a -m "Shop ${1#v}" "$1"
	then
		fail "cannot make version $1"
	fi
}

echo "# A small application, and a directory in the place of a server."
mkdir "$demo/shop" && cd "$demo/shop" || exit 1
run git init -q -b production .
run git release init ../server
test -f .gitrelease || fail "there is no .gitrelease"
mkdir css && echo 'h1 { color: green }' >css/shop.css || exit 1
version v1.0.0
version v1.1.0
version v1.2.0
run git log --oneline --decorate

echo
echo "# Three releases: only what changed travels."
for tag in v1.0.0 v1.1.0 v1.2.0
do
	run git release "$tag"
	live "${tag#v}"
done

echo
echo "# Version 1.2.0 was a mistake."
run git release rollback
live 1.1.0

echo
echo "# What is live, what is there, what happened, and is it intact?"
run git release status
run git release list
run git release log -n 6
run git release verify

echo
echo "# Somebody mends the page on the server. It comes back as a commit on top"
echo "# of the one that is live, on a branch for a review."
echo '<p>Closed on Sundays</p>' >>../server/current/index.html || exit 1
run git serversync --no-push
run git log -p -1 --branches=serversync
git grep -q Sundays "$(git for-each-ref --format='%(refname)' \
	refs/heads/serversync)" -- index.html || fail "it did not come back"
echo
echo "All of it went as it should."
