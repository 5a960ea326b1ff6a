#!/bin/sh

test_description='the main job over real SSH servers, both ways'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
test_at_done stop_all_sshd

# over <kind> <command>...: git release over one transport.
over () {
	over_kind=$1
	shift
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" git -C app \
		-c "release.transport=$over_kind" "$@"
}

test_expect_success 'setup: a server and an application' '
	start_sshd &&
	make_app_repo app origin.git
'

for kind in libssh2 openssh
do
	test_expect_success "$kind: first release, second, files as tagged" '
		app_target app production "web1:$kind" &&
		over $kind release -v v1.0.0 >out 2>err &&
		grep "connected through $kind" out err &&
		live_is "$SSH_HOME/$kind" app v1.0.0 &&
		over $kind release v1.1.0 >out &&
		grep "^  ship  *3 files changed" out &&
		live_is "$SSH_HOME/$kind" app v1.1.0 &&
		test -x "$SSH_HOME/$kind/current/bin/console" &&
		test -x "$(echo "$SSH_HOME/$kind/.release/bin/agent-"*)"
	'

	test_expect_success "$kind: the agent is sent once" '
		ls -i "$SSH_HOME/$kind/.release/bin" >before &&
		over $kind release v1.2.0 >out &&
		ls -i "$SSH_HOME/$kind/.release/bin" >after &&
		test_cmp before after &&
		live_is "$SSH_HOME/$kind" app v1.2.0
	'

	test_expect_success "$kind: rollback, status, verify" '
		over $kind release rollback &&
		live_is "$SSH_HOME/$kind" app v1.1.0 &&
		over $kind release status >out &&
		grep v1.1.0 out &&
		over $kind release verify
	'

	test_expect_success "$kind: what was edited on the server is sent again" '
		live=$SSH_HOME/$kind/current &&
		echo "hot fix" >>"$live/app/Model3.php" &&
		rm "$live/app/Model1.php" &&
		over $kind release --again --allow-older \
			--discard-server-edits v1.0.0 >out &&
		live_is "$SSH_HOME/$kind" app v1.0.0
	'

	test_expect_success "$kind: a hook that fails ends in exit 4, undone" '
		test_expect_code 4 over $kind -c "release.midHook=exit 7" \
			release v1.2.0 2>err &&
		grep "midHook .exit 7. failed with status 7" err &&
		live_is "$SSH_HOME/$kind" app v1.0.0 &&
		test 0 = "$(ls "$SSH_HOME/$kind/.release/trash" | wc -l)"
	'
done

test_expect_success 'a url with ssh:// and a path from /' '
	app_target app production "ssh://web1:$SSH_PORT$SSH_HOME/abs" &&
	over auto release v1.0.0 &&
	live_is "$SSH_HOME/abs" app v1.0.0
'

test_expect_success 'a server that is not there: 128, nothing said twice' '
	app_target app production "ssh://127.0.0.1:1/x" &&
	test_expect_code 128 over auto release v1.0.0 2>err &&
	grep "^fatal: " err
'

test_expect_success 'hardened: RSA host key and ETM MACs only' '
	mkdir -p sshd.2 && chmod 700 sshd.2 &&
	ssh-keygen -q -t rsa -b 3072 -N "" -f sshd.2/hostkey &&
	start_sshd "HostKeyAlgorithms rsa-sha2-512,rsa-sha2-256" \
		"MACs hmac-sha2-512-etm@openssh.com" \
		"Ciphers aes256-ctr" &&
	app_target app production web1:hard &&
	over auto release -v v1.0.0 >out 2>err &&
	live_is "$SSH_HOME/hard" app v1.0.0 &&
	grep "using the ssh program: " out err &&
	test_expect_code 128 over libssh2 release v1.1.0 2>err &&
	grep "libssh2 cannot be used for web1: " err &&
	grep "^hint: set release.transport" err &&
	live_is "$SSH_HOME/hard" app v1.0.0
'

test_done
