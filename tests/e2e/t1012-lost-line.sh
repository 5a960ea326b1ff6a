#!/bin/sh
test_description='the line drops when the decision is made: the server tells'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"

test_require sshd ssh ps
test_at_done stop_all_sshd
start_sshd || { echo "Bail out! sshd does not start"; exit 1; }
GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config"
export GIT_SSH_COMMAND
make_app_repo app || exit 1
app_target app production "web1:srv"
SRV=$SSH_HOME/srv

# A hook that ends the server's side of the connection it came through, and
# nothing else: the nearest sshd above it, never the one that listens.
cat >drop-line <<EOF
#!/bin/sh
p=\$PPID
while test "\$(ps -o comm= -p \$p)" != sshd
do
	p=\$(ps -o ppid= -p \$p | tr -d " ")
	test "\$p" -gt 1 || exit 0
done
test "\$p" = "\$(cat "$SSH_DIR/pid")" || kill -9 "\$p"
sleep 0.3
\$1
EOF
chmod +x drop-line

post () {
	git -C app config release.production.postHook "$1"
}

no_post () {
	git -C app config --unset release.production.postHook
}

for kind in libssh2 openssh
do
	test_expect_success "$kind: release, look, roll back" '
		rm -rf "$SRV" &&
		git -C app config release.production.transport $kind &&
		git -C app release v1.0.0 && git -C app release v1.1.0 &&
		live_is "$SRV" app v1.1.0 &&
		git -C app release list >out && test_grep "^2 releases" out &&
		git -C app release verify >out && test_grep verified out &&
		git -C app release rollback && live_is "$SRV" app v1.0.0 &&
		git -C app release activate v1.1.0
	'

	test_expect_success "$kind: it was done all the same: a warning, exit 0" '
		post "$TRASH/drop-line" &&
		git -C app release --again v1.1.0 >out 2>err && no_post &&
		test_grep "^warning: .*looked again: release $(live_release "$SRV") is live" err &&
		test_grep "^Released v1.1.0" out &&
		git -C app rev-parse refs/releases/v1.1.0 >expect &&
		git -C app rev-parse refs/deployments/production >got &&
		test_cmp expect got
	'

	test_expect_success "$kind: it was undone: exit 4" '
		before=$(live_release "$SRV") && post "$TRASH/drop-line false" &&
		test_expect_code 4 git -C app release --again v1.1.0 2>err &&
		no_post &&
		test_grep "^error: what was live before still is: " err &&
		test "$before" = "$(live_release "$SRV")"
	'

	test_expect_success "$kind: a rollback, done and undone" '
		post "$TRASH/drop-line false" &&
		test_expect_code 4 git -C app release rollback 2>err &&
		live_is "$SRV" app v1.1.0 &&
		post "$TRASH/drop-line" &&
		git -C app release rollback --json >out 2>err && no_post &&
		test_grep "looked again" err && test_grep "\"release\": \"$(live_release "$SRV")\"" out
	'
done

test_expect_success 'nobody is left behind, and nobody holds the lock' '
	git -C app release status >out && test_grep "lock *free" out
'

test_done
