#!/bin/sh

test_description='a server that lies: every lie ends in words and a status

The agent is a program that greets as ours does and then says what $LIE names
(tests/lib/lying-agent.c). The client must come to an end with the right exit
status, must not crash, must not change anything here, must stay small, and
must not hand a control byte to the terminal.'

. "$(dirname "$0")/../lib/test-lib.sh"

# A copy of the program beside which the liar lies.
mkdir -p lies/bin lies/libexec/git-release &&
cp "$BUILD/bin/git-release" lies/bin/ &&
cp "$BUILD/tests/lying-agent" "lies/libexec/git-release/agent-$(uname -m)"

# 96 MiB of data segment; the sanitizers need their shadow.
small='ulimit -d 98304'
nm -D lies/bin/git-release 2>/dev/null | grep -q __asan && small=:

# lie <name> <exit status> [<part of the message>]
lie () {
	(
		cd app && $small &&
		LIE=$1 timeout 30 "$TRASH/lies/bin/git-release" --no-sync \
			${lie_version:-v1.1.0} >../out 2>../err
	)
	lie_got=$?
	cat out err | head -c 2000 | tr -d '\000-\010\013-\037\177-\237'
	if test $lie_got != "$2"
	then
		echo "exit $lie_got, wanted $2"
		return 1
	fi
	if cat out err | tr -d '\n' | LC_ALL=C grep -q '[[:cntrl:]]'
	then
		echo 'control bytes came through'
		return 1
	fi
	test -z "$3" || test_grep "$3" err
}

test_expect_success 'setup' '
	make_app_repo app &&
	app_target app production ../srv &&
	git -C app release --no-sync v1.0.0 &&
	git -C app rev-parse refs/releases/v1.0.0 >package &&
	git -C app for-each-ref >refs
'

test_expect_success 'one that never greets, or greets wrongly' '
	lie ungreeted 128 "ended before the agent started" &&
	lie greeting-flood 128 "prints too much" &&
	lie greeting-protocol 128 "speaks protocol"
'

test_expect_success 'names that are none' '
	for name in id-dotdot id-absolute live-dotdot base-dotdot \
		package-odd few-fields
	do
		lie $name 128 "list is not in order" || return 1
	done
'

test_expect_success 'too much of everything' '
	lie many-releases 128 "too long\|not in order" &&
	lie many-fields 128 "too long\|too many" &&
	lie huge-fields 128 "too long" &&
	lie endless 128 "too long" &&
	lie flood 128 "more than" &&
	lie long-error 128 lies &&
	test "$(wc -c <err)" -lt 9000
'

test_expect_success 'what is no packet, no field, no band' '
	lie garbage 128 "not a packet" &&
	lie nameless 128 "without a name" &&
	lie band 128 "does not know" &&
	lie close 128 "ended before"
'

test_expect_success 'words out of place' '
	lie early-phase 0 &&
	lie escapes 128 "bad.*news" &&
	lie escaped-words 0 &&
	lie escaped-phases 0 &&
	lie stderr-flood 0
'

test_expect_success 'codes: those out of range, those that only we may use' '
	lie code-0 128 "agent failed" &&
	lie code-999 128 "agent failed" &&
	lie code-99999999999999999999 128 "agent failed" &&
	lie code-x 128 "agent failed" &&
	lie code-2 128 &&
	lie code-3 1 &&
	lie code-4 3 &&
	lie code-5 4 &&
	lie code-7 128 &&
	lie code-8 4 &&
	lie code-9 4 &&
	lie code-10 128
'

test_expect_success 'a base that it has not, a live one that is not listed' '
	LIE_PACKAGE=$(cat package) lie wrong-base 0 &&
	LIE_PACKAGE=$(git -C app rev-parse v1.0.0^0) lie wrong-base 0 &&
	LIE_PACKAGE=$(git -C app rev-parse v1.0.0^{tree}) lie wrong-base 0 &&
	lie live-unknown 0 &&
	lie no-room 1 "not enough room"
'

test_expect_success 'asks for what there is not' '
	lie want-range 4 "asks for what there is not" &&
	lie want-order 4 "asks for what there is not" &&
	lie want-text 4 "asks for what there is not" &&
	lie want-twice 4 "gave no release"
'

test_expect_success 'nonsense before the decision: undone' '
	lie stage-dotdot 4 &&
	lie stage-nothing 4 &&
	lie stage-garbage 4 &&
	lie stage-close 4 &&
	lie stage-code-0 4 &&
	lie stage-code-8 4
'

test_expect_success 'what it says of edited files is bounded, and quoted' '
	lie edits-refused 1 && test_grep "^  M .*033" out &&
	lie edits-garbage 4 "edited files is not in order" &&
	lie edits-garbage-no 1 && test_grep ! "X" out &&
	lie edits-many 1 && test_grep ! "^  A" out
'

test_expect_success 'one that knows of no guard is named' '
	lie escaped-words 0 "^warning: the agent on .* does not look for what was edited"
'

test_expect_success 'nonsense after it: nobody knows, and where to look' '
	for name in other-id no-live activate-garbage activate-nameless \
		activate-close activate-code-0 activate-code-999
	do
		lie $name 5 "git release status" || return 1
	done
'

# fetched <name> <exit status> [<message>]: it offers the package of v2.0.0.
fetched () {
	git -C app update-ref -d refs/releases/v2.0.0 &&
	lie_version=v2.0.0 LIE_PACKAGE=$(cat package) lie "$@" &&
	test -z "$(ls -A app/.git/git-release/tmp)" &&
	! git -C app cat-file -e b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0 &&
	case $2 in
	0) git -C app cat-file -e refs/releases/v2.0.0:made ;;
	*) ! git -C app rev-parse -q --verify refs/releases/v2.0.0 ;;
	esac
}

test_expect_success 'a package that is none: built here, after a warning' '
	git -C app tag -a -m two v2.0.0 v1.2.0^0 &&
	git -C app config release.build "echo x >made" &&
	fetched fetch-text 0 "^warning: cannot get the package .*production" &&
	fetched fetch-git 0 "^warning: cannot get the package" &&
	fetched fetch-up 0 "^warning: cannot get the package" &&
	fetched fetch-nothing 0 "other settings, or is not what" &&
	fetched fetch-no-list 0 "no.033" &&
	fetched fetch-huge 0 "takes 1048576 MiB" &&
	fetched fetch-other 0 "other settings, or is not what"
'

test_expect_success 'contents that were not asked for: not a word more' '
	fetched fetch-wrong 128 "files on the server are not those" &&
	fetched fetch-short 128 "less than it was asked for" &&
	fetched fetch-none 128 "less than it was asked for" &&
	fetched fetch-long 128 "more than it was asked for" &&
	fetched fetch-endless 128 "files on the server are not those\|more than" &&
	fetched fetch-endless-list 128 "manifest on the server is too long" &&
	fetched fetch-empty 128 "sends nothing" &&
	fetched fetch-close 128 "ended before" &&
	git -C app config --unset release.build &&
	git -C app tag -d v2.0.0
'

test_expect_success 'nothing here was changed by any of it' '
	git -C app for-each-ref | grep -v "refs/notes\|refs/deploy" >refs.now &&
	grep -v "v1.1.0\|refs/notes\|refs/deploy" refs >refs.old &&
	grep -v v1.1.0 refs.now >refs.new &&
	test_cmp refs.old refs.new &&
	git -C app fsck --strict
'

# stopped <lie> <times> <exit status>: asked to stop, it ends within seconds.
stopped () {
	(
		cd app &&
		exec env LIE=$1 "$TRASH/lies/bin/git-release" --no-sync \
			"${lie_version:-v1.1.0}" >../out 2>../err
	) &
	stopped_pid=$!
	sleep 1
	kill -TERM $stopped_pid
	test "$2" = 1 || { sleep 3; kill -TERM $stopped_pid; }
	(sleep 10; kill -9 $stopped_pid) 2>/dev/null &
	stopped_killer=$!
	wait $stopped_pid
	stopped_got=$?
	kill $stopped_killer
	cat out err
	test $stopped_got = "$3" || { echo "exit $stopped_got"; return 1; }
}

test_expect_success 'asked twice to stop, it leaves a server that only says it is alive' '
	stopped alive 2 143 &&
	test_grep "left without waiting" err &&
	stopped activate-alive 2 5 &&
	test_grep "git release status" err
'

test_expect_success 'asked to stop, it leaves a server that takes nothing' '
	head -c 20000000 /dev/urandom >app/big &&
	app_tag app v3.0.0 &&
	lie_version=v3.0.0 stopped deaf 2 143
'

test_done
