# A stand-in for the agent, and short ways to call pipe-probe. The stand-in
# answers as the real one does where the transport looks (serve, check), then
# tells how it was started and sends back what it gets.

PROBE=$BUILD/tests/pipe-probe
AGENT=$TRASH/agent-$(uname -m)

cat >"$AGENT" <<'EOF'
#!/bin/sh
case $1 in
serve)
	printf '\ngit-release-agent %s %s\n' "$2" "${FAKE_PROTOCOL:-1}"
	echo $$ >"$HOME/agent.pid"
	echo "self $0 $4"
	test "$4" != unlink || rm -f "$0"
	exec cat ;;
check)
	test "$(sha256sum <"$0" | cut -c1-64)" = "$2" ;;
esac
EOF
# Enough more of it that sending takes several packets.
head -c 300000 /dev/urandom | base64 | sed 's/^/# /' >>"$AGENT"
chmod 755 "$AGENT"
AGENT_HASH=$(sha256sum <"$AGENT" | cut -c1-64)

# probe <kind> <url>: sends "hello"; stdout in out, messages in err.
probe () {
	echo hello | "$PROBE" -k "$1" -c "${SSH_WITH:-ssh} -F $SSH_CONFIG" \
		-- "$AGENT" "$2" >out 2>err
}

# probe_works <kind> <transport that served it> <url>
probe_works () {
	probe "$1" "$3" || { cat err; return 1; }
	test "$(head -n 1 out)" = "$2" && test "$(tail -n 1 out)" = hello &&
		return 0
	cat out err
	return 1
}

# probe_fails <kind> <url> <part of the message>
probe_fails () {
	if probe "$1" "$2"
	then
		echo "connected, but must not:"; cat out err
		return 1
	fi
	grep "^error: .*$3" err || { cat err; return 1; }
}
