#!/bin/sh

test_description='git branch-sync: what stops it before anything moves'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-branches.sh"

fresh () {
	rm -rf origin.git app tree2 shallow &&
	branches_make origin.git app &&
	tip=$(git -C app rev-parse c4) && short=$(echo $tip | cut -c1-7)
}

# The remote's develop gets commits that the release branch lacks. They are
# made in "work", from the given commit, by the commands on stdin.
diverge () {
	rm -rf work && git clone -q -b production origin.git work &&
	git -C work checkout -q -B develop "$1" &&
	(cd work && eval "$2") &&
	git -C work push -q -f origin develop &&
	{ git -C app branch -q -D develop || :; }
}

test_expect_success 'real divergence: nothing moves, all is said' '
	fresh && diverge $(git -C app rev-parse c2) "
		branches_commit \"Ours (#12)\" other &&
		branches_commit \"Ours, too\" other
	" &&
	stops 1 &&
	test_grep "^main      OK — fast-forwardable (3 commits)$" out &&
	test_grep "^develop   DIVERGED — 2 commits not in production, 2 behind; investigate before syncing$" out &&
	test_grep "^develop on origin: has changes that production lacks$" out &&
	test_grep "^  [0-9a-f]* 2026-01-01 A U Thor: Ours (#12)$" out &&
	test_grep "git branch-sync --back-merge develop$" out &&
	test_grep ! -e -f out && test_grep ! -i force out
'

test_expect_success 'ahead: how to move the others without it' '
	fresh && diverge $tip "branches_commit More other" &&
	stops 1 &&
	test_grep "^develop   DIVERGED — 1 commit not in production, 0 behind" out &&
	test_grep "develop on origin: has all of production, and more" out &&
	test_grep "^    git branch-sync main staging$" out &&
	git -C app branch-sync main staging &&
	branches_at origin.git $tip main staging
'

# mend <branch>: types what the command said, as a person would.
mend () {
	sed -n "s/^    git /git /p" out >commands &&
	cat commands &&
	(cd app && sh -e ../commands) &&
	git -C app branch-sync >out
}

test_expect_success 'same content by another history: its commands mend it' '
	fresh && diverge $(git -C app rev-parse c1) "
		git checkout -q c4 -- . 2>/dev/null ||
			git checkout -q origin/production -- . &&
		git commit -q -m Squashed
	" &&
	stops 1 &&
	test_grep "has the same content as production, by another history" out &&
	lost=$(git -C origin.git rev-parse develop) &&
	mend &&
	test -z "$(git -C app diff c4 origin/production)" &&
	branches_at origin.git "$(git -C app rev-parse origin/production)" \
		develop main staging &&
	git -C app merge-base --is-ancestor $lost origin/develop
'

test_expect_success 'cherry-picked: twins are found, the commands mend it' '
	fresh && diverge $(git -C app rev-parse c1) "
		branches_commit One other && branches_commit Two third
	" &&
	(
		cd app && branches_commit Before && git fetch -q &&
		git cherry-pick origin/develop~ origin/develop >/dev/null &&
		git push -q origin production
	) &&
	stops 1 &&
	test_grep "^develop on origin: production has the same changes as other commits (cherry-picked or rebased)" out &&
	test_grep "Two (in production, too)$" out &&
	tree=$(git -C origin.git rev-parse production^{tree}) &&
	lost=$(git -C origin.git rev-parse develop) &&
	mend &&
	test "$(git -C origin.git rev-parse production^{tree})" = $tree &&
	git -C app merge-base --is-ancestor $lost origin/develop
'

test_expect_success 'squashed: the commit that has it all is named' '
	fresh && diverge $(git -C app rev-parse c2) "
		branches_commit One other && branches_commit Two other
	" &&
	(
		cd app && branches_commit Before && git fetch -q &&
		git merge -q --squash origin/develop >/dev/null &&
		git commit -q -m "Both (#7)" && branches_commit After &&
		git push -q origin production
	) &&
	squashed=$(git -C app rev-parse --short=7 production~) &&
	stops 1 &&
	test_grep "production has all of it as one commit, $squashed (squashed)" out &&
	mend
'

test_expect_success 'a merge that only merges does not hide twins; an evil one does' '
	fresh && diverge $(git -C app rev-parse c1) "
		branches_commit One other &&
		git merge -q --no-edit origin/staging
	" &&
	(
		cd app && git fetch -q && branches_commit Before &&
		git cherry-pick origin/develop^1 >/dev/null &&
		git push -q origin production
	) &&
	stops 1 &&
	test_grep "production has the same changes" out &&
	test_grep "(a merge)$" out &&
	diverge $(git -C app rev-parse c1) "
		branches_commit One other &&
		git merge -q --no-commit origin/staging &&
		echo evil >third && git add third && git commit -q -m evil
	" &&
	stops 1 --remote origin &&
	test_grep "^develop on origin: has changes that production lacks" out
'

test_expect_success 'commits here that were never pushed' '
	fresh &&
	(cd app && git checkout -q develop && branches_commit Mine) &&
	stops 1 &&
	test_grep "^develop          OK — already at production$" out &&
	test_grep "^develop (here)   DIVERGED — 1 commit not in production, 3 behind" out &&
	test_grep "^    git branch -m develop develop-kept$" out &&
	mend &&
	test "$(git -C app log -1 --format=%s develop-kept)" = Mine
'

test_expect_success 'commits here, where git fetch would overwrite them' '
	fresh && rm -rf app && git clone -q --bare origin.git app &&
	git -C app config remote.origin.fetch "+refs/heads/*:refs/heads/*" &&
	git -C app update-ref refs/heads/main "$(git -C app commit-tree \
		-p main -m Mine main^{tree})" &&
	refs_of app >before &&
	test_expect_code 1 git -C app branch-sync >out &&
	test_grep "^main (here)   DIVERGED" out &&
	refs_of app >after && test_cmp before after &&
	git -C app branch -q -m main kept &&
	git -C app branch-sync && branches_at app $tip staging develop
'

test_expect_success 'a subject cannot write to the terminal' '
	fresh && diverge $(git -C app rev-parse c2) "
		branches_commit \"$(printf "x\033[2J\001y")\" other
	" &&
	stops 1 && test_grep ! "$(printf "\033")" out &&
	test_grep "033\[2J" out
'

test_expect_success 'JSON says it, too, and exits 1' '
	fresh && diverge $(git -C app rev-parse c2) "
		branches_commit Ours other
	" &&
	stops 1 --json &&
	python3 - out <<-\EOT
	import json, sys
	doc = json.load(open(sys.argv[1]))
	assert doc["result"] == "diverged"
	remote = doc["branches"][2]["remote"]
	assert remote["class"] == "diverged" and remote["ahead"] == 1
	assert remote["commits"][0]["subject"] == "Ours"
	assert remote["commands"] == ["git branch-sync --back-merge develop"]
	EOT
'

test_expect_success 'changes in the checked-out branch, staged or not' '
	fresh && git -C app checkout -q main &&
	echo mine >>app/file &&
	stops 1 && test_grep "^error: .main. is checked out in .*: .file." err &&
	test_grep "^hint: .*git stash" err && test_grep mine app/file &&
	git -C app add file && stops 1 && test_grep mine app/file &&
	git -C app reset -q --hard && git -C app branch-sync
'

test_expect_success 'changes in a branch that need not move are no matter' '
	fresh && echo mine >>app/file &&
	git -C app branch-sync && test_grep mine app/file &&
	branches_at app $tip main develop
'

test_expect_success 'an untracked file in the way, ignored or not' '
	fresh &&
	(
		cd app && branches_commit More "new dir" &&
		git push -q origin production &&
		git checkout -q main && echo precious >"new dir"
	) &&
	stops 1 && test_grep "untracked files in the way: .new dir." err &&
	echo "new*" >>app/.git/info/exclude &&
	stops 1 && test_grep precious "app/new dir" &&
	rm "app/new dir" && git -C app branch-sync
'

test_expect_success 'changes in another work tree' '
	fresh && git -C app worktree add -q ../tree2 main &&
	echo mine >>tree2/file &&
	stops 1 && test_grep "in .*tree2.* with changes" err &&
	test_grep mine tree2/file
'

test_expect_success 'a work tree that cannot be reached' '
	fresh && git -C app worktree add -q ../tree2 main && mv tree2 tree3 &&
	stops 1 && test_grep "cannot be reached" err &&
	mv tree3 tree2 && git -C app branch-sync &&
	test -z "$(git -C tree2 status --porcelain)"
'

test_expect_success 'a rebase, here or in another work tree' '
	fresh &&
	(
		cd app && git checkout -q develop && branches_commit Mine &&
		test_must_fail git rebase -q c4
	) &&
	git -C app update-ref refs/heads/develop c1 &&
	stops 1 && test_grep "a rebase of .develop. is under way in" err &&
	git -C app branch-sync main staging &&
	branches_at origin.git $tip main staging
'

test_expect_success 'a merge and a bisect' '
	fresh &&
	(
		cd app && git checkout -q -b side c1 && branches_commit Side &&
		git checkout -q main && branches_commit Main &&
		test_must_fail git merge -q side &&
		git update-ref refs/heads/main c1
	) &&
	stops 1 && test_grep "a merge of .main. is under way" err &&
	fresh &&
	(cd app && git checkout -q main && git bisect start -q c4 c1) &&
	stops 1 && test_grep "a bisect of .main. is under way" err
'

test_expect_success 'a shallow clone' '
	fresh && mv app full &&
	git clone -q --depth 1 --no-single-branch "file://$PWD/origin.git" app &&
	stops 1 && test_grep "shallow clone" err &&
	test_grep "^hint: git fetch --unshallow origin" err &&
	rm -rf full
'

test_expect_success 'grafts and replaced objects' '
	fresh &&
	git -C app rev-parse c4 >app/.git/info/grafts &&
	stops 1 && test_grep "info/grafts" err &&
	rm app/.git/info/grafts &&
	git -C app replace c3 c2 &&
	stops 1 && test_grep "refs/replace" err &&
	GIT_NO_REPLACE_OBJECTS=1 git -C app branch-sync &&
	branches_at origin.git $tip main staging
'

test_expect_success 'a branch that is another name for one' '
	fresh && git -C app branch -D develop &&
	git -C app symbolic-ref refs/heads/develop refs/heads/main &&
	stops 1 && test_grep "another name for" err
'

test_expect_success 'no such branch, source, remote; not a repository' '
	fresh &&
	stops 128 nope && test_grep "no branch .nope. on .origin." err &&
	test_grep "^hint: .*branchsync.branch" err &&
	stops 128 --from nope && test_grep "no branch .nope. on .origin." err &&
	test_grep "^hint: .*git config branchsync.from <branch>" err &&
	stops 128 --remote nope && test_grep "there is no remote .nope." err &&
	git -C origin.git update-ref -d refs/heads/staging &&
	stops 128 && test_grep "no branch .staging. on .origin." err &&
	mkdir nothing &&
	(cd nothing && test_expect_code 128 git branch-sync)
'

test_expect_success 'a remote that is not there' '
	fresh && mv origin.git gone.git &&
	test_expect_code 128 git -C app branch-sync 2>err &&
	test_grep "^fatal: cannot fetch from .origin." err &&
	mv gone.git origin.git
'

test_expect_success 'settings that are wrong' '
	fresh &&
	printf "[branchsync]\n\tform = production\n" >app/.gitrelease &&
	stops 128 && test_grep "unknown key .branchsync.form." err
'

test_done
