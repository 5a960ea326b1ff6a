#!/bin/sh
test_description='the line to the server is cut, stalls, or turns a bit round'
. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
test_require sshd ssh flock
test_at_done stop_all_sshd

CHECK=$BUILD/tests/root-check
start_sshd "SetEnv GIT_RELEASE_ALIVE_GONE_MS=1500 HOME=$PWD/sshd.1/home" ||
	{ echo "Bail out! sshd does not start"; exit 1; }
WIRE=$((SSH_PORT + 1)) SRV=$SSH_HOME/srv
sed "s/Port .*/Port $WIRE/" "$SSH_DIR/ssh_config" >wire_config
sed "s/:$SSH_PORT/:$WIRE/" "$SSH_DIR/known_hosts" >wire_hosts
cat wire_hosts >>"$SSH_DIR/known_hosts"
GIT_RELEASE_SILENCE_MS=3000 GIT_RELEASE_GREETING_MS=8000
export GIT_RELEASE_SILENCE_MS GIT_RELEASE_GREETING_MS

# run <ssh config>: v1.1.0 over what is live.
run () {
	GIT_SSH_COMMAND="ssh -F $1" git -C app release --no-sync v1.1.0 \
		>out 2>err </dev/null
}

# broken <up|down> <bytes> <kind>: the same through a wire that breaks.
broken () {
	rm -rf "$SRV" wire && cp -a one "$SRV" && : >wire
	"$BUILD/tests/wire-cut" $WIRE "$SSH_PORT" "$1" "$2" "$3" >wire & wire=$!
	test_wait_for 5 grep -q ready wire
	run "$TRASH/wire_config"
	code=$?
	broke=$code
	test_wait_for 5 grep "^[0-9]" wire || kill $wire
	wait $wire
}

free () {
	flock -n "$SRV/.release/lock" true
}

judge () {
	case $code in
	0)	live_is "$SRV" app v1.1.0 ;;
	4|128)	test "$(live_release "$SRV")" = "$first" ;;
	5)	grep "git release status" err ;;
	*)	false ;;
	esac
}

# one <up|down> <bytes> <kind>
one () {
	broken "$@"
	# A wire that nobody used proves nothing.
	grep -q "^[0-9]" wire && test_wait_for 12 free && judge && "$CHECK" check "$SRV" before &&
	run "$SSH_DIR/ssh_config" && live_is "$SRV" app v1.1.0 &&
	"$CHECK" clean "$SRV" before && return
	echo "$*: exit $code"
	cat out err
	return 1
}

# sweep <kind> <times>: so many places in both directions, from end to end.
sweep () {
	broken_runs=0
	for way in up down
	do
		test $way = up && total=$up || total=$down
		n=1
		while test $n -le "$2"
		do
			one $way $((total * n / ($2 + 1) + n)) "$1" || return 1
			test "$broke" = 0 || broken_runs=$((broken_runs + 1))
			n=$((n + 1))
		done
	done
	test $broken_runs -gt $(($2 / 2))
}

test_expect_success 'setup' '
	make_app_repo app && app_target app production "web1:srv" &&
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" \
		git -C app release --no-sync v1.0.0 &&
	first=$(live_release "$SRV") && cp -a "$SRV" one &&
	"$CHECK" snapshot one >before
'

# measure: how many bytes a run without a fault takes.
measure () {
	broken up 0 cut
	cat out err wire
	live_is "$SRV" app v1.1.0 && up=$(sed -n "s/ .*//p" wire) &&
	down=$(sed -n "s/.* //p" wire) && test "$up" -gt 1000 &&
	test "$down" -gt 1000
}

few=${FAULT_QUICK:+3}
few=${few:-100}
for kind in libssh2 openssh
do
	test_expect_success "$kind: unbroken" '
		git -C app config release.transport $kind && measure'
	test_expect_success "$kind: cut" 'sweep cut $few'
	test_expect_success "$kind: a bit turned round" 'sweep flip $few'
	test_expect_success "$kind: stalled behind the greeting" '
		one down $((down * 9 / 10)) stall && one up $((up * 9 / 10)) stall'
done

test_done
