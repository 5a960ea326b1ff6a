#!/bin/sh
test_description='the line to the server is cut, stalls, or turns a bit round

At every packet edge, in both directions, with both ways through ssh.'
TEST_TIMEOUT=${TEST_TIMEOUT:-600}
export TEST_TIMEOUT
. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
. "$TOP/tests/lib/lib-wire.sh"
test_require sshd ssh flock
test_at_done stop_all_sshd

CHECK=$BUILD/tests/root-check
start_wire_server || { echo "Bail out! sshd does not start"; exit 1; }

# broken <up|down> <packet> <kind>: v1.1.0 over what is live, through a wire.
broken () {
	rm -rf "$SRV" && cp -a one "$SRV" &&
	through_wire "$@" release --no-sync v1.1.0
}

free () {
	flock -n "$SRV/.release/lock" true
}

judge () {
	case $code in
	0)	test "$(live_release "$SRV")" != "$first" ;;
	4|128)	test "$(live_release "$SRV")" = "$first" ;;
	5)	grep "git release status" "$ROOM/err" ;;
	*)	false ;;
	esac
}

# The same command without a wire: the agent is the same one.
again () {
	git -C "$ROOM/app" -c "release.production.url=$SRV" release --no-sync \
		v1.1.0 >"$ROOM/out" 2>"$ROOM/err" </dev/null &&
	test "$(cat "$SRV/current/REVISION")" = "$goal"
}

# one <up|down> <packet> <kind>
one () {
	broken "$@" && test_wait_for 12 free && judge &&
	"$CHECK" check "$SRV" before && cp "$ROOM/err" "$ROOM/err.first" &&
	again && "$CHECK" clean "$SRV" before || {
		echo "$transport: $*: exit $code"
		cat "$ROOM/out" "$ROOM/err"
		return 1
	}
	struck "$@"
}

# Each fifth and the last three, or all: whether the connection stands, the
# agent starts and the switch is decided are there.
edges () {
	for way in up down
	do
		test $way = up && last=$up || last=$down
		seq "$last" | awk -v way=$way -v last="$last" \
			-v quick="$FAULT_QUICK" '
			!quick || $1 % 5 == 2 || $1 > last - 3 { print way, $1 }'
	done
}

AT_ONCE=6

test_expect_success 'setup' '
	make_app_repo app && app_target app production "web1:srv" &&
	goal=$(git -C app rev-parse v1.1.0^{}) &&
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" \
		git -C app release --no-sync v1.0.0 &&
	first=$(live_release "$SSH_HOME/srv") && cp -a "$SSH_HOME/srv" one &&
	"$CHECK" snapshot one >before &&
	for slot in $(seq $AT_ONCE)
	do
		mkdir slot$slot && cp -a app slot$slot/app &&
		app_target slot$slot/app production "web1:srv$slot" || return 1
	done
'

# measure: how many packets a run without a fault takes.
measure () {
	in_slot 1
	for slot in $(seq $AT_ONCE)
	do
		git -C slot$slot/app config release.transport "$transport"
	done
	broken up 0 none
	cat "$ROOM/out" "$ROOM/err" "$ROOM/wire"
	test $code = 0 && live_is "$SRV" "$ROOM/app" v1.1.0 &&
	sed -n "s/ 0$//p" "$ROOM/wire" >counts && read -r up down <counts &&
	test "$up" -gt 10 && test "$down" -gt 10 && edges >places
}

# Of libssh2 each packet is one write; it has no MAC that leaves the length in
# the open.
for transport in libssh2 openssh
do
	macs='-m hmac-sha2-256' etm=
	test $transport = libssh2 ||
		macs='-m hmac-sha2-256-etm@openssh.com' etm=etm
	test_expect_success "$transport: unbroken" 'measure'
	test_expect_success "$transport: cut" 'sweep cut 2 75'
	test_expect_success "$transport: stalled" "sweep stall $AT_ONCE 75"
	test_expect_success "$transport: a bit of a length" 'sweep length 3 75'
	test_expect_success "$transport: a bit of a MAC" 'sweep mac 2 75'
done

test_done
