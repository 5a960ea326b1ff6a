#!/bin/sh

test_description='git serversync reject: files go out of a capture again'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-captures.sh"

# project: a capture with a hot-fix, three new files, a deletion and a link, on
# its branch here and on the remote; main is checked out.
project () {
	cd "$TRASH" && rm -rf origin.git app second &&
	captures_make origin.git app && cd app && captures_begin &&
	echo '<?php class User { public $fix; }' >app/Models/User.php &&
	mkdir -p plugins/pay && echo a >plugins/pay/a.php &&
	echo b >plugins/pay/b.php && echo c >plugins/c.php &&
	chmod +x public/index.php && git rm -q old.txt &&
	captures_commit 'Deletion-Reason: old.txt — nobody needs it' &&
	first=$(git rev-parse HEAD) && captures_push
}

# rejects <exit status> <argument>...: of the capture; out and err have it all.
rejects () {
	rejects_code=$1
	shift
	test_expect_code "$rejects_code" git serversync reject "$@" \
		>"$TRASH/out" 2>"$TRASH/err" || {
		cat "$TRASH/out" "$TRASH/err"
		return 1
	}
}

# differs <commit>: stdin is what it still changes of what was live.
differs () {
	cat >"$TRASH/want" &&
	git diff --name-status --no-renames live "$1" >"$TRASH/is" &&
	test_cmp "$TRASH/want" "$TRASH/is"
}

# untouched: nothing has moved, here or there.
untouched () {
	test "$(captures_tip)" = "$first" &&
	test "$(captures_tip ../origin.git)" = "$first"
}

test_expect_success 'one file: a commit on top, here and on the remote' '
	project && rejects 0 $capture plugins/c.php &&
	tip=$(captures_tip) && test "$tip" != "$first" &&
	test "$(git rev-parse $tip^)" = "$first" &&
	test "$(captures_tip ../origin.git)" = "$tip" &&
	test "$(git rev-parse origin/$capture)" = "$tip" &&
	echo "Rejected 1 file of $capture ($(echo $tip | cut -c1-7), pushed to origin)" \
		>../want && test_cmp ../want ../out && test_must_be_empty ../err &&
	differs $tip <<-\EOF &&
	M	app/Models/User.php
	D	old.txt
	A	plugins/pay/a.php
	A	plugins/pay/b.php
	M	public/index.php
	EOF
	git log -1 --format="%(trailers:key=Rejected)" $tip >../is &&
	echo "Rejected: plugins/c.php" >../want && echo >>../want &&
	test_cmp ../want ../is &&
	git log -1 --format=%an,%cn $tip >../is &&
	echo "A U Thor,C O Mitter" >../want && test_cmp ../want ../is &&
	test -z "$(git status --porcelain)" &&
	git reflog -1 --format=%gs $capture >../is &&
	echo "serversync: reject files of the capture" >../want &&
	test_cmp ../want ../is && git fsck --strict
'

test_expect_success 'directories, modes, deletions; from any subdirectory' '
	project && cd docs &&
	rejects 0 -v $capture ./plugins/pay/ old.txt public app/Models/User.php &&
	cd .. && cat >../want <<-EOF &&
	Rejected 5 files of $capture ($(captures_tip | cut -c1-7), pushed to origin)
	  app/Models/User.php
	  old.txt
	  plugins/pay/a.php
	  plugins/pay/b.php
	  public/index.php
	EOF
	test_cmp ../want ../out &&
	echo "A	plugins/c.php" | differs $(captures_tip)
'

test_expect_success 'what is no part of it is named, and nothing is done' '
	project &&
	for path in nothing.php app/Models/Cart.php "" . /etc/passwd ../app \
		plugins/pay/a.php/x "\"plugins\\q\"" -- deploy.php
	do
		rejects 128 $capture plugins/c.php -- "$path" &&
		test_grep "no part of the capture on .$capture" ../err &&
		test_grep "^hint: git diff --name-status" ../err &&
		untouched || return 1
	done &&
	rejects 128 $capture "$(printf "a\033[2J")" &&
	test_grep "a.033" ../err &&
	git $(sed -n "s/^hint: git \(.*\) lists its files/\1/p" ../err) >../is &&
	test_grep "^A	plugins/c.php" ../is
'

test_expect_success 'only branches of captures' '
	project && git branch other live &&
	for name in main other serversync serversync/production \
		serversync//20261126120000 "serversync/no env/1" \
		"serversync/production/a b" nothing HEAD
	do
		rejects 128 "$name" plugins/c.php &&
		test_grep "is no branch of a capture" ../err || return 1
	done &&
	rejects 128 serversync/production/2 plugins/c.php &&
	test_grep "there is no branch .*neither here nor on .origin" ../err &&
	git branch serversync/production/3 live &&
	rejects 128 serversync/production/3 plugins/c.php &&
	test_grep "no capture" ../err &&
	rejects 129 $capture && rejects 129 && untouched
'

test_expect_success 'run again, nothing more happens' '
	project && rejects 0 $capture plugins/c.php && tip=$(captures_tip) &&
	rejects 0 $capture plugins/c.php &&
	test_grep "^Already rejected on $capture" ../out &&
	test "$(captures_tip)" = "$tip" &&
	test "$(captures_tip ../origin.git)" = "$tip"
'

test_expect_success '-n lists and changes nothing' '
	project && rejects 0 -n $capture plugins &&
	cat >../want <<-EOF &&
	Would reject 3 files of $capture
	  plugins/c.php
	  plugins/pay/a.php
	  plugins/pay/b.php
	EOF
	test_cmp ../want ../out && untouched &&
	rejects 0 -q $capture plugins && test_must_be_empty ../out
'

test_expect_success '--no-push leaves the remote alone, a later run catches up' '
	project && rejects 0 --no-push $capture plugins/c.php &&
	test_grep ", not pushed)$" ../out && tip=$(captures_tip) &&
	test "$tip" != "$first" &&
	test "$(captures_tip ../origin.git)" = "$first" &&
	rejects 0 $capture plugins/c.php &&
	test "$(captures_tip)" = "$tip" &&
	test "$(captures_tip ../origin.git)" = "$tip" &&
	git remote set-url origin "$TRASH/gone" &&
	rejects 0 --no-push $capture plugins/pay &&
	rejects 128 $capture old.txt
'

test_expect_success 'a branch that is only on the remote' '
	project && git branch -q -D $capture &&
	git update-ref -d refs/remotes/origin/$capture &&
	rejects 0 $capture plugins/c.php &&
	test_must_fail captures_tip && tip=$(captures_tip ../origin.git) &&
	test "$(git rev-parse $tip^)" = "$first" &&
	git clone -q ../origin.git ../second && cd ../second &&
	git config serversync.target main &&
	rejects 0 --no-push $capture plugins/pay &&
	test "$(git rev-parse $capture^)" = "$tip" &&
	test "$(captures_tip ../origin.git)" = "$tip"
'

test_expect_success 'a branch that was never pushed stays here' '
	project && git push -q origin :$capture &&
	rejects 0 $capture plugins/c.php && test_grep ", not pushed)$" ../out &&
	test "$(git rev-parse $capture^)" = "$first" &&
	test_must_fail captures_tip ../origin.git &&
	git remote remove origin && rejects 0 $capture plugins/pay &&
	test "$(git rev-parse $capture~2)" = "$first"
'

test_expect_success 'the remote is ahead: its commits stay' '
	project && git clone -q ../origin.git ../second && cd ../second &&
	git switch -q $capture && echo more >more.txt && app_tag . more &&
	git push -q origin $capture && theirs=$(git rev-parse HEAD) &&
	cd ../app && rejects 0 $capture plugins/c.php &&
	test "$(git rev-parse $capture^)" = "$theirs" &&
	test "$(captures_tip ../origin.git)" = "$(captures_tip)"
'

test_expect_success 'not the same history here and there: refused' '
	project && git clone -q ../origin.git ../second && cd ../second &&
	git switch -q $capture && echo more >more.txt && app_tag . more &&
	git push -q origin $capture && theirs=$(git rev-parse HEAD) &&
	cd ../app && git switch -q $capture && echo mine >mine.txt &&
	app_tag . mine && mine=$(git rev-parse HEAD) && git switch -q main &&
	rejects 1 $capture plugins/c.php &&
	test_grep "each has commits that the other lacks" ../err &&
	test "$(captures_tip)" = "$mine" &&
	test "$(captures_tip ../origin.git)" = "$theirs"
'

test_expect_success 'pushes go elsewhere: that is where the branch is' '
	project && git clone -q --bare ../origin.git ../second &&
	git config remote.origin.pushurl "$TRASH/second" &&
	rejects 0 $capture plugins/c.php && rejects 0 $capture old.txt &&
	test "$(captures_tip ../origin.git)" = "$first" &&
	test "$(captures_tip ../second)" = "$(captures_tip)" &&
	git -C ../second branch -q -D $capture &&
	rejects 0 $capture plugins/pay && test_grep ", not pushed)$" ../out &&
	git config remote.origin.pushurl https://ann:canary@localhost:1/shop &&
	rejects 128 $capture app && test_grep "cannot read .origin" ../err &&
	test_grep ! canary ../err
'

test_expect_success 'several places to push to: they cannot move together' '
	project && git clone -q --bare ../origin.git ../second &&
	git config --add remote.origin.url "$TRASH/second" &&
	rejects 128 $capture plugins/c.php &&
	test_grep "has 2 urls to push to, which cannot be moved together" \
		../err && test_grep "^hint: .*serversync.remote" ../err &&
	untouched && rejects 0 --no-push $capture plugins/c.php
'

test_expect_success 'the remote says no: nothing has moved here either' '
	project && printf "#!/bin/sh\necho not today >&2\nexit 1\n" \
		>../origin.git/hooks/pre-receive &&
	chmod +x ../origin.git/hooks/pre-receive &&
	rejects 1 $capture plugins/c.php && test_grep "not today" ../err &&
	untouched && test_path_is_missing .git/refs/heads/$capture.lock &&
	rm ../origin.git/hooks/pre-receive &&
	rejects 0 $capture plugins/c.php
'

test_expect_success 'somebody else is faster: refused, and theirs stays' '
	project && git clone -q ../origin.git ../second &&
	(cd ../second && git switch -q $capture && echo m >m && app_tag . m) &&
	cat >.git/hooks/pre-push <<-EOF &&
	#!/bin/sh
	cd "$TRASH/second" && unset GIT_DIR && git push -q origin $capture
	EOF
	chmod +x .git/hooks/pre-push && rejects 1 $capture plugins/c.php &&
	test_grep "^hint: somebody else moved it" ../err &&
	test "$(captures_tip)" = "$first" &&
	test "$(captures_tip ../origin.git)" = "$(captures_tip ../second)" &&
	rm .git/hooks/pre-push && rejects 0 $capture plugins/c.php &&
	test "$(git rev-parse $capture~2)" = "$first"
'

test_expect_success 'somebody else moves it here: refused, and told to try again' '
	project && : >.git/refs/heads/$capture.lock &&
	rejects 1 $capture plugins/c.php && test_grep "cannot lock ref" ../err &&
	test_grep "^hint: somebody else moves it; git serversync reject again" \
		../err && untouched && rm .git/refs/heads/$capture.lock &&
	rejects 0 $capture plugins/c.php
'

test_expect_success 'a work tree that has it checked out follows' '
	project && git switch -q $capture && echo mine >untracked &&
	rejects 0 $capture plugins old.txt &&
	test "$(git rev-parse HEAD)" = "$(captures_tip ../origin.git)" &&
	test "$(git status --porcelain)" = "?? untracked" &&
	test_path_is_missing plugins && test_path_is_file old.txt &&
	git switch -q main && git worktree add -q ../tree $capture &&
	rejects 0 $capture public/index.php &&
	test -z "$(git -C ../tree status --porcelain)" &&
	test ! -x ../tree/public/index.php && git worktree remove ../tree
'

test_expect_success 'one that would lose something does not, and nothing moves' '
	project && git switch -q $capture && echo mine >>plugins/c.php &&
	rejects 1 $capture plugins/pay &&
	test_grep "is checked out in .* with changes: .plugins/c.php" ../err &&
	test_grep "^hint: .* then git serversync reject again" ../err &&
	untouched && git stash -q && echo mine >old.txt &&
	rejects 1 $capture old.txt && test_grep "untracked files" ../err &&
	untouched && rm old.txt && echo "ref: refs/heads/$capture" >../head &&
	git rev-parse live >.git/MERGE_HEAD &&
	rejects 1 $capture old.txt && test_grep "a merge of " ../err &&
	untouched && rm .git/MERGE_HEAD
'

test_expect_success 'nothing is left: how to close it' '
	project && rejects 0 $capture app plugins public old.txt &&
	test_grep "^Nothing of the capture is left$" ../out &&
	test_grep "^hint: close its review request, and git push origin --delete $capture$" ../err &&
	git diff --exit-code live $capture
'

test_expect_success 'a file and a directory in the place of one another' '
	project && captures_begin &&
	git rm -q old.txt && mkdir old.txt && echo x >old.txt/x && echo y >old.txt/y &&
	git rm -q -r app/Models && mkdir app && echo file >app/Models &&
	captures_commit && git push -q -f origin $capture && git switch -q main &&
	rejects 1 $capture app/Models/User.php &&
	test_grep "what stands in its place" ../err &&
	rejects 0 $capture old.txt/x && differs $capture <<-\EOF &&
	A	app/Models
	D	app/Models/Cart.php
	D	app/Models/User.php
	D	old.txt
	A	old.txt/y
	EOF
	rejects 0 $capture old.txt app/Models &&
	git diff --exit-code live $capture
'

test_expect_success 'names of any bytes, as the review writes them' '
	project && captures_begin && mkdir "a b" &&
	for name in "$(printf "x\ny")" "$(printf "caf\351")" "a b/-rf" \
		"[x]*" "back\\slash" "quo\"te" "— dash"
	do
		echo x >"./$name" || return 1
	done &&
	captures_commit && git push -q -f origin $capture && git switch -q main &&
	rejects 0 $capture "\"x\\ny\"" "\"caf\\351\"" "a b" "[x]*" \
		"back\\slash" "\"quo\\\"te\"" "— dash" &&
	git diff --exit-code live $capture &&
	git log -1 --format="%(trailers:key=Rejected,valueonly)" $capture >../is &&
	cat >../want <<-\EOF &&
	quo"te
	[x]*
	a b/-rf
	"back\\slash"
	"caf\351"
	"x\ny"
	— dash

	EOF
	sort ../want >../want.sorted && sort ../is >../is.sorted &&
	test_cmp ../want.sorted ../is.sorted
'

test_expect_success 'files that others put on the branch are theirs' '
	project && git switch -q $capture && echo x >plugins/ours.php &&
	app_tag . ours && git push -q origin $capture && git switch -q main &&
	rejects 128 $capture plugins/ours.php &&
	rejects 0 $capture plugins && git show $capture:plugins/ours.php &&
	test_must_fail git show $capture:plugins/c.php
'

test_expect_success 'what somebody changed in a captured file goes, and is named' '
	project && git switch -q $capture && echo ours >>plugins/c.php &&
	git rm -q plugins/pay/a.php && app_tag . ours &&
	git push -q origin $capture && git switch -q main &&
	for option in -n --no-push
	do
		rejects 0 $option $capture plugins app &&
		test_grep "^warning: what was changed on the branch since the capture goes, too: plugins/c.php$" \
			../err || return 1
	done &&
	rejects 0 $capture old.txt && test_must_be_empty ../err
'

test_expect_success 'a second capture on top: still what was live' '
	project && git switch -q $capture && echo two >plugins/c.php &&
	echo two >app/Models/User.php && captures_commit && captures_push &&
	rejects 0 $capture plugins/c.php app/Models/User.php &&
	git diff --exit-code live $capture -- plugins/c.php app
'

test_expect_success 'the target was merged into it: as in the target' '
	project && echo newer >>app/Models/User.php && app_tag . newer &&
	git push -q origin main && git switch -q $capture &&
	git merge -q -X ours -m merge main && git push -q origin $capture &&
	git switch -q main && rejects 0 $capture app/Models/User.php &&
	git diff --exit-code main $capture -- app
'

test_expect_success 'a later release was captured and merged in: as in that' '
	project && echo "<?php class Cart { public \$v2; }" >app/Models/Cart.php &&
	app_tag . live2 && git config serversync.target older &&
	git branch older live &&
	echo "<?php class Cart { public \$edit; }" >app/Models/Cart.php &&
	git switch -q --detach && test_time=$((test_time - 9999)) &&
	captures_commit && test_time=$((test_time + 9999)) && later=$(git rev-parse HEAD) &&
	for merge in "$first $later" "$later $first"
	do
		set -- $merge && git switch -q -C $capture $1 &&
		git merge -q -m update $2 &&
		git push -q -f origin $capture && git switch -q main &&
		rejects 0 $capture app &&
		git diff --exit-code live2 $capture -- app &&
		test_must_fail git diff --quiet live2 $capture -- plugins ||
			return 1
	done
'

test_expect_success 'without a target that is set' '
	project && git config --unset serversync.target &&
	rejects 0 $capture plugins/c.php &&
	git config serversync.target nowhere && rejects 128 $capture plugins &&
	test_grep "target, branch .nowhere., is neither here" ../err
'

test_done
