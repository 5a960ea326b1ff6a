#!/bin/sh
test_description='the line to the server breaks while git serversync looks at it

Cut, stalled, or with a bit turned round, at packet edges in both directions,
with both ways through ssh.'
TEST_TIMEOUT=${TEST_TIMEOUT:-600}
export TEST_TIMEOUT
. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
. "$TOP/tests/lib/lib-wire.sh"
test_require sshd ssh flock
test_at_done stop_all_sshd

start_wire_server || { echo "Bail out! sshd does not start"; exit 1; }
AT_ONCE=6

test_expect_success 'setup' '
	make_app_repo app origin.git &&
	git -C app remote set-url origin ../origin.git &&
	git -C app config gc.auto 0 &&
	printf "[serversync]\n\tgitOnly = docs\n" >app/.gitrelease &&
	app_tag app v1.3.0 && git -C app push -q origin production v1.3.0 &&
	app_target app production web1:srv &&
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" git -C app release -q v1.3.0 &&
	live=$SSH_HOME/srv/$(readlink "$SSH_HOME/srv/current") &&
	echo "// hot" >>$live/app/Model1.php && rm $live/app/Model2.php &&
	head -c 300000 /dev/urandom >$live/large.bin &&
	cp -a "$SSH_HOME/srv" one && readlink one/current >current &&
	mkdir base && mv app origin.git base/ &&
	for slot in $(seq $AT_ONCE)
	do
		mkdir slot$slot || return 1
	done
'

# broken <up|down> <packet> <kind>: in ROOM, through a wire.
broken () {
	rm -rf "$SRV" "$ROOM/app" "$ROOM/origin.git" && cp -a one "$SRV" &&
	cp -a base/app base/origin.git "$ROOM/" &&
	app_target "$ROOM/app" production "web1:${SRV##*/}" &&
	git -C "$ROOM/app" config release.transport $transport &&
	cp "$ROOM/app/.git/index" "$ROOM/index" &&
	through_wire "$@" serversync
}

# No agent of this root runs.
agents_gone () {
	for exe in /proc/[0-9]*/exe
	do
		case $(readlink "$exe") in
		"$SRV"/*) return 1 ;;
		esac
	done
}

captures () {
	git -C "$1" for-each-ref --format="%(objectname)" refs/heads/serversync
}

# Nothing at all, or all of it: what was taken is proven before it is used.
judge () {
	git -C "$ROOM/app" fsck --strict --no-dangling >"$ROOM/fsck" 2>&1 &&
	cmp "$ROOM/index" "$ROOM/app/.git/index" &&
	test "$(readlink "$SRV/current")" = "$(cat current)" &&
	captures "$ROOM/app" >"$ROOM/here" &&
	captures "$ROOM/origin.git" | cmp - "$ROOM/here" &&
	case $code in
	0)	test "$(git -C "$ROOM/app" rev-parse \
			"$(cat "$ROOM/here")^{tree}")" = "$(cat tree)" ;;
	128)	! test -s "$ROOM/here" && grep -q "^fatal:" "$ROOM/err" ;;
	*)	false ;;
	esac
}

# The same command without a wire.
again () {
	git -C "$ROOM/app" -c "release.production.url=$SRV" serversync \
		>"$ROOM/out" 2>"$ROOM/err" </dev/null &&
	test "$(git -C "$ROOM/origin.git" rev-parse \
		"$(captures "$ROOM/origin.git")^{tree}")" = "$(cat tree)" &&
	! find "$SRV/.release/scan" -name "*.new" | grep .
}

# one <up|down> <packet> <kind>
one () {
	broken "$@" && judge && cp "$ROOM/err" "$ROOM/err.first" &&
	test_wait_for 12 agents_gone && again || {
		echo "$transport: $*: exit $code"
		cat "$ROOM/out" "$ROOM/err" "$ROOM/fsck"
		return 1
	}
	struck "$@"
}

# From the start of the agent on; each, or some. What comes before, t3006 has.
edges () {
	for way in up down
	do
		test $way = up && last=$up || last=$down
		seq "$last" | awk -v last="$last" -v way=$way \
			-v quick="$FAULT_QUICK" '
			!quick ? $1 > 6 : $1 > last / 2 && $1 % 4 == 2 {
				print way, $1
			}'
	done
}

# measure: how many packets a run without a fault takes, and what it makes.
measure () {
	in_slot 1
	broken up 0 none
	cat "$ROOM/out" "$ROOM/err" "$ROOM/wire"
	test $code = 0 && git -C "$ROOM/app" rev-parse \
		"$(captures "$ROOM/app")^{tree}" >tree &&
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
	test_expect_success "$transport: cut" 'sweep cut 2 50'
	test "$FAULT_QUICK$transport" = 1libssh2 ||
	test_expect_success "$transport: stalled" "sweep stall $AT_ONCE 50"
	test -n "$FAULT_QUICK" ||
	test_expect_success "$transport: a bit of a length" 'sweep length 3 50'
	test_expect_success "$transport: a bit of a MAC" 'sweep mac 2 50'
done

test_done
