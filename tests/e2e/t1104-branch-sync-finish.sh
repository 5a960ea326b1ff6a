#!/bin/sh

test_description='git branch-sync --back-merge, and --finish at the end'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-branches.sh"

fresh () {
	rm -rf origin.git app tree2 &&
	branches_make origin.git app &&
	tip=$(git -C app rev-parse c4) && short=$(echo $tip | cut -c1-7)
}

# ahead: staging has a commit that production lacks.
ahead () {
	(
		cd app && git checkout -q -b staging c3 &&
		branches_commit Staged other && git push -q origin staging &&
		git checkout -q production
	)
}

# Stands in for the ssh of git@github.com: runs the command here.
ssh_here () {
	cat >ssh-here <<-EOT &&
	#!/bin/sh
	test "\$1" != -G || exit 1
	for arg; do :; done
	cd "$PWD" && eval "\$arg"
	EOT
	chmod +x ssh-here &&
	git -C app config core.sshCommand "$PWD/ssh-here" &&
	git -C app remote set-url origin git@github.com:origin.git
}

test_expect_success '--back-merge pushes a branch and says where to go on' '
	fresh && ahead &&
	name=back-merge/production-into-staging-$short &&
	git -C app branch-sync -n --back-merge staging >out &&
	test_grep "^Would push $name" out &&
	test -z "$(git -C origin.git for-each-ref refs/heads/back-merge)" &&
	git -C app branch-sync --back-merge staging >out &&
	test_grep "^Pushed $name ($short) to origin$" out &&
	test_grep "^Open a review request from it into staging$" out &&
	branches_at origin.git $tip $name production &&
	branches_at origin.git "$(git -C app rev-parse staging)" staging &&
	git -C app branch-sync --back-merge staging >out &&
	test_grep "^Pushed $name" out
'

test_expect_success 'the address of the page where it is opened' '
	fresh && ahead && mkdir -p acme && mv origin.git acme/shop.git &&
	ssh_here &&
	git -C app remote set-url origin git@github.com:acme/shop.git &&
	git -C app branch-sync --back-merge staging >out &&
	test_grep "^  https://github.com/acme/shop/compare/staging\.\.\.$name?expand=1$" out &&
	test_grep "^Merge it with a merge commit" out &&
	git -C app branch-sync --json --back-merge staging >out &&
	test_grep "\"url\": \"https://github.com/acme/shop/compare/" out &&
	mv acme/shop.git origin.git
'

test_expect_success 'else the address that the server answers with' '
	fresh && ahead &&
	cat >origin.git/hooks/post-receive <<-\EOT &&
	#!/bin/sh
	echo "Open it here: https://git.example.com/new/1"
	EOT
	chmod +x origin.git/hooks/post-receive &&
	git -C app branch-sync --back-merge staging >out &&
	test_grep "^  https://git.example.com/new/1$" out
'

test_expect_success 'JSON of it; nothing to bring; what cannot be' '
	fresh && ahead &&
	git -C app branch-sync --json --back-merge staging >out &&
	python3 - out <<-\EOT &&
	import json, sys
	doc = json.load(open(sys.argv[1]))
	assert doc["result"] == "pushed" and doc["into"] == "staging"
	assert doc["branch"].startswith("back-merge/production-into-staging-")
	assert doc["url"] is None
	EOT
	branches_before origin.git app &&
	git -C app branch-sync --back-merge develop >out &&
	test_grep "^develop has all of production ($short) already" out &&
	branches_same origin.git app &&
	stops 129 --back-merge staging main &&
	stops 129 --back-merge staging --tag 1.0.0 &&
	stops 128 --back-merge nope
'

test_expect_success 'a hook of the remote that does not take it' '
	fresh && ahead &&
	printf "#!/bin/sh\nexit 1\n" >origin.git/hooks/update &&
	chmod +x origin.git/hooks/update &&
	stops 1 --back-merge staging && test_grep "hook declined" err
'

test_expect_success '--finish: on the branch, clean, and what is left' '
	fresh && git -C app branch -D -q develop && echo x >app/new &&
	git -C app branch-sync --finish develop >out &&
	test_grep "^On develop, and left to do:$" out &&
	test_grep "^  1 untracked file: git status$" out &&
	test_grep "^  no version names production ($short): git release tag" out &&
	test "$(git -C app symbolic-ref HEAD)" = refs/heads/develop &&
	test "$(git -C app rev-parse --abbrev-ref develop@{u})" = origin/develop &&
	branches_at app $tip develop main && rm app/new &&
	git -C app checkout -q production &&
	git -C app branch-sync --tag 1.0.0 --finish main >out &&
	test_grep "^On main, and nothing is left to do$" out
'

test_expect_success '--finish: a branch that was never fetched' '
	fresh && git -C app push -q origin c2:refs/heads/next &&
	git -C app update-ref -d refs/remotes/origin/next &&
	git -C app branch-sync --finish refs/heads/next >out &&
	test_grep "^On next, and" out &&
	test "$(git -C app rev-parse next)" = "$(git -C app rev-parse c2)" &&
	test "$(git -C app rev-parse --abbrev-ref next@{u})" = origin/next
'

test_expect_success '--finish in a clone of a single branch' '
	fresh && rm -rf app &&
	git clone -q --single-branch -b production origin.git app &&
	git -C app branch-sync --finish develop >out &&
	test_grep "^On develop, and" out && branches_at app $tip develop &&
	test "$(git -C app symbolic-ref HEAD)" = refs/heads/develop
'

test_expect_success '--finish: where git cannot switch, it says so' '
	fresh && (
		cd app && git checkout -q -b next c1 &&
		branches_commit Next "in way" && git checkout -q production
	) &&
	echo mine >"app/in way" &&
	test_expect_code 5 git -C app branch-sync --finish next 2>err &&
	test_grep "^error: .*next. cannot be checked out: git checkout failed: " err &&
	test_grep "^hint: git switch next" err && test_grep mine "app/in way"
'

test_expect_success '--finish runs the commands of git config, at the top' '
	fresh && mkdir app/sub &&
	git -C app config branchsync.finish "pwd >../where" &&
	git -C app config --add branchsync.finish "echo on \$(git symbolic-ref HEAD)" &&
	git -C app/sub branch-sync --finish develop >out 2>err &&
	test "$(cat where)" = "$PWD/app" &&
	test_grep "^on refs/heads/develop$" err && test_grep ! "^on " out &&
	git -C app branch-sync -n --finish develop 2>err && test_grep ! "^on " err
'

test_expect_success 'a command that fails is told; what moved stays' '
	fresh && git -C app config branchsync.finish "exit 3" &&
	test_expect_code 5 git -C app branch-sync --finish develop 2>err &&
	test_grep "failed with status 3" err &&
	branches_at origin.git $tip main staging
'

test_expect_success '.gitrelease cannot run programs here' '
	fresh && printf "[branchsync]\n\tfinish = touch ran\n" >app/.gitrelease &&
	stops 128 --finish develop &&
	test_grep "^fatal: .gitrelease:2: branchsync.finish is read from git config only" err &&
	test_grep "^hint: git config branchsync.finish" err &&
	test_path_is_missing app/ran
'

test_expect_success '--finish: what is in the way stops it before anything moves' '
	fresh && echo mine >>app/file &&
	stops 1 --finish develop && test_grep "work tree has changes" err &&
	git -C app reset -q --hard &&
	stops 128 --finish nope && test_grep "no branch .nope. to finish" err &&
	git -C app update-ref refs/remotes/origin/gone c2 &&
	stops 128 --finish gone && test_grep "no branch .gone. to finish" err &&
	git -C app remote set-head origin production &&
	stops 128 --finish HEAD && test_grep "cannot be the name" err &&
	stops 128 --finish "" && test_grep "cannot be the name" err &&
	git -C app worktree add -q ../tree2 develop &&
	stops 1 --finish develop && test_grep "checked out in .*tree2" err &&
	git -C app worktree remove --force ../tree2 &&
	(
		cd app && git checkout -q -b side c1 &&
		branches_commit Side && git checkout -q production &&
		test_must_fail git merge -q side && git reset -q --hard &&
		git update-ref MERGE_HEAD side 2>/dev/null ||
			git rev-parse side >.git/MERGE_HEAD
	) &&
	stops 1 --finish develop && test_grep "under way" err
'

test_done
