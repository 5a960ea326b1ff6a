#!/bin/sh

test_description='git branch-sync: verdicts, one push, the branches here'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-branches.sh"

fresh () {
	rm -rf origin.git app tree2 &&
	branches_make origin.git app &&
	tip=$(git -C app rev-parse c4)
}

test_expect_success 'the table, in the words that are fixed' '
	fresh &&
	git -C app branch-sync -n >out &&
	cat >expect <<-EOT &&
	main      OK — fast-forwardable (3 commits)
	staging   OK — fast-forwardable (1 commit)
	develop   OK — already at production
	Would move main, staging on origin and main, develop here to production ($(echo $tip | cut -c1-7))
	EOT
	test_cmp expect out
'

test_expect_success 'a dry run moves nothing' '
	fresh && branches_before origin.git app &&
	git -C app branch-sync -n &&
	branches_same origin.git app
'

test_expect_success 'all move: on the remote, here, and what git knows of it' '
	fresh &&
	git -C app branch-sync >out &&
	test_grep "^Moved main, staging on origin and main, develop here" out &&
	branches_at origin.git $tip main staging develop production &&
	branches_at app $tip main develop production &&
	test_must_fail git -C app rev-parse -q --verify refs/heads/staging &&
	test "$(git -C app rev-parse origin/main)" = $tip &&
	test "$(git -C app rev-parse origin/staging)" = $tip &&
	git -C app fsck --strict
'

test_expect_success 'what moved here is in the logs' '
	git -C app reflog show main >log &&
	test_grep "branch-sync: fast-forward to origin/production" log &&
	git -C app reflog show develop >log &&
	test_grep "branch-sync: fast-forward to origin/production" log
'

test_expect_success 'once more changes nothing' '
	branches_before origin.git app &&
	git -C app branch-sync >out &&
	test_grep "^main      OK — already at production$" out &&
	test_grep "^Every branch is at production" out &&
	branches_same origin.git app
'

test_expect_success 'quiet says nothing, -h a usage, an odd option 129' '
	fresh &&
	git -C app branch-sync -q >out 2>err &&
	test_must_be_empty out && test_must_be_empty err &&
	branches_at origin.git $tip main staging &&
	git branch-sync -h >out &&
	test_grep "^usage: git branch-sync" out &&
	test_expect_code 129 git -C app branch-sync --force
'

test_expect_success 'what counts is the source on the remote, not the one here' '
	fresh &&
	(cd app && branches_commit "Not pushed") &&
	git -C app branch-sync &&
	branches_at origin.git $tip main staging develop production &&
	branches_at app $tip main develop
'

test_expect_success 'a source that somebody else pushed is fetched' '
	fresh &&
	git clone -q origin.git other &&
	(cd other && branches_commit "Commit 5" && git push -q) &&
	git -C app branch-sync &&
	branches_at origin.git "$(git -C other rev-parse HEAD)" \
		main staging develop &&
	branches_at app "$(git -C other rev-parse HEAD)" main develop &&
	rm -rf other
'

test_expect_success 'only the branches named, and from another source' '
	fresh &&
	git -C app branch-sync main &&
	branches_at origin.git $tip main &&
	branches_at origin.git "$(git -C app rev-parse c3)" staging &&
	on_remote origin.git main "$(git -C app rev-parse c1)" &&
	git -C app branch -f main c1 &&
	git -C app branch-sync --from staging refs/heads/main &&
	branches_at origin.git "$(git -C app rev-parse c3)" main &&
	test_expect_code 129 git -C app branch-sync --from main main
'

test_expect_success 'settings: git config over .gitrelease' '
	fresh &&
	git -C app remote rename origin upstream &&
	printf "[branchsync]\n\tfrom = production\n\tremote = upstream\n\tbranch = main\n" \
		>app/.gitrelease &&
	git -C app branch-sync -n >out &&
	test_grep "^main   OK" out && test_grep ! staging out &&
	git -C app -c branchsync.branch=staging branch-sync -n >out &&
	test_grep "^staging   OK" out && test_grep ! "^main" out
'

test_expect_success 'partial names are no names; a remote branch like it stays' '
	fresh &&
	on_remote origin.git feature/main "$(git -C app rev-parse c1)" &&
	git -C app branch-sync main &&
	branches_at origin.git "$(git -C app rev-parse c1)" feature/main &&
	branches_before origin.git app &&
	test_expect_code 128 git -C app branch-sync evelop 2>err &&
	test_grep "^fatal: there is no branch .evelop. on .origin." err &&
	branches_same origin.git app
'

test_expect_success 'odd names of branches are moved like others' '
	fresh &&
	odd="a\$(id)'\''b;\"c&é" &&
	git -C app push -q origin "c1:refs/heads/$odd" &&
	git -C app branch "$odd" c1 &&
	git -C app branch-sync -- "$odd" >out &&
	branches_at origin.git $tip "$odd" && branches_at app $tip "$odd" &&
	test_expect_code 128 git -C app branch-sync "a..b" 2>err &&
	test_grep "cannot be the name of a branch" err &&
	test_expect_code 128 git -C app branch-sync -- "-b" &&
	test_expect_code 128 git -C app branch-sync \
		"$(printf "x\033[2Jy")" 2>err &&
	test_grep ! "$(printf "\033")" err
'

test_expect_success 'the checked-out branch moves with its work tree' '
	fresh &&
	git -C app checkout -q main && echo mine >app/untracked &&
	git -C app branch-sync &&
	branches_at app $tip main &&
	printf "Commit %s\n" 1 2 3 4 | test_cmp - app/file &&
	test "$(git -C app status --porcelain)" = "?? untracked" &&
	test "$(git -C app symbolic-ref HEAD)" = refs/heads/main
'

test_expect_success 'from a subfolder, with git -C, GIT_DIR and GIT_WORK_TREE' '
	fresh &&
	git -C app checkout -q main && mkdir app/sub &&
	git -C app/sub branch-sync main &&
	branches_at app $tip main && test -z "$(git -C app status --porcelain)" &&
	on_remote origin.git develop "$(git -C app rev-parse c1)" &&
	git -C app checkout -q develop &&
	GIT_DIR=$PWD/app/.git GIT_WORK_TREE=$PWD/app \
		git branch-sync develop &&
	branches_at app $tip develop && test -z "$(git -C app status --porcelain)"
'

test_expect_success 'a branch in another work tree moves there' '
	fresh &&
	git -C app worktree add -q ../tree2 main &&
	git -C app branch-sync &&
	branches_at app $tip main develop &&
	test -z "$(git -C tree2 status --porcelain)" &&
	test_cmp app/file tree2/file &&
	on_remote origin.git develop "$(git -C app rev-parse c1)" &&
	git -C app checkout -q -B develop c1 &&
	git -C tree2 branch-sync &&
	test -z "$(git -C app status --porcelain)" &&
	branches_at app $tip develop
'

test_expect_success 'a bare repository has no work tree to mind' '
	fresh &&
	git clone -q --bare app bare.git &&
	git -C bare.git remote set-url origin "$PWD/origin.git" &&
	git -C bare.git symbolic-ref HEAD refs/heads/main &&
	git -C bare.git branch-sync &&
	branches_at bare.git $tip main develop && rm -rf bare.git
'

test_expect_success 'a file that was only touched is no edit' '
	fresh &&
	git -C app checkout -q main &&
	touch -d "2001-01-01" app/file &&
	git -C app branch-sync &&
	test -z "$(git -C app status --porcelain)" && branches_at app $tip main
'

test_expect_success 'JSON' '
	fresh &&
	git -C app branch-sync --json >out &&
	python3 - out $tip <<-\EOT
	import json, sys
	doc = json.load(open(sys.argv[1]))
	assert doc["result"] == "done" and doc["source"] == "production"
	assert doc["commit"] == sys.argv[2] and doc["remote"] == "origin"
	main = doc["branches"][0]
	assert main["branch"] == "main" and main["remote"]["class"] == "behind"
	assert main["remote"]["behind"] == 3 and main["remote"]["ahead"] == 0
	assert doc["branches"][1]["local"] is None
	assert doc["branches"][2]["remote"]["class"] == "current"
	EOT
'

test_done
