#!/bin/sh
test_description='the line to the server is cut, stalls, or turns a bit round

At every packet edge, in both directions, with both ways through ssh.'
TEST_TIMEOUT=${TEST_TIMEOUT:-600}
export TEST_TIMEOUT
. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
test_require sshd ssh flock
test_at_done stop_all_sshd

CHECK=$BUILD/tests/root-check
start_sshd "SetEnv GIT_RELEASE_ALIVE_GONE_MS=1500 HOME=$PWD/sshd.1/home" \
	"MaxStartups 100" ||
	{ echo "Bail out! sshd does not start"; exit 1; }
# Each wire is another port. What cannot be told from one that is slow counts
# as broken soon.
cat - "$SSH_DIR/ssh_config" >wire_config <<EOT
HostKeyAlias wire
ConnectTimeout 2
Ciphers aes128-ctr
EOT
sed '/^Port /d' wire_config >wire && mv wire wire_config
sed "s/^[^ ]*/wire/" "$SSH_DIR/known_hosts" >wire_hosts
cat wire_hosts >>"$SSH_DIR/known_hosts"
GIT_RELEASE_SILENCE_MS=2000 GIT_RELEASE_GREETING_MS=2000
GIT_RELEASE_LOGIN_MS=2000 GIT_RELEASE_FINISH_MS=100 GIT_RELEASE_LOOK_MS=100
export GIT_RELEASE_SILENCE_MS GIT_RELEASE_GREETING_MS GIT_RELEASE_FINISH_MS \
	GIT_RELEASE_LOOK_MS GIT_RELEASE_LOGIN_MS

# Where this round works; each has its own repository and root.
in_slot () {
	SLOT=$TRASH/slot$1 SRV=$SSH_HOME/srv$1
}

# broken <up|down> <packet> <kind>: v1.1.0 over what is live, through a wire.
broken () {
	rm -rf "$SRV" && cp -a one "$SRV" && : >"$SLOT/wire"
	"$BUILD/tests/wire-cut" "$SSH_PORT" "$1" "$2" "$3" $etm \
		>"$SLOT/wire" & wire=$!
	test_wait_for 5 grep -q ready "$SLOT/wire" || return
	GIT_SSH_COMMAND="ssh -F $TRASH/wire_config -p $(cut -d" " -f2 "$SLOT/wire") $macs" \
		timeout 60 git -C "$SLOT/app" release --no-sync v1.1.0 \
		>"$SLOT/out" 2>"$SLOT/err" </dev/null
	code=$?
	test_wait_for 5 grep -q "^[0-9]" "$SLOT/wire" || kill $wire
	wait $wire
}

free () {
	flock -n "$SRV/.release/lock" true
}

judge () {
	case $code in
	0)	test "$(live_release "$SRV")" != "$first" ;;
	4|128)	test "$(live_release "$SRV")" = "$first" ;;
	5)	grep "git release status" "$SLOT/err" ;;
	*)	false ;;
	esac
}

# The same command without a wire: the agent is the same one.
again () {
	git -C "$SLOT/app" -c "release.production.url=$SRV" release --no-sync \
		v1.1.0 >"$SLOT/out" 2>"$SLOT/err" </dev/null &&
	test "$(cat "$SRV/current/REVISION")" = "$goal"
}

# one <up|down> <packet> <kind>
one () {
	broken "$@" && test_wait_for 12 free && judge &&
	"$CHECK" check "$SRV" before && cp "$SLOT/err" "$SLOT/err.first" &&
	again && "$CHECK" clean "$SRV" before || {
		echo "$transport: $*: exit $code"
		cat "$SLOT/out" "$SLOT/err"
		return 1
	}
	# A wire that nobody used so far proves nothing.
	grep -q " 1$" "$SLOT/wire" && echo "$*" >>"$SLOT/struck"
	test $code = 0 || echo "$*" >>"$SLOT/broke"
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
	test "$struck" -ge $((all * 3 / 4)) && test "$broke" -ge $((all / 3))
}

SLOTS=6

test_expect_success 'setup' '
	make_app_repo app && app_target app production "web1:srv" &&
	goal=$(git -C app rev-parse v1.1.0^{}) &&
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" \
		git -C app release --no-sync v1.0.0 &&
	first=$(live_release "$SSH_HOME/srv") && cp -a "$SSH_HOME/srv" one &&
	"$CHECK" snapshot one >before &&
	for slot in $(seq $SLOTS)
	do
		mkdir slot$slot && cp -a app slot$slot/app &&
		app_target slot$slot/app production "web1:srv$slot" || return 1
	done
'

# measure: how many packets a run without a fault takes.
measure () {
	in_slot 1
	for slot in $(seq $SLOTS)
	do
		git -C slot$slot/app config release.transport "$transport"
	done
	broken up 0 none
	cat "$SLOT/out" "$SLOT/err" "$SLOT/wire"
	test $code = 0 && live_is "$SRV" "$SLOT/app" v1.1.0 &&
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
	test_expect_success "$transport: stalled" "sweep stall $SLOTS"
	test_expect_success "$transport: a bit of a length" 'sweep length 3'
	test_expect_success "$transport: a bit of a MAC" 'sweep mac 2'
done

test_done
