#!/bin/sh

test_description='a server that says nothing is left alone, in time

In the build that can fail on demand each wait for the other side can be made
short; the rest is the same.'

. "$(dirname "$0")/../lib/test-lib.sh"

mkdir -p lies/bin lies/libexec/git-release &&
cp "$BUILD/bin/git-release" lies/bin/ &&
cp "$BUILD/tests/lying-agent" "lies/libexec/git-release/agent-$(uname -m)"

GIT_RELEASE_SILENCE_MS=1500 GIT_RELEASE_GREETING_MS=1500
GIT_RELEASE_FINISH_MS=300 GIT_RELEASE_LOOK_MS=20
export GIT_RELEASE_SILENCE_MS GIT_RELEASE_GREETING_MS GIT_RELEASE_FINISH_MS \
	GIT_RELEASE_LOOK_MS

# silence <lie> <exit status> <part of the message>
silence () {
	LIE=$1 timeout 40 lies/bin/git-release --no-sync "$4" 2>err
	silence_got=$?
	cat err
	test $silence_got = "$2" && test_grep "$3" err
}

test_expect_success 'setup' '
	make_app_repo app &&
	app_target app production ../srv &&
	head -c 20000000 /dev/urandom >app/big &&
	app_tag app v3.0.0
'

for nr in 1 2 3 4
do
	case $nr in
	1) say=greet-silent code=128 what='did not start' version=v1.0.0 ;;
	2) say=silent code=128 what='no sign of life for 2 s' version=v1.0.0 ;;
	3) say=deaf code=4 what='broke' version=v3.0.0 ;;
	4) say=activate-silent code=5 what='release status' version=v1.0.0 ;;
	esac
	test_expect_success "$say" '
		(
			GIT_DIR=app/.git GIT_WORK_TREE=app &&
			export GIT_DIR GIT_WORK_TREE &&
			silence $say $code "$what" $version
		)
	'
done

# stuck: the agent ticks and does nothing else.
stuck () {
	(
		cd app && exec env LIE=alive GIT_RELEASE_QUIET_MS=1000 \
			../lies/bin/git-release --no-sync v1.0.0 >../out 2>&1 \
			</dev/null
	) &
	stuck_client=$!
	test_wait_for 10 grep "still waiting for the agent.*for 2 s" out
	stuck_code=$?
	kill -KILL $stuck_client
	wait $stuck_client
	return $stuck_code
}

test_expect_success 'of one that lives and gets nowhere, a person is told' '
	>out && stuck && test_grep "says nothing new for 1 s" out
'

# Whoever looks again must not wait for a lock that is held for itself.
test_expect_success 'an agent that could not go back is not waited for' '
	git -C app config release.postHook false &&
	git -C app config release.production.url ../other &&
	GIT_RELEASE_FAULT_LOG=$PWD/points && export GIT_RELEASE_FAULT_LOG &&
	(cd app && test_expect_code 4 git release --no-sync v1.0.0) &&
	n=$(grep "^agent " points | grep -n "take down" | cut -d: -f1) &&
	rm -r other &&
	(
		cd app && GIT_RELEASE_LOOK_MS=3000 GIT_RELEASE_FAULT=agent:$n:fail \
			test_expect_code 5 timeout 30 git release --no-sync v1.0.0
	) 2>err &&
	test_grep "going back failed" err && test_grep "release status" err
'

test_done
