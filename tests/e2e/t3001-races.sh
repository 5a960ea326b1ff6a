#!/bin/sh
test_description='one holder of the lock; readers always find a release'
. "$(dirname "$0")/../lib/test-lib.sh"

AGENT=$BUILD/libexec/git-release/agent-$(uname -m)
RACERS=${FAULT_QUICK:+150}
RACERS=${RACERS:-5000}

test_expect_success 'two releases' '
	make_app_repo app &&
	app_target app production "$PWD/srv" &&
	(cd app && git release --no-sync v1.0.0) &&
	first=$(live_release srv) &&
	(cd app && git release --no-sync v1.1.0) &&
	second=$(live_release srv)
'

# Two at a time, each starting agents as fast as it can.
hammer () {
	timeout 300 "$BUILD/tests/agent-drive" lock "$AGENT" "$PWD/srv" \
		$RACERS "$PWD/held" >given1 2>err1 & one=$!
	timeout 300 "$BUILD/tests/agent-drive" lock "$AGENT" "$PWD/srv" \
		$RACERS "$PWD/held" >given2 2>err2
	two=$?
	wait $one
	one=$?
	echo "given: $(cat given1) and $(cat given2)"
	cat err1 err2
	test "$one $two" = "0 0"
}

test_expect_success 'never two holders, and kill -9 frees at once' '
	hammer && test "$(cat given1)" -gt 0 && test "$(cat given2)" -gt 0
'

# switch_under_readers <opens> <switches>
switch_under_readers () {
	"$BUILD/tests/open-race" "$1" srv/current/public/index.php \
		"$(cat "srv/releases/$first/public/index.php")
" "$(cat "srv/releases/$second/public/index.php")
" >race.out 2>race.err &
	race=$!
	"$BUILD/tests/agent-drive" switch "$AGENT" "$PWD/srv" "$2" \
		"$second" "$first"
	code=$?
	kill $race
	wait $race || code=1
	cat race.out race.err
	return $code
}

test_expect_success 'a million opens over 400 switches: each finds a file' '
	switch_under_readers 1000000 400 &&
	test "$(live_release srv)" = "$second" && grep ", 0 failed" race.out
'

test_done
