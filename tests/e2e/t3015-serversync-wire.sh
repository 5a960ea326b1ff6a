#!/bin/sh
test_description='the line to the server breaks while git serversync looks at it

Cut, stalled, or with a bit turned round, at packet edges in both directions,
with both ways through ssh.'
TEST_TIMEOUT=${TEST_TIMEOUT:-600}
export TEST_TIMEOUT
. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
test_require sshd ssh flock
test_at_done stop_all_sshd

start_sshd "SetEnv GIT_RELEASE_ALIVE_GONE_MS=1500 HOME=$PWD/sshd.1/home" \
	"MaxStartups 100" ||
	{ echo "Bail out! sshd does not start"; exit 1; }
# Each wire is another port. What cannot be told from one that is slow counts
# as broken soon.
{
	printf "%s\n" "HostKeyAlias wire" "ConnectTimeout 2" "Ciphers aes128-ctr"
	sed '/^Port /d' "$SSH_DIR/ssh_config"
} >wire_config
sed "s/^[^ ]*/wire/" "$SSH_DIR/known_hosts" >wire_hosts
cat wire_hosts >>"$SSH_DIR/known_hosts"
GIT_RELEASE_SILENCE_MS=2000 GIT_RELEASE_GREETING_MS=2000
GIT_RELEASE_LOGIN_MS=2000 GIT_RELEASE_FINISH_MS=100 GIT_RELEASE_LOOK_MS=100
export GIT_RELEASE_SILENCE_MS GIT_RELEASE_GREETING_MS GIT_RELEASE_FINISH_MS \
	GIT_RELEASE_LOOK_MS GIT_RELEASE_LOGIN_MS
SLOTS=6

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
	for slot in $(seq $SLOTS)
	do
		mkdir slot$slot || return 1
	done
'

# broken <up|down> <packet> <kind>: in SLOT, through a wire.
broken () {
	rm -rf "$SRV" "$SLOT/app" "$SLOT/origin.git" && cp -a one "$SRV" &&
	cp -a base/app base/origin.git "$SLOT/" && : >"$SLOT/wire" &&
	app_target "$SLOT/app" production "web1:${SRV##*/}" &&
	git -C "$SLOT/app" config release.transport $transport &&
	cp "$SLOT/app/.git/index" "$SLOT/index"
	"$BUILD/tests/wire-cut" "$SSH_PORT" "$1" "$2" "$3" $etm \
		>"$SLOT/wire" & wire=$!
	test_wait_for 5 grep -q ready "$SLOT/wire" || return
	GIT_SSH_COMMAND="ssh -F $TRASH/wire_config -p $(cut -d" " -f2 "$SLOT/wire") $macs" \
		timeout 60 git -C "$SLOT/app" serversync \
		>"$SLOT/out" 2>"$SLOT/err" </dev/null
	code=$?
	test_wait_for 5 grep -q "^[0-9]" "$SLOT/wire" || kill $wire
	wait $wire
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
	git -C "$SLOT/app" fsck --strict --no-dangling >"$SLOT/fsck" 2>&1 &&
	cmp "$SLOT/index" "$SLOT/app/.git/index" &&
	test "$(readlink "$SRV/current")" = "$(cat current)" &&
	captures "$SLOT/app" >"$SLOT/here" &&
	captures "$SLOT/origin.git" | cmp - "$SLOT/here" &&
	case $code in
	0)	test "$(git -C "$SLOT/app" rev-parse \
			"$(cat "$SLOT/here")^{tree}")" = "$(cat tree)" ;;
	128)	! test -s "$SLOT/here" && grep -q "^fatal:" "$SLOT/err" ;;
	*)	false ;;
	esac
}

# The same command without a wire.
again () {
	git -C "$SLOT/app" -c "release.production.url=$SRV" serversync \
		>"$SLOT/out" 2>"$SLOT/err" </dev/null &&
	test "$(git -C "$SLOT/origin.git" rev-parse \
		"$(captures "$SLOT/origin.git")^{tree}")" = "$(cat tree)" &&
	! find "$SRV/.release/scan" -name "*.new" | grep .
}

# one <up|down> <packet> <kind>
one () {
	broken "$@" && judge && cp "$SLOT/err" "$SLOT/err.first" &&
	test_wait_for 12 agents_gone && again || {
		echo "$transport: $*: exit $code"
		cat "$SLOT/out" "$SLOT/err" "$SLOT/fsck"
		return 1
	}
	# A wire that nobody used so far proves nothing.
	grep -q " 1$" "$SLOT/wire" && echo "$*" >>"$SLOT/struck"
	test $code = 0 || echo "$*" >>"$SLOT/broke"
}

in_slot () {
	SLOT=$TRASH/slot$1 SRV=$SSH_HOME/srv$1
}

# share <slot> <slots> <kind>: its part of all packets in both directions.
share () {
	in_slot "$1"
	sed -n "$1~$2p" places >"$SLOT/edges"
	while read -r way nr
	do
		one "$way" "$nr" "$3" || return 1
	done <"$SLOT/edges"
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

# sweep <kind> <slots>
sweep () {
	rm -f slot*/struck slot*/broke
	pids=
	for slot in $(seq "$2")
	do
		share "$slot" "$2" "$1" >"slot$slot/log" 2>&1 & pids="$pids $!"
	done
	sweep_code=0
	for pid in $pids
	do
		wait "$pid" || sweep_code=1
	done
	test $sweep_code = 0 || { cat slot*/log; return 1; }
	struck=$(cat slot*/struck | wc -l) broke=$(cat slot*/broke | wc -l)
	all=$(wc -l <places)
	echo "$1: $all edges, $struck met, $broke runs failed"
	# How the server's output is cut into packets varies a little.
	test "$struck" -ge $((all / 2)) && test "$broke" -ge $((all / 3))
}

# measure: how many packets a run without a fault takes, and what it makes.
measure () {
	in_slot 1
	broken up 0 none
	cat "$SLOT/out" "$SLOT/err" "$SLOT/wire"
	test $code = 0 && git -C "$SLOT/app" rev-parse \
		"$(captures "$SLOT/app")^{tree}" >tree &&
	sed -n "s/ 0$//p" "$SLOT/wire" >counts && read -r up down <counts &&
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
	test_expect_success "$transport: cut" 'sweep cut 2'
	test "$FAULT_QUICK$transport" = 1libssh2 ||
	test_expect_success "$transport: stalled" "sweep stall $SLOTS"
	test -n "$FAULT_QUICK" ||
	test_expect_success "$transport: a bit of a length" 'sweep length 3'
	test_expect_success "$transport: a bit of a MAC" 'sweep mac 2'
done

test_done
