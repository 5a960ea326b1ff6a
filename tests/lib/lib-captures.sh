# Captures made by hand, for the tests of what is done with them: a project, its
# remote, and a branch on top of the commit that is live. Sourced by them.

# captures_make <origin.git> <clone>: main has a small shop (its tip is tagged
# live) that is deployed by Deployer; both sides of the audit are in order.
captures_make () {
	git init -q --bare -b main "$1" &&
	git init -q -b main "$2" &&
	(
		cd "$2" &&
		git remote add origin "$TRASH/$1" &&
		git config serversync.target main &&
		mkdir -p .github/workflows app/Models docs public &&
		printf '%s\n' '<?php namespace Deployer;' \
			"set('clear_paths', ['docs', '*.md']);" >deploy.php &&
		printf '%s\n' 'env:' '  GIT_ONLY_PATHS: docs *.md' 'jobs:' \
			'  sync:' '    runs-on: x' \
			>.github/workflows/server-sync-production.yml &&
		echo '<?php echo "shop";' >public/index.php &&
		echo '<?php class User {}' >app/Models/User.php &&
		echo '<?php class Cart {}' >app/Models/Cart.php &&
		echo manual >docs/manual.txt &&
		echo old >old.txt && echo older >older.txt &&
		app_tag . live &&
		git push -q origin main && git fetch -q origin
	)
}

# captures_commit [<trailer>...]: the work tree as a capture of production.
captures_commit () {
	test_tick &&
	git add -A &&
	{
		printf '%s\n' 'Capture server edits of production' '' \
			'Changed on web1.example.com.' '' \
			'Server: web1.example.com' \
			'Release: 20261126110000 (1.2.0)' \
			'Captured-At: 2026-11-26T12:00:00Z'
		test $# = 0 || printf '%s\n' "$@"
	} >"$TRASH/message" &&
	git commit -q --allow-empty -F "$TRASH/message"
}

capture=serversync/production/20261126120000

# captures_begin: in the clone, on the branch of a capture to be made.
captures_begin () {
	git switch -q -C "$capture" live
}

# captures_push: the branch is on the remote, and main is checked out again.
captures_push () {
	git push -q origin "$capture" && git switch -q main
}

# captures_tip [<repository>]
captures_tip () {
	git -C "${1:-.}" rev-parse --verify -q "refs/heads/$capture"
}
