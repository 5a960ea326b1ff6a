#!/bin/sh

test_description='a real application of some thousand files, over SSH'

TEST_TIMEOUT=600
. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
test_at_done stop_all_sshd

over () {
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" git -C app "$@"
}

test_expect_success 'setup: Debian and npm packages as an application' '
	test_require apt-get npm dpkg &&
	HOME=$BUILD sh "$TOP/tests/lib/real-app.sh" "$TOP/build/cache/real-app" \
		>files &&
	test "$(cat files)" -ge 2000 &&
	git clone -q "$TOP/build/cache/real-app/app.git" app &&
	cat >gitrelease <<-EOF &&
	[release "production"]
		url = web1:app
		shared = logs/
		shared = config/local.inc.php
		recycleAfter = 0s
		keep = 3
	EOF
	git -C app config include.path ../../gitrelease &&
	start_sshd
'

test_expect_success 'first release: every file as in the tag' '
	over release v1.0.0 >out &&
	live_is "$SSH_HOME/app" app v1.0.0 logs config/local.inc.php
'

test_expect_success 'a fix travels in a few kilobytes' '
	over release --json v1.0.1 >json &&
	live_is "$SSH_HOME/app" app v1.0.1 logs config/local.inc.php &&
	sent=$(sed -n "s/.*\"bytes_sent\": \([0-9]*\),*/\1/p" json) &&
	thin=$(printf "v1.0.1\n^v1.0.0\n" | git -C app pack-objects \
		--revs --thin --stdout -q | wc -c) &&
	echo "$sent bytes sent, thin pack $thin" &&
	test "$sent" -lt "$thin"
'

test_expect_success 'an npm package moves on' '
	over release v1.1.0 &&
	live_is "$SSH_HOME/app" app v1.1.0 logs config/local.inc.php
'

test_expect_success 'the oldest release is recycled, not copied' '
	oldest=$(ls "$SSH_HOME/app/releases" | head -n 1) &&
	inode=$(stat -c %i "$SSH_HOME/app/releases/$oldest") &&
	over release --again v1.1.0 &&
	test "$inode" = "$(stat -L -c %i "$SSH_HOME/app/current")" &&
	live_is "$SSH_HOME/app" app v1.1.0 logs config/local.inc.php &&
	over release verify
'

test_expect_success 'and back, every byte verified' '
	over release rollback &&
	over release verify &&
	live_is "$SSH_HOME/app" app v1.1.0 logs config/local.inc.php &&
	over release activate "$(ls "$SSH_HOME/app/releases" | tail -n 1)" &&
	over release verify
'

test_done
