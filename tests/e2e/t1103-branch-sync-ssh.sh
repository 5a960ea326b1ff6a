#!/bin/sh

test_description='git branch-sync over ssh: one login, whatever the settings'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-branches.sh"
. "$TOP/tests/lib/lib-sshd.sh"

test_at_done stop_all_sshd
unset XDG_RUNTIME_DIR

fresh () {
	rm -rf origin.git app &&
	branches_make origin.git app &&
	tip=$(git -C app rev-parse c4) &&
	git -C app remote set-url origin "web1:$PWD/origin.git" &&
	git -C app config core.sshCommand "ssh -F \"$SSH_DIR/ssh_config\""
}

logins () {
	grep -c "Accepted publickey" "$SSH_DIR/log"
}

# logins_of <number> <command>...: the command succeeds with that many.
logins_of () {
	logins_want=$(($(logins) + $1))
	shift
	"$@" && test "$(logins)" = $logins_want || {
		echo "logins: $(logins), wanted $logins_want"
		return 1
	}
}

leftovers () {
	find /tmp -maxdepth 1 -name "git-branch-sync-*" -user "$(id -un)" |
		sort
}

test_expect_success 'setup' '
	start_sshd && leftovers >before
'

test_expect_success 'one login for fetch, push and the look at what came of it' '
	fresh &&
	logins_of 1 git -C app branch-sync --tag 1.0.0 >out &&
	test_grep "^Moved main, staging on origin" out &&
	branches_at origin.git $tip main staging &&
	test "$(git -C origin.git rev-parse v1.0.0^{})" = $tip
'

test_expect_success 'the connection and its directory are gone' '
	leftovers >after && test_cmp before after
'

test_expect_success 'GIT_SSH_COMMAND is kept, and wins' '
	fresh && git -C app config core.sshCommand false &&
	GIT_SSH_COMMAND="ssh -F \"$SSH_DIR/ssh_config\"" &&
	export GIT_SSH_COMMAND &&
	logins_of 1 git -C app branch-sync &&
	unset GIT_SSH_COMMAND && branches_at origin.git $tip main staging
'

test_expect_success 'a shell is needed for the command line: it gets one' '
	fresh && dir=$SSH_DIR && export dir &&
	git -C app config core.sshCommand "ssh -F \"\$dir/ssh_config\"" &&
	logins_of 1 git -C app branch-sync &&
	branches_at origin.git $tip main staging
'

test_expect_success 'who shares already is left alone' '
	fresh && cp "$SSH_DIR/ssh_config" own_config &&
	printf "ControlMaster auto\nControlPath %s/own\nControlPersist 60\n" \
		"$PWD" >>own_config &&
	git -C app config core.sshCommand "ssh -F \"$PWD/own_config\"" &&
	test_at_done "ssh -F own_config -O exit web1 2>/dev/null" &&
	logins_of 1 git -C app branch-sync &&
	test -S own &&
	branches_at origin.git $tip main staging &&
	ssh -F own_config -O exit web1
'

test_expect_success 'another ssh, or a wrapper without -G: no sharing, no harm' '
	fresh &&
	cat >wrap <<-EOT && chmod +x wrap &&
	#!/bin/sh
	test "\$1" != -G || exit 1
	exec ssh -F "$SSH_DIR/ssh_config" "\$@"
	EOT
	git -C app config core.sshCommand "$PWD/wrap" &&
	logins_of 3 git -C app branch-sync &&
	branches_at origin.git $tip main staging &&
	fresh && git -C app config --unset core.sshCommand &&
	git -C app config ssh.variant simple &&
	GIT_SSH=$PWD/wrap && export GIT_SSH &&
	logins_of 3 git -C app branch-sync && unset GIT_SSH &&
	branches_at origin.git $tip main staging
'

test_expect_success 'a server that allows one session: each logs in' '
	stop_sshd && start_sshd "MaxSessions 1" && fresh &&
	git -C app branch-sync &&
	branches_at origin.git $tip main staging
'

test_expect_success 'no such host, no key: nothing moves, and why' '
	fresh && branches_before origin.git app &&
	mv "$SSH_DIR/authorized_keys" keys &&
	test_expect_code 128 git -C app branch-sync 2>err &&
	test_grep "^fatal: cannot fetch from .origin." err &&
	test_grep "Permission denied" err &&
	mv keys "$SSH_DIR/authorized_keys" &&
	git -C app remote set-url origin "nowhere.invalid:x.git" &&
	test_expect_code 128 git -C app branch-sync 2>err &&
	test_grep "nowhere.invalid" err &&
	branches_same origin.git app &&
	leftovers >after && test_cmp before after
'

test_expect_success 'the line is cut after the push: read back over a new one' '
	fresh &&
	cat >origin.git/hooks/post-receive <<-\EOT &&
	#!/bin/sh
	kill -9 $PPID
	EOT
	chmod +x origin.git/hooks/post-receive &&
	git -C app branch-sync >out 2>err &&
	branches_at origin.git $tip main staging &&
	branches_at app $tip main develop
'

test_done
