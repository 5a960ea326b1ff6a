#!/bin/sh
test_description='git drift predict says what git merge would do'
. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3

# Directory renames, which are not followed, are off on both sides.
new_repo () {
	rm -rf app && git init -q -b main app &&
	git -C app config merge.directoryRenames false
}

lines () {
	seq "$1" "$2"
}

# commit <message>: all that is there.
commit () {
	git add -A && git commit -q -m "$1"
}

# same_as_git <base> <ours> <theirs>: the tree and the answer are git's.
same_as_git () {
	git merge-tree --write-tree --no-messages --name-only "$2" "$3" \
		>../git
	code=$?
	git branch -q -D merged 2>/dev/null
	git drift predict -q --baseline "$1" --commit "$2" "$3" \
		>/dev/null 2>../err
	test $? = $code || { cat ../err; return 1; }
	git drift predict -q --baseline "$1" --commit "$2" --apply merged \
		"$3" >/dev/null || return 1
	test "$(head -n 1 ../git)" = "$(git rev-parse "merged^{tree}")" ||
		{ git diff --stat "$(head -n 1 ../git)" merged; return 1; }
}

test_expect_success 'setup: a vendor, and work on its code' '
	new_repo && cd app &&
	mkdir app lib && lines 1 60 >app/User.php &&
	lines 1 60 >app/Post.php && lines 101 160 >app/Old.php &&
	lines 201 260 >app/Moved.php && lines 301 360 >app/Same.php &&
	lines 401 460 >lib/gone-here.php && lines 501 560 >lib/vendor.php &&
	commit vendor-1 && git tag -a -m 1.0 author-v1.0 &&
	git checkout -q -b author &&
	sed -i "s/^10\$/ten of the vendor/" app/User.php &&
	sed -i "s/^50\$/fifty of the vendor/" app/Post.php &&
	sed -i "s/^310\$/fixed/" app/Same.php && git rm -q app/Old.php &&
	sed -i "s/^401\$/changed/" lib/gone-here.php &&
	git mv app/Moved.php lib/Moved.php && echo more >>lib/vendor.php &&
	echo theirs >both.php && commit vendor-2 &&
	git tag -a -m 2.0 author-v2.0 &&
	git checkout -q main &&
	sed -i "s/^10\$/ten of ours/" app/User.php &&
	sed -i "s/^10\$/ten of ours/" app/Post.php &&
	sed -i "s/^110\$/ours/;s/^150\$/ours/" app/Old.php &&
	sed -i "s/^210\$/ours/" app/Moved.php &&
	sed -i "s/^310\$/fixed/" app/Same.php && git rm -q lib/gone-here.php &&
	echo ours >both.php && echo ours >ours.php && commit ours
'

test_expect_success 'every fate is told, the worst first' '
	cat >expect <<-\END &&
	clash                app/User.php                                  1 place
	                       lines: ours 10, vendor 10, baseline 10
	deleted upstream     app/Old.php                                   2 changes of ours
	deleted here         lib/gone-here.php
	added on both sides  both.php                                      1 place
	                       lines: ours 1, vendor 1, baseline behind 0
	renamed upstream     app/Moved.php -> lib/Moved.php (100%)
	both, merges         app/Post.php
	ours only            ours.php
	already upstream     app/Same.php
	vendor only          lib/vendor.php
	2 merge, 1 ours only, 1 already upstream, 1 vendor only
	4 files need a decision, at 5 places: about 25 minutes
	END
	test_expect_code 1 git -C app drift predict -v 2.0 >out 2>err &&
	test_cmp expect out &&
	test_grep "^hint: git drift predict --apply <branch> author-v2.0" err
'

test_expect_success 'what needs no look is only counted, -q only sums' '
	grep -v " only  *[a-z]\|already upstream  *app" expect >short &&
	test_expect_code 1 git -C app drift predict author-v2.0 >out &&
	test_cmp short out &&
	test_expect_code 1 git -C app drift predict -q author-v2.0 >out &&
	tail -n 2 expect >short &&
	test_cmp short out
'

test_expect_success '--json has it all' '
	test_expect_code 1 git -C app drift predict --json 2.0 >json &&
	python3 - <<-\END
	import json
	d = json.load(open("json"))
	assert d["baseline"]["name"] == "author-v1.0"
	assert d["ours"]["name"] == "HEAD"
	assert d["vendor"]["version"] == "2.0"
	assert (d["decisions"], d["places"], d["minutes"]) == (4, 5, 25)
	assert sum(d["counts"].values()) == len(d["files"]) == 9
	f = {x["path"]: x for x in d["files"]}
	assert f["app/User.php"]["places"] == [{
	    "baseline": {"line": 10, "lines": 1},
	    "ours": {"line": 10, "lines": 1},
	    "vendor": {"line": 10, "lines": 1}}]
	assert f["app/Moved.php"]["new_path"] == "lib/Moved.php"
	assert f["app/Moved.php"]["similarity"] == 100
	assert f["app/Old.php"]["fate"] == "deleted-upstream"
	assert f["both.php"]["decide"] and not f["ours.php"]["decide"]
	END
'

test_expect_success 'nothing of it is git'"'"'s to run or to see' '
	cd app &&
	git config merge.mine.driver "touch ../ran; false" &&
	git config diff.mine.textconv "touch ../ran; cat" &&
	echo "* merge=mine diff=mine" >.git/info/attributes &&
	git for-each-ref >../refs && git status --porcelain >../status &&
	test_expect_code 1 git drift predict 2.0 >/dev/null &&
	test_path_is_missing ../ran &&
	rm .git/info/attributes &&
	git for-each-ref | diff ../refs - &&
	git status --porcelain | diff ../status -
'

test_expect_success '--apply makes the merge that git makes, on a new branch' '
	cd app &&
	same_as_git author-v1.0 HEAD author-v2.0 &&
	git drift predict --apply vendor/2.0 2.0 >../out &&
	test_grep "^Made branch vendor/2.0 at $(git rev-parse --short \
		vendor/2.0)\$" ../out &&
	test "$(git rev-parse vendor/2.0^1 vendor/2.0^2)" = \
		"$(git rev-parse main author-v2.0^{commit})" &&
	git log -1 --format=%B vendor/2.0 >../message &&
	test_grep "^Merge author-v2.0 into HEAD" ../message &&
	test_grep "clash: app/User.php" ../message &&
	git show vendor/2.0:app/User.php | grep "^<<<<<<< HEAD" &&
	git diff --exit-code && git diff --cached --exit-code &&
	test "$(git symbolic-ref HEAD)" = refs/heads/main
'

test_expect_success 'a branch that exists, or cannot, is never touched' '
	cd app &&
	git for-each-ref >../refs &&
	test_expect_code 1 git drift predict --apply main 2.0 2>../err &&
	test_grep "^error: the branch .main. exists" ../err &&
	test_expect_code 1 git drift predict --apply "a..b" 2.0 2>../err &&
	test_grep "^error: .a..b. cannot be a branch" ../err &&
	test_expect_code 1 git drift predict --apply "-x" 2.0 2>../err &&
	test_expect_code 1 git drift predict --apply \
		"$(printf "a\033b")" 2.0 2>../err &&
	test_grep ! "$(printf "\033")" ../err &&
	test_expect_code 1 git drift predict --apply main/x 2.0 2>../err &&
	test_grep ".refs/heads/main. exists" ../err &&
	(unset GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_AUTHOR_NAME \
			GIT_AUTHOR_EMAIL EMAIL &&
		test_expect_code 128 git -c user.useConfigOnly=true drift \
			predict --apply new 2.0 2>../err) &&
	test_grep "^hint: git config --global user.name" ../err &&
	printf "#!/bin/sh\nexit 1\n" >.git/hooks/reference-transaction &&
	chmod +x .git/hooks/reference-transaction &&
	test_expect_code 1 git drift predict --apply new 2.0 2>../err &&
	test_grep "aborted by hook" ../err &&
	rm .git/hooks/reference-transaction &&
	git for-each-ref | diff ../refs -
'

test_expect_success 'wrong words' '
	cd app &&
	test_expect_code 129 git drift predict 2>../err &&
	test_grep "^error: name the vendor" ../err &&
	test_expect_code 129 git drift predict 2.0 3.0 &&
	test_expect_code 128 git drift predict 9.9 2>../err &&
	test_grep "9.9" ../err &&
	test_expect_code 128 git drift predict --baseline nope 2.0
'

test_expect_success 'nothing to decide is 0' '
	cd app &&
	git drift predict --commit author-v1.0 2.0 >../out 2>../err &&
	test_grep "^Nothing to decide" ../out &&
	test_must_be_empty ../err
'

test_expect_success 'a directory or an archive is judged alike, and not kept' '
	git -C app archive -o ../new.zip author-v2.0 &&
	mkdir new && git -C app archive author-v2.0 | tar -x -C new &&
	find app/.git/objects -type f | sort >objects &&
	for vendor in ../new.zip ../new
	do
		(
			cd app &&
			test_expect_code 1 git drift predict -v $vendor \
				>../out 2>../err
		) &&
		test_cmp expect out && test_must_be_empty err || return 1
	done &&
	test_expect_code 128 git -C app drift predict --apply up ../new 2>err &&
	test_grep "^fatal: .\.\./new. is no commit" err &&
	test_grep "^hint: freeze it first: git drift baseline" err &&
	find app/.git/objects -type f | sort | diff objects - &&
	test_expect_code 128 git -C app drift predict ../none.zip 2>err &&
	test_grep "^hint: it is no directory and no archive" err &&
	cp new.zip app/a^b.zip && test_expect_code 1 git -C app \
		drift predict -v a^b.zip >out && test_cmp expect out &&
	rm app/a^b.zip && ln -s ../x new/out &&
	test_expect_code 1 git -C app drift predict ../new 2>err &&
	test_grep "^error: .\.\./new.: .out. is a link that leads out" err &&
	rm new/out
'

# kind <name> <command for ours> <command for theirs>, from the same base.
kind () {
	git checkout -q -f --detach base && git clean -q -fdx &&
	eval "$2" && { commit "ours: $1" || :; } &&
	ours=$(git rev-parse HEAD) &&
	git checkout -q -f --detach base && git clean -q -fdx &&
	eval "$3" && { commit "theirs: $1" || :; } &&
	same_as_git base $ours HEAD || { echo "# not so: $1"; return 1; }
}

test_expect_success 'thirty kinds of meeting end as git ends them' '
	new_repo && cd app && mkdir d e &&
	lines 1 40 >f && lines 1 40 >g && lines 101 140 >d/x &&
	lines 201 240 >d/y && lines 301 340 >e/z && printf "a\0b" >bin &&
	ln -s f link && printf "a\r\nb\r\nc\r\n" >crlf && printf "a\nb" >noeol &&
	: >empty && commit base && git tag base &&
	s () { sed -i "$@"; } &&
	kind "same line" "s s/^5\$/o/ f" "s s/^5\$/t/ f" &&
	kind "next line" "s s/^5\$/o/ f" "s s/^6\$/t/ f" &&
	kind "a line between" "s s/^5\$/o/ f" "s s/^7\$/t/ f" &&
	kind "same change" "s s/^5\$/x/ f" "s s/^5\$/x/ f" &&
	kind "same and more" "s s/^5\$/x/ f" "s \"s/^5\$/x/;s/^20\$/y/\" f" &&
	kind "both add at the end" "echo o >>f" "echo t >>f" &&
	kind "both add the same" "echo x >>f" "echo x >>f" &&
	kind "cut and change" "s 5,9d f" "s s/^7\$/t/ f" &&
	kind "cut the same" "s 5,9d f" "s 5,9d f" &&
	kind "cut more" "s 5,9d f" "s 4,12d f" &&
	kind "deleted here" "git rm -q f" "s s/^5\$/t/ f" &&
	kind "deleted there" "s s/^5\$/o/ f" "git rm -q f" &&
	kind "deleted by both" "git rm -q f" "git rm -q f" &&
	kind "added by both" "echo o >n" "echo t >n" &&
	kind "added alike" "echo x >n" "echo x >n" &&
	kind "added in parts alike" "lines 1 9 >n" "lines 1 12 >n" &&
	kind "mode here" "chmod +x f" "s s/^5\$/t/ f" &&
	kind "modes of what both add" "echo x >n" "echo x >n; chmod +x n" &&
	kind "binary by both" "printf \"a\\0c\" >bin" "printf \"a\\0d\" >bin" &&
	kind "binary by one" "printf \"a\\0c\" >bin" "echo t >>f" &&
	kind "links" "ln -sf g link" "ln -sf d link" &&
	kind "link and file" "rm f; ln -s g f" "s s/^5\$/t/ f" &&
	kind "file and link" "s s/^5\$/o/ f" "rm f; ln -s g f" &&
	kind "moved there" "s s/^105\$/o/ d/x" "git mv d/x d/w" &&
	kind "moved and changed" "s s/^105\$/o/ d/x" \
		"git mv d/x d/w; s s/^120\$/t/ d/w" &&
	kind "moved with a clash" "s s/^105\$/o/ d/x" \
		"git mv d/x d/w; s s/^105\$/t/ d/w" &&
	kind "moved here" "git mv d/x d/w" "s s/^105\$/t/ d/x" &&
	kind "moved by both, alike" "git mv d/x d/w" "git mv d/x d/w" &&
	kind "moved by both" "git mv d/x d/w" "git mv d/x d/v" &&
	kind "moved and deleted" "git rm -q d/x" "git mv d/x d/w" &&
	kind "carriage returns" "s s/^b/o/ crlf" "s s/^c/t/ crlf" &&
	kind "no newline at the end" "printf \"a\nb\nc\" >noeol" \
		"printf \"x\nb\" >noeol" &&
	kind "was empty" "echo o >empty" "echo t >empty" &&
	kind "a directory for a file" "echo o >n" "mkdir n; echo t >n/x" &&
	kind "a file for a directory" "mkdir n; echo o >n/x" "echo t >n"
'

test_expect_success 'nothing is lost where names and directories collide' '
	cd app && s () { sed -i "$@"; } &&
	kind "empty files have not moved" "echo o >empty" \
		"git rm -q empty; : >e/empty" &&
	kind "one adds it empty" ": >n" "echo t >n" &&
	kind "moved to our directory" "mkdir n; echo o >n/x; echo o >>g" \
		"git mv g n" &&
	kind "moved into what was its name" "echo o >>g" \
		"git mv g n; mkdir g; git mv n g/x" &&
	kind "moved to their directory" "git mv g n" \
		"mkdir n; echo t >n/x; echo t >>g" &&
	kind "moved apart, one into the other" "git mv g n" \
		"mkdir n; git mv g n/x" &&
	kind "moved apart, to our directory" \
		"mkdir n; echo o >n/y; git mv g w" "git mv g n" &&
	kind "moved over a directory, in which they work" \
		"git mv d/x n; git rm -q -r d; git mv n d; echo o >>d" \
		"s s/^110\$/t/ d/x; s s/^210\$/t/ d/y" &&
	kind "a link and a submodule" "ln -s f n" \
		"git init -q n; git -C n commit -q --allow-empty -m n; git add n 2>/dev/null" &&
	rm -rf n
'

test_expect_success 'so do two hundred at random' '
	new_repo && cd app &&
	python3 "$TOP/tests/lib/random-merges.py" 20261126 200 |
		git fast-import --quiet &&
	i=0 &&
	while test $i -lt 200
	do
		same_as_git base-$i ours-$i theirs-$i ||
			{ echo "# not so: $i"; return 1; }
		i=$((i + 1))
	done
'

test_expect_success 'names of every kind come out as they are' '
	new_repo && cd app &&
	name=$(printf "tab\tquote\"new\nline \377") &&
	long=$(printf %0255d 7) &&
	for file in "$name" "$long" "-rf" "a b"
	do
		lines 1 9 >"./$file" || return 1
	done &&
	commit base && git tag base &&
	for file in "$name" "$long" "-rf" "a b"
	do
		sed -i s/5/ours/ "./$file" || return 1
	done &&
	commit ours && git tag ours && git checkout -q --detach base &&
	for file in "$name" "$long" "-rf" "a b"
	do
		sed -i s/5/theirs/ "./$file" || return 1
	done &&
	commit theirs && git tag theirs &&
	same_as_git base ours theirs &&
	test_expect_code 1 git drift predict --baseline base --commit ours \
		theirs >../out &&
	test_grep "tab.tquote..new.nline .377" ../out &&
	test 4 = $(grep -c "^clash" ../out)
'

test_done
