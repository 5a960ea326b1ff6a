#!/bin/sh
test_description='git serversync with a server that lies

What the driver of t6110 shows of the replies, here for the command: no branch,
no object, no control character, and an exit status that says so.'

. "$(dirname "$0")/../lib/test-lib.sh"

# A copy of the program beside which the liar lies.
mkdir -p lies/bin lies/libexec/git-release &&
cp "$BUILD/bin/git-serversync" lies/bin/ &&
cp "$BUILD/tests/lying-agent" "lies/libexec/git-release/agent-$(uname -m)"

# lie <name> <exit status> [<option>...]: in out and err.
lie () {
	lie_name=$1 lie_want=$2
	shift 2
	(
		cd app && LIE=$lie_name timeout 60 \
			"$TRASH/lies/bin/git-serversync" "$@" >../out 2>../err
	)
	lie_got=$?
	cat out err | tr -d "\n" >shown
	if LC_ALL=C grep -q "[[:cntrl:]]" shown
	then
		echo "$lie_name: control bytes came through"
		return 1
	fi
	test $lie_got = "$lie_want" && return
	echo "$lie_name: exit $lie_got, wanted $lie_want"
	cat -v out err
	return 1
}

# state: refs, objects, settings and files, here and on the remote.
state () {
	git -C app for-each-ref && git -C origin.git for-each-ref &&
	find app origin.git -type f ! -path "*/git-release/*" -printf "%P %s %m\n" |
	LC_ALL=C sort
}

# unmoved <exit status> <lie>...: and nothing has changed.
unmoved () {
	unmoved_code=$1
	shift
	state >before &&
	for unmoved_lie
	do
		lie "$unmoved_lie" "$unmoved_code" && state >after &&
		test_cmp before after || { echo "# $unmoved_lie"; return 1; }
	done
}

test_expect_success 'setup' '
	make_app_repo app origin.git && app_target app production ../srv &&
	printf "[serversync]\n\tgitOnly = docs\n" >app/.gitrelease &&
	app_tag app v1.3.0 && git -C app push -q origin production v1.3.0 &&
	git -C app release -q v1.3.0 &&
	LIE_PACKAGE=$(git -C app rev-parse refs/releases/v1.3.0) &&
	export LIE_PACKAGE
'

test_expect_success 'lists that are not in order' '
	unmoved 128 scan-up scan-up-deep scan-absolute scan-dot scan-slashes scan-long-name \
		scan-nul scan-unknown scan-unsorted scan-directory scan-twice \
		scan-place scan-sum scan-other scan-plain scan-base \
		scan-revision scan-target
'

test_expect_success 'bytes that are no list, or without end' '
	unmoved 128 scan-nothing scan-empty scan-text scan-cut scan-more \
		scan-garbage scan-endless scan-bomb scan-close
'

test_expect_success 'contents that are others, too many, or without end' '
	unmoved 128 take-wrong take-short take-nothing take-many take-none \
		take-old take-olds take-chunk take-garbage take-empty \
		take-endless take-bomb take-close scan-small
'

# What came before the lie was in order: an object of no use may be there.
test_expect_success 'contents that go on' '
	git -C app for-each-ref >refs &&
	for lie in take-long take-twice take-cut
	do
		lie $lie 128 && git -C app for-each-ref | test_cmp refs - || return 1
	done &&
	git -C app fsck --strict --no-dangling && git -C app prune --expire=now
'

test_expect_success 'words of its own' '
	unmoved 1 scan-error take-error && test_grep "^error: no" err
'

test_expect_success 'names that git goes by, and sizes nobody can take' '
	unmoved 0 scan-git scan-git-case scan-gitmodules scan-workflow \
		scan-fifo scan-huge
'

test_expect_success 'all is gone, or most of it: STOP' '
	LIE_GONE=$(git -C app ls-tree -r --name-only -z v1.3.0 | tr "\0" "\n" |
		LC_ALL=C sort) && export LIE_GONE &&
	unmoved 1 scan-gone && test_grep "^error: STOP" err &&
	git -C app config serversync.maxDelete 1000 && unmoved 1 scan-gone &&
	test_grep "none of the files" err &&
	git -C app config serversync.maxDelete 3 &&
	LIE_GONE=$(echo "$LIE_GONE" | head -n 5) && unmoved 1 scan-gone &&
	test_grep "^error: STOP" err &&
	git -C app config --unset serversync.maxDelete && unmoved 0 scan-gone &&
	test_grep "stays in git" out
'

test_expect_success 'odd names that git takes are captured, and quoted' '
	for lie in scan-escapes scan-deep
	do
		lie $lie 0 && test_grep "^Captured 1 file" out &&
		git -C app fsck --strict --no-dangling &&
		git -C origin.git fsck --strict --no-dangling || return 1
	done &&
	test_grep "aaaa/aaaa" out && git -C app status --porcelain >status &&
	test_must_be_empty status
'

test_done
