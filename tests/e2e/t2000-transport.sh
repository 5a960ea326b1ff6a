#!/bin/sh
test_description='one pipe to an agent: here, through libssh2, through ssh'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
. "$TOP/tests/lib/lib-probe.sh"

test_require sshd ssh ssh-keygen sha256sum gzip
test_at_done stop_all_sshd
start_sshd || { echo "Bail out! sshd does not start"; exit 1; }
SSH_CONFIG=$SSH_DIR/ssh_config

installed () {
	ls "$SSH_HOME/$1/.release/bin"
}

nothing_left () {
	test_must_be_empty left || { cat left; return 1; }
}

leftovers () {
	find /dev/shm /tmp "$SSH_HOME" -maxdepth 4 -name '.git-release-*' \
		-newer "$AGENT" 2>/dev/null
}

test_expect_success 'a path is served by a child here' '
	mkdir here && cd here &&
	echo hello | "$PROBE" "$AGENT" ./x/ >out 2>err &&
	printf "local\nthis machine\n%s\nself %s \nhello\n" \
		"$PWD/x" "$AGENT" >expect &&
	test_cmp expect out &&
	echo hello | "$PROBE" "$AGENT" "~/x" >out &&
	test "$(sed -n 3p out)" = "$HOME/x"
'

test_expect_success 'an agent that is not there is told' '
	test_must_fail "$PROBE" "$TRASH/nothing" ./x 2>err &&
	test_grep "cannot run .*nothing" err
'

test_expect_success 'libssh2 installs the agent and starts it' '
	mkdir -p "$SSH_HOME/app/.release/bin" &&
	probe_works libssh2 libssh2 web1:app &&
	installed app >got && echo "agent-$AGENT_HASH" >expect &&
	test_cmp expect got &&
	cmp "$AGENT" "$SSH_HOME/app/.release/bin/agent-$AGENT_HASH"
'

test_expect_success 'the next time it is there already' '
	inode=$(stat -c %i "$SSH_HOME"/app/.release/bin/agent-*) &&
	probe_works auto libssh2 web1:app &&
	probe_works openssh openssh web1:app &&
	test "$inode" = "$(stat -c %i "$SSH_HOME"/app/.release/bin/agent-*)"
'

test_expect_success 'the ssh program installs it, too' '
	mkdir -p "$SSH_HOME/app2/.release/bin" &&
	probe_works openssh openssh "web1:app2" &&
	installed app2 >got && test_cmp expect got
'

test_expect_success 'it travels packed, but not what another was packed to' '
	mkdir -p "$SSH_HOME/bin" "$SSH_HOME/packed/.release/bin" &&
	cat >"$SSH_HOME/bin/gzip" <<-EOF && chmod 755 "$SSH_HOME/bin/gzip" &&
	#!/bin/sh
	echo "\$*" >>"$PWD/asked"
	exec $(command -v gzip) "\$@"
	EOF
	echo "PATH=$SSH_HOME/bin:\$PATH" >"$SSH_HOME/.bashrc" &&
	gzip -9nc "$AGENT" >"$AGENT.gz" &&
	probe_works libssh2 libssh2 web1:packed &&
	installed packed >got && test_cmp expect got &&
	test_grep "^-dc$" asked &&
	rm asked "$SSH_HOME"/packed/.release/bin/* &&
	{ cat "$AGENT" && echo; } | gzip >"$AGENT.gz" &&
	probe_works libssh2 libssh2 web1:packed &&
	installed packed >got && test_cmp expect got &&
	! grep -e -dc asked &&
	rm "$AGENT.gz" "$SSH_HOME/.bashrc"
'

test_expect_success 'without .release/bin it runs from memory and goes' '
	probe_works libssh2 libssh2 web1:none &&
	test_grep "^self /dev/shm/.* unlink" out &&
	test_path_is_missing "$SSH_HOME/none"
'

test_expect_success 'roots reach the server byte for byte' '
	odd=$(printf "a \047\042\\\\\$(id)!;*=\\303\\244") &&
	mkdir -p "$SSH_HOME/$odd/.release/bin" &&
	probe_works libssh2 libssh2 "web1:$odd" &&
	installed "$odd" &&
	probe_works openssh openssh "web1:$odd" &&
	mkdir -p "$SSH_HOME/-n/.release/bin" &&
	probe_works libssh2 libssh2 "web1:-n" &&
	installed ./-n &&
	probe_works libssh2 libssh2 "ssh://web1/~/app" &&
	probe_works openssh openssh "ssh://web1:$SSH_PORT$SSH_HOME/app" &&
	test "$(sed -n 3p out)" = "$SSH_HOME/app"
'

test_expect_success 'an agent in a directory of somebody else is not run' '
	mkdir -p "$SSH_HOME/theirs/.release/bin" &&
	cp "$AGENT" "$SSH_HOME/theirs/.release/bin/agent-$AGENT_HASH" &&
	probe_works libssh2 libssh2 web1:theirs &&
	test_grep "^self .*theirs/.release/bin" out &&
	if test "$(id -u)" = 0
	then
		chown -R nobody "$SSH_HOME/theirs" &&
		probe_works libssh2 libssh2 web1:theirs &&
		test_grep "^self /dev/shm/.* unlink" out &&
		test_grep ! "^self .*theirs" out
	fi
'

test_expect_success 'a megabyte each way arrives whole' '
	head -c 3000000 /dev/urandom >big &&
	for kind in libssh2 openssh
	do
		"$PROBE" -k $kind -c "ssh -F $SSH_CONFIG" "$AGENT" web1:app \
			<big >out 2>err &&
		tail -c 3000000 out | cmp - big || return 1
	done
'

test_expect_success 'banners and chatty rc files are skipped' '
	echo "echo motd; echo git-release-agent 0123456789abcdef 1; printf tail" \
		>"$SSH_HOME/.bashrc" &&
	probe_works libssh2 libssh2 web1:app &&
	probe_works openssh openssh web1:app &&
	echo "head -c 70000 /dev/zero | tr \"\\\\0\" x" >"$SSH_HOME/.bashrc" &&
	probe_fails libssh2 web1:app "prints too much" &&
	echo "echo go away >&2; echo closed; exit 1" >"$SSH_HOME/.bashrc" &&
	probe_fails libssh2 web1:app "ended before the agent started.*go away" &&
	probe_fails openssh web1:app "ended before the agent started.*go away" &&
	rm "$SSH_HOME/.bashrc"
'

test_expect_success 'another protocol is refused' '
	echo "export FAKE_PROTOCOL=2" >"$SSH_HOME/.bashrc" &&
	probe_fails libssh2 web1:app "speaks protocol .2., this program speaks 1" &&
	rm "$SSH_HOME/.bashrc"
'

# The script by itself, without a connection. $1: the root, stdin: the upload.
bootstrap () {
	HOME=$TRASH/boot sh -c "$("$PROBE" -l "$1" "$AGENT_HASH" 00ff)"
}

upload () {
	echo "$(wc -c <"$1") $2" && cat "$1" && test -z "$3" || printf "%s" "$3"
}

test_expect_success 'plain and compressed uploads, and not a byte too many' '
	gzip -c "$AGENT" >agent.gz &&
	mkdir -p boot/r/.release/bin &&
	upload "$AGENT" plain tail | bootstrap r >out &&
	test_grep "^git-release-need 00ff Linux $(uname -m) gzip" out &&
	test "$(tail -n 1 out)" = tail &&
	cmp "$AGENT" boot/r/.release/bin/agent-* &&
	rm boot/r/.release/bin/* &&
	upload agent.gz gzip tail | bootstrap r >out &&
	test "$(tail -n 1 out)" = tail &&
	cmp "$AGENT" boot/r/.release/bin/agent-*
'

test_expect_success 'an upload that is cut short is not used' '
	rm boot/r/.release/bin/* &&
	upload "$AGENT" plain | head -c 200000 | bootstrap r >out &&
	test_grep "^git-release-fail 00ff no directory" out &&
	test_grep ! git-release-agent out &&
	upload agent.gz gzip | head -c 200000 | bootstrap r >out &&
	test_grep "^git-release-fail 00ff" out &&
	test "$(ls -A boot/r/.release/bin)" = ""
'

test_expect_success 'an older agent is better than none' '
	cp "$AGENT" boot/r/.release/bin/agent-old &&
	upload "$AGENT" plain | head -c 200000 | bootstrap r >out &&
	test_grep "^git-release-agent 00ff 1" out &&
	test_grep "^self r/.release/bin/agent-old" out
'

test_expect_success 'dd serves where head cannot count' '
	rm boot/r/.release/bin/* && mkdir -p bin &&
	printf "#!/bin/sh\nexit 1\n" >bin/head && chmod +x bin/head &&
	head -c 60000 "$AGENT" >small && mv "$AGENT" kept && mv small "$AGENT" &&
	hash=$(sha256sum <"$AGENT" | cut -c1-64) &&
	line=$("$PROBE" -l r "$hash" 00ff) &&
	upload "$AGENT" plain |
		HOME=$TRASH/boot PATH=$TRASH/bin:$PATH sh -c "$line" >out &&
	mv kept "$AGENT" &&
	test_grep "^git-release-agent 00ff 1" out
'

# In a mount namespace of its own; $1 are the options of the root's tmpfs.
with_tmpfs () {
	rm -rf boot/m && mkdir -p boot/m &&
	line=$("$PROBE" -l m "$AGENT_HASH" 00ff) &&
	upload agent.gz gzip >up &&
	HOME=$TRASH/boot unshare -rm sh -c "
		mount -t tmpfs -o $1 none boot/m && mkdir -p boot/m/.release/bin &&
		${2:-:} && sh -c '$(echo "$line" | sed "s/'/'\\\\''/g")' <up"
}

if unshare -rm true 2>/dev/null
then
	test_expect_success 'a noexec root: the agent runs from memory' '
		with_tmpfs noexec >out &&
		test_grep "^self /dev/shm/.* unlink" out
	'
	test_expect_success 'a full root: the agent runs from memory' '
		with_tmpfs size=64k >out &&
		test_grep "^self /dev/shm/.* unlink" out
	'
	test_expect_success 'no memory either: it runs from the home' '
		mkdir -p full && TMPDIR=$TRASH/full && export TMPDIR &&
		with_tmpfs size=64k "mount -t tmpfs -o noexec none /dev/shm &&
			mount -t tmpfs -o size=16k none $TRASH/full" >out &&
		unset TMPDIR &&
		test_grep "^self ./.git-release-00ff.* unlink" out &&
		test_path_is_missing boot/.git-release-00ff
	'
fi

test_expect_success 'nothing temporary is left behind' '
	leftovers >left && nothing_left
'

test_expect_success 'another system is told and gets nothing' '
	mkdir -p fakebin &&
	printf "#!/bin/sh\ntest \$1 = -s && echo SunOS || echo sun4v\n" \
		>fakebin/uname && chmod +x fakebin/uname &&
	echo "PATH=$TRASH/fakebin:\$PATH" >"$SSH_HOME/.bashrc" &&
	want="the server runs SunOS sun4v; git release needs Linux $(uname -m)" &&
	probe_fails libssh2 web1:none "$want there" &&
	probe_fails openssh web1:none "$want there" &&
	rm "$SSH_HOME/.bashrc"
'

for shell in dash bash busybox csh tcsh fish zsh ksh
do
	command -v $shell >/dev/null || continue
	run=$(command -v $shell)
	test $shell != busybox || run="$run sh"
	start_sshd "ForceCommand exec $run -c \"\$SSH_ORIGINAL_COMMAND\""
	SSH_CONFIG=$SSH_DIR/ssh_config
	test_expect_success "a login shell that is $shell" '
		mkdir -p "$SSH_HOME/a b/.release/bin" &&
		probe_works libssh2 libssh2 "web1:a b" &&
		installed "a b" &&
		probe_works openssh openssh "web1:a b"
	'
	stop_sshd
done

test_expect_success 'ssh that cannot connect is quoted' '
	probe_fails openssh web1:app "web1: the connection ended before.*refused" &&
	probe_fails libssh2 web1:app "cannot connect to 127.0.0.1 port"
'

test_done
