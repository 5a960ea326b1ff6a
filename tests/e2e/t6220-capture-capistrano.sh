#!/bin/sh

test_description='git serversync: a server that Capistrano deploys to'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
. "$TOP/tests/lib/lib-capture.sh"
. "$TOP/tests/lib/lib-capistrano.sh"
test_require cap python3
test_at_done stop_all_sshd

state () {
	readlink "$SSH_HOME/srv/current" &&
	capture_state "$SSH_HOME/srv/current" "$SSH_HOME/srv/shared"
}

test_expect_success 'setup: an application, deployed' '
	start_sshd && make_capture_repo app origin.git &&
	app_target app production web1:srv &&
	git -C app config serversync.gitOnly assets &&
	capistrano_setup "$TRASH/origin.git" && capistrano_deploy v1.0.0 &&
	live=$SSH_HOME/srv/current && capture_watched=$live &&
	test -L "$live/storage" && test -L "$live/.env" &&
	test_path_is_file "$live/REVISION" &&
	test_path_is_missing "$live/tests" &&
	for n in 1 2 3
	do
		echo "upload $n" >"$SSH_HOME/srv/shared/storage/$n.jpg" || return 1
	done
'

# REVISION_TIME is of later versions than the one in Debian.
test_expect_success 'nothing was edited, nothing is captured' '
	echo 1767225600 >"$live/REVISION_TIME" &&
	test_path_is_missing "$SSH_HOME/srv/.release" && state >before &&
	capture_finds_nothing production &&
	state >after && test_cmp before after && test -z "$(capture_branch app)"
'

test_expect_success 'edited: --dry-run tells, and does nothing' '
	capture_edits "$live" && state >before &&
	capture_run -n production && test_grep app/Model3.php out &&
	test -z "$(capture_branch app)" && state >after && test_cmp before after
'

test_expect_success 'captured: each file as it should be' '
	capture_run --json production && capture_is app "$live" foreign v1.0.0 &&
	capture_told foreign out && state >after && test_cmp before after &&
	git -C app fsck --strict
'

test_expect_success 'the commit says where from, and no secret anywhere' '
	branch=$(capture_branch app) &&
	git -C app log -1 --format="%an <%ae>%n%B" "$branch" >message &&
	test_grep "^A U Thor <author@example.com>" message &&
	test_grep "^Capture server edits of production" message &&
	git -C app log -1 --format="%(trailers:only,unfold)" "$branch" >got &&
	test_grep "^Server: " got &&
	test_grep "^Release: $(basename "$(readlink "$live")")" got &&
	test_grep "^Captured-At: 20[0-9-]*T[0-9:]*Z$" got &&
	test_grep ! "^Deletion-Reason" got &&
	capture_keeps_secrets app out err message
'

test_expect_success 'again: the same branch, and no content is read' '
	ls "$SSH_HOME/srv/.release/bin" >agents && test $(wc -l <agents) = 1 &&
	capture_run --json production && capture_read_nothing &&
	test "$branch" = "$(capture_branch app)" &&
	capture_run production && test "$branch" = "$(capture_branch app)" &&
	capture_keeps_secrets app out err
'

test_expect_success 'a deletion, with its reason' '
	capture_run --delete "app/Model8.php=replaced by Model7" production &&
	branch=$(capture_branch app) &&
	git -C app diff --name-only --diff-filter=D v1.0.0 "$branch" >got &&
	echo app/Model8.php >want && test_cmp want got &&
	git -C app log -1 --format="%(trailers:only,unfold)" "$branch" >got &&
	test_grep "^Deletion-Reason: app/Model8.php — replaced by Model7$" got
'

test_expect_success 'the next deploy by Capistrano is a clean one' '
	capistrano_deploy v1.1.0 && capture_finds_nothing production
'

test_expect_success 'edited and captured on top of the new commit' '
	capture_edits "$live" && capture_run --json production &&
	capture_is app "$live" foreign v1.1.0 && capture_told foreign out &&
	capture_run --json production && capture_read_nothing
'

test_expect_success 'Capistrano goes on to clean up as it is used to' '
	capistrano_deploy v1.0.0 && capistrano_deploy v1.1.0 &&
	test 2 = "$(ls "$SSH_HOME/srv/releases" | wc -l)" &&
	capture_finds_nothing production
'

test_done
