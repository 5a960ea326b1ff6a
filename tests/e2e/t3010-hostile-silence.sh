#!/bin/sh

test_description='a server that says nothing is left alone, in time

The build that can fail on demand waits for seconds where the others wait for
minutes: the rest is the same.'

. "$(dirname "$0")/../lib/test-lib.sh"

mkdir -p lies/bin lies/libexec/git-release &&
cp "$BUILD/bin/git-release" lies/bin/ &&
cp "$BUILD/tests/lying-agent" "lies/libexec/git-release/agent-$(uname -m)"

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
	2) say=silent code=128 what='ended before' version=v1.0.0 ;;
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

test_done
