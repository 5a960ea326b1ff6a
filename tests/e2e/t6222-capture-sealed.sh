#!/bin/sh

test_description='git serversync: every kind of change to a release of ours'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-sshd.sh"
. "$TOP/tests/lib/lib-capture.sh"
test_require python3
test_at_done stop_all_sshd

release () {
	GIT_SSH_COMMAND="ssh -F $SSH_DIR/ssh_config" git -C app release "$@"
}

# 20,000 uploads: below shared/, where nothing is looked at.
uploads () {
	python3 - "$1" <<-\END
	import os, sys
	for n in range(20000):
	    where = f'{sys.argv[1]}/{n // 500:02d}'
	    os.makedirs(where, exist_ok=True)
	    with open(f'{where}/u{n}.jpg', 'w') as f:
	        f.write(str(n))
	END
}

test_expect_success 'setup: built, released, a file made by a hook' '
	start_sshd && make_capture_repo app origin.git &&
	cat >gitrelease <<-EOF &&
	[release]
		build = mkdir -p public/build && echo built >public/build/app.js
		shared = storage/
		shared = .env
	[release "production"]
		url = web1:srv
		midHook = mkdir made && echo 1 >made/a.php && echo 2 >made/b.php
	[serversync]
		gitOnly = assets
	EOF
	git -C app config include.path ../../gitrelease &&
	mkdir -p "$SSH_HOME/srv/shared/storage" &&
	echo KEY=1 >"$SSH_HOME/srv/shared/.env" &&
	uploads "$SSH_HOME/srv/shared/storage" &&
	release v1.0.0 && live=$SSH_HOME/srv/current && capture_watched=$live &&
	test_path_is_file "$live/public/build/app.js" &&
	test_path_is_file "$live/made/a.php"
'

test_expect_success 'nothing was edited: nothing is read' '
	capture_finds_nothing production &&
	capture_run --json production && capture_read_nothing &&
	python3 -c "import json
assert json.load(open(\"out\"))[\"files_looked_at\"] < 1000"
'

test_expect_success 'captured: each file as it should be' '
	capture_edits "$live" &&
	capture_state "$live" "$SSH_HOME/srv/shared" >before &&
	capture_run --json production && capture_is app "$live" sealed v1.0.0 &&
	capture_told sealed out && capture_keeps_secrets app out err &&
	capture_state "$live" "$SSH_HOME/srv/shared" >after &&
	test_cmp before after && git -C app fsck --strict
'

test_expect_success 'again: the same branch, and no content is read' '
	branch=$(capture_branch app) && capture_run --json production &&
	capture_read_nothing && test "$branch" = "$(capture_branch app)"
'

test_expect_success 'what a hook made is new to git, when it was edited' '
	echo 3 >>"$live/made/a.php" && rm "$live/made/b.php" &&
	capture_run production && branch=$(capture_branch app) &&
	git -C app diff --name-status v1.0.0 "$branch" -- made >got &&
	printf "A\tmade/a.php\n" >want && test_cmp want got &&
	test_grep ! made/b.php out
'

# Neither the package nor the objects of the first capture are there.
test_expect_success 'the same from another clone' '
	git -C app rev-parse "$branch^{tree}" >want &&
	mv app first && git clone -q origin.git app &&
	git -C app config include.path ../../gitrelease &&
	capture_run production &&
	git -C app rev-parse "$(capture_branch app)^{tree}" >got &&
	test_cmp want got
'

test_done
