#!/bin/sh

test_description='git release: the first release to a server, as the README has it'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"

test_require sshd ssh ssh-keygen
test_at_done stop_all_sshd
start_sshd || { echo "Bail out! sshd does not start"; exit 1; }

GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config"
export GIT_SSH_COMMAND

test_expect_success 'setup' '
	make_app_repo app
'

# The login is in its home: nothing has to be there but that.
test_expect_success 'a directory in the home that is not there yet is made' '
	app_target app production web1:shop &&
	git -C app release v1.0.0 &&
	test_path_is_dir "$SSH_HOME/shop/current/public" &&
	git -C app release v1.1.0
'

test_expect_success 'so is one below it' '
	app_target app production web1:www/shop &&
	git -C app release v1.0.0 &&
	test_path_is_dir "$SSH_HOME/www/shop/current/public"
'

test_expect_success 'the home itself is refused' '
	app_target app production web1:. &&
	test_expect_code 128 git -C app release v1.0.0 2>err &&
	test_grep "home directory" err
'

test_expect_success 'a key that nobody knows is refused, with what to do' '
	: >"$SSH_DIR/known_hosts" &&
	app_target app production web1:other &&
	for way in libssh2 openssh
	do
		test_expect_code 128 git -c release.transport=$way \
			-C app release v1.0.0 2>err &&
		test_grep "^hint: connect once" err || return 1
	done &&
	test_path_is_missing "$SSH_HOME/other"
'
test_done
