# A line to a server that breaks at packet edges, for the loops that try each:
# sourced after lib-sshd.sh. A round works in a slot of its own, $ROOM, with a
# root of its own, $SRV; the test has one <way> <packet> <kind>, which is a
# round, and a file "places" with a way and a packet in each line.

# start_wire_server: "web1", which one reaches through a wire as well.
start_wire_server () {
	start_sshd "SetEnv GIT_RELEASE_ALIVE_GONE_MS=1500 HOME=$PWD/sshd.1/home" \
		"MaxStartups 100" || return
	# Each wire is another port. What cannot be told from one that is slow
	# counts as broken soon.
	{
		printf "%s\n" "HostKeyAlias wire" "ConnectTimeout 2" \
			"Ciphers aes128-ctr"
		sed '/^Port /d' "$SSH_DIR/ssh_config"
	} >wire_config
	sed "s/^[^ ]*/wire/" "$SSH_DIR/known_hosts" >wire_hosts
	cat wire_hosts >>"$SSH_DIR/known_hosts"
	GIT_RELEASE_SILENCE_MS=2000 GIT_RELEASE_GREETING_MS=2000
	GIT_RELEASE_LOGIN_MS=2000 GIT_RELEASE_FINISH_MS=100
	GIT_RELEASE_LOOK_MS=100
	export GIT_RELEASE_SILENCE_MS GIT_RELEASE_GREETING_MS \
		GIT_RELEASE_FINISH_MS GIT_RELEASE_LOOK_MS GIT_RELEASE_LOGIN_MS
}

in_slot () {
	ROOM=$TRASH/slot$1 SRV=$SSH_HOME/srv$1
}

# through_wire <up|down> <packet> <kind> <git command>...: in the slot's app,
# with $macs and $etm as the transport needs them; its end is in $code.
through_wire () {
	: >"$ROOM/wire"
	"$BUILD/tests/wire-cut" "$SSH_PORT" "$1" "$2" "$3" $etm \
		>"$ROOM/wire" & wire=$!
	shift 3
	test_wait_for 5 grep -q ready "$ROOM/wire" || return
	GIT_SSH_COMMAND="ssh -F $TRASH/wire_config -p $(cut -d" " -f2 "$ROOM/wire") $macs" \
		timeout 60 git -C "$ROOM/app" "$@" \
		>"$ROOM/out" 2>"$ROOM/err" </dev/null
	code=$?
	test_wait_for 5 grep -q "^[0-9]" "$ROOM/wire" || kill $wire
	wait $wire
}

# struck <way> <packet> <kind>: at the end of a round. A wire that nobody used
# so far proves nothing.
struck () {
	grep -q " 1$" "$ROOM/wire" && echo "$*" >>"$ROOM/struck"
	test $code = 0 || echo "$*" >>"$ROOM/broke"
}

# share <slot> <slots> <kind>: its part of all places.
share () {
	in_slot "$1"
	sed -n "$1~$2p" places >"$ROOM/edges"
	while read -r way nr
	do
		one "$way" "$nr" "$3" || return 1
	done <"$ROOM/edges"
}

# sweep <kind> <slots> <percent>: so many at the same time. How the server's
# output is cut into packets varies a little: that much has to be met.
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
	test "$struck" -ge $((all * $3 / 100)) && test "$broke" -ge $((all / 3))
}
