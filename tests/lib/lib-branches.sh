# A remote with a release branch and the branches that follow it, for the tests
# of git branch-sync. Sourced by them.

# branches_commit <subject> [<file>]: in the current repository; the file gets
# one more line.
branches_commit () {
	test_tick &&
	echo "$1" >>"${2:-file}" &&
	git add "${2:-file}" &&
	git commit -q -m "$1"
}

# branches_make <origin.git> <clone>: production has commits 1 to 4 (tags c1 to
# c4, in the clone only); on the remote main is at 1, staging at 3, develop at
# 4. In the clone production is checked out, main and develop are there, at 1.
branches_make () {
	git init -q --bare -b production "$1" &&
	git init -q -b production "$2" &&
	(
		cd "$2" &&
		git remote add origin "$TRASH/$1" &&
		for n in 1 2 3 4
		do
			branches_commit "Commit $n" &&
			git tag "c$n" || exit 1
		done &&
		git push -q origin production c1:refs/heads/main \
			c3:refs/heads/staging c4:refs/heads/develop &&
		git fetch -q origin &&
		git branch -q main c1 &&
		git branch -q develop c1
	)
}

# on_remote <origin.git> <branch> <commit>: adds nothing, only moves it there.
on_remote () {
	git -C "$TRASH/$1" update-ref "refs/heads/$2" "$3"
}

# refs_of <repository>: everything that must not move when nothing may.
refs_of () {
	git -C "$1" for-each-ref --format='%(refname) %(objectname)' \
		refs/heads refs/tags
}

# branches_before <origin.git> <clone>: remembers what both have.
branches_before () {
	refs_of "$1" >"$TRASH/remote.before" &&
	refs_of "$2" >"$TRASH/local.before" &&
	git -C "$2" status --porcelain --branch >"$TRASH/status.before"
}

# branches_same <origin.git> <clone>: nothing has moved since.
branches_same () {
	refs_of "$1" >"$TRASH/remote.after" &&
	refs_of "$2" >"$TRASH/local.after" &&
	git -C "$2" status --porcelain --branch >"$TRASH/status.after" &&
	test_cmp "$TRASH/remote.before" "$TRASH/remote.after" &&
	test_cmp "$TRASH/local.before" "$TRASH/local.after" &&
	test_cmp "$TRASH/status.before" "$TRASH/status.after"
}

# stops <exit> [<argument>...]: git branch-sync in app, and nothing has moved;
# out and err have its words.
stops () {
	stops_code=$1
	shift
	branches_before origin.git app &&
	test_expect_code "$stops_code" git -C app branch-sync "$@" \
		>out 2>err &&
	branches_same origin.git app
}

# branches_at <repository> <commit> <branch>...
branches_at () {
	branches_repo=$1 branches_want=$2
	shift 2
	for branches_name
	do
		branches_is=$(git -C "$branches_repo" rev-parse --verify -q \
			"refs/heads/$branches_name") &&
		test "$branches_is" = "$branches_want" || {
			echo "$branches_repo: $branches_name is at" \
				"$branches_is, not at $branches_want"
			return 1
		}
	done
}
