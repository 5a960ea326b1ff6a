#!/bin/sh

test_description='git serversync: what was changed on a server, on a branch'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-serversync.sh"
test_require python3

# What an earlier attempt left is unreachable, which is no fault.
fsck_clean () {
	git -C "$1" fsck --strict >fsck.out 2>&1
	fsck_code=$?
	grep -v "^dangling" fsck.out >fsck.other
	test $fsck_code = 0 &&
	test_must_be_empty fsck.other
}

# state <dir>: all that there is, with times.
state () {
	find "$1" -printf "%p %y %m %s %T@ %C@ %l\n" | LC_ALL=C sort
}

test_expect_success 'nothing was changed' '
	project &&
	captures 0 &&
	echo "No server-side changes" >want && test_cmp want out &&
	test -z "$(branch)" &&
	captures 0 --json && test "$(says "[\"outcome\"]")" = nothing &&
	captures 0 -q && test_cmp want out && test_must_be_empty err
'

test_expect_success 'modified and new files, on top of what is live' '
	echo "// hot" >>$live/app/Model1.php &&
	chmod 755 $live/app/Model2.php &&
	printf "#!/bin/sh\r\nexit\n" >$live/bin/new && chmod 755 $live/bin/new &&
	ln -s Model1.php $live/app/link &&
	mkdir $live/plugin && echo "<?php" >$live/plugin/a.php &&
	git -C app checkout -q -b work v1.3.0 &&
	echo dirty >>app/app/Model1.php && git -C app add app/Model1.php &&
	cp app/.git/index index && git -C app status >status &&
	captures 0 production &&
	test_cmp index app/.git/index &&
	git -C app status | diff status - &&
	cat >want <<-\EOF2 &&
	M	app/Model1.php
	M	app/Model2.php
	A	app/link
	A	bin/new
	A	plugin/a.php
	EOF2
	changes >got && test_cmp want got &&
	git -C app show "$(branch):app/Model1.php" | cmp - $live/app/Model1.php &&
	git -C app show "$(branch):bin/new" | cmp - $live/bin/new &&
	test "$(git -C app rev-parse "$(branch)^")" = \
		"$(git -C app rev-parse v1.3.0^{commit})" &&
	fsck_clean app
'

test_expect_success 'its branch, its author and its trailers' '
	case "$(branch)" in
	serversync/production/20????????????) ;;
	*) false ;;
	esac &&
	git -C app log -1 --format="%an|%ae|%cn|%s" "$(branch)" >got &&
	echo "A U Thor|author@example.com|C O Mitter|Capture server edits of production" >want &&
	test_cmp want got &&
	git -C app log -1 --format="%(trailers)" "$(branch)" >got &&
	test_grep "^Server: $TRASH/srv$" got &&
	test_grep "^Release: ${live##*/} (v1.3.0)$" got &&
	test_grep "^Captured-At: 20..-..-..T..:..:..Z$" got
'

test_expect_success 'it is pushed, and read back' '
	test_grep "^Captured 5 files of production on $(branch)" out &&
	test_grep "^Pushed to origin" out &&
	test "$(git -C origin.git rev-parse "$(branch)")" = \
		"$(git -C app rev-parse "$(branch)")"
'

test_expect_success 'once more: the same branch' '
	git -C app for-each-ref >refs &&
	sleep 1 && captures 0 &&
	test_grep "^Already captured: 5 files of production on $(branch)" out &&
	git -C app for-each-ref | test_cmp refs - &&
	echo "more" >>$live/plugin/a.php &&
	captures 0 && test_grep "^Captured" out &&
	git -C app branch --list "serversync/*" >got && test_line_count 2 got
'

test_expect_success 'what a push did not bring over is pushed the next time' '
	project && echo x >$live/new.php &&
	printf "#!/bin/sh\nexit 1\n" >origin.git/hooks/pre-receive &&
	chmod 755 origin.git/hooks/pre-receive &&
	captures 1 && test_grep "refused" err && test -n "$(branch)" &&
	rm origin.git/hooks/pre-receive &&
	captures 0 && test_grep "^Already captured" out &&
	test_grep "^Pushed to origin" out &&
	git -C origin.git rev-parse "$(branch)" &&
	git -C app branch --list "serversync/*" >got && test_line_count 1 got &&
	git -C app branch -D "$(branch)" &&
	captures 0 && test_grep "^Already captured" out
'

test_expect_success 'a push that left nothing behind is not taken for one' '
	project && echo x >$live/new.php &&
	printf "#!/bin/sh\nwhile read -r old new ref; do git update-ref -d \$ref; done\n" \
		>origin.git/hooks/post-receive &&
	chmod 755 origin.git/hooks/post-receive &&
	captures 5 && test_grep "^hint: git ls-remote origin" err &&
	test_grep ! "^Pushed" out &&
	rm origin.git/hooks/post-receive && captures 0 &&
	test_grep "^Pushed to origin" out
'

test_expect_success 'interrupted in the push: the next run goes on' '
	project && echo x >$live/new.php &&
	printf "#!/bin/sh\ntrap \"\" INT\nkill -INT 0\nexit 1\n" \
		>origin.git/hooks/pre-receive &&
	chmod 755 origin.git/hooks/pre-receive &&
	(cd app && test_expect_code 130 setsid -w git serversync >../out 2>../err) &&
	test_must_be_empty out && test -n "$(branch)" &&
	rm origin.git/hooks/pre-receive && captures 0 &&
	test_grep "^Already captured" out && test_grep "^Pushed to origin" out &&
	fsck_clean app
'

test_expect_success 'kept here with --no-push' '
	project && echo x >$live/new.php &&
	captures 0 --no-push && test_grep ! Pushed out &&
	test -n "$(branch)" &&
	test_must_fail git -C origin.git rev-parse -q --verify "$(branch)" &&
	git -C app remote remove origin &&
	captures 128 && test_grep "^hint: --no-push" err
'

test_expect_success 'a dry run writes nothing, here or there' '
	project && echo x >$live/new.php && echo "// y" >>$live/app/Model3.php &&
	rm $live/app/Model4.php &&
	{ state app && state srv && state origin.git; } >before &&
	captures 0 -n &&
	{ state app && state srv && state origin.git; } >after &&
	test_cmp before after &&
	test_grep "^Would capture 2 files of production" out &&
	test_grep "A  new.php" out && test_grep "M  app/Model3.php" out &&
	test_grep "D  app/Model4.php" out &&
	captures 0 -n --json && test "$(says "[\"outcome\"]")" = "would capture" &&
	test "$(says "[\"branch\"]")" = None
'

test_expect_success 'what is gone stays, unless there is a reason' '
	project && rm $live/app/Model1.php $live/app/Model2.php &&
	captures 0 && test_grep "^Nothing to capture" out &&
	test_grep "D  app/Model1.php .*stays in git" out && test -z "$(branch)" &&
	captures 0 --delete "app/Model1.php=never used" &&
	printf "D\tapp/Model1.php\n" >want && changes >got && test_cmp want got &&
	git -C app log -1 --format="%(trailers)" "$(branch)" >got &&
	test_grep "^Deletion-Reason: app/Model1.php — never used$" got &&
	captures 0 --delete "app/Model1.php=never used" \
		--delete app/Model2.php=either &&
	printf "D\tapp/Model1.php\nD\tapp/Model2.php\n" >want &&
	changes >got && test_cmp want got
'

test_expect_success 'a reason for nothing is an error' '
	git -C app for-each-ref >refs &&
	captures 1 --delete app/Model3.php=why && test_grep "Model3.php. is not gone from the server" err &&
	captures 1 --delete nothing=why && test_grep "nothing. is not gone from the server" err &&
	captures 129 --delete app/Model1.php= && test_grep "reason is empty" err &&
	captures 129 --delete app/Model1.php && test_grep "needs a reason" err &&
	git -C app for-each-ref | test_cmp refs -
'

test_expect_success 'too many are gone: STOP' '
	project && rm $live/app/Model1.php && echo x >$live/new.php &&
	captures 1 --max-delete 0 && test_grep "STOP: 1 file of git is gone" err &&
	rm $live/app/Model[23].php &&
	captures 1 --max-delete 2 && test_grep "STOP: 3 files" err &&
	test_must_be_empty out && test -z "$(branch)" &&
	git -C app config serversync.maxDelete 2 && captures 1 &&
	captures 0 --max-delete 3 && captures 129 --max-delete x
'

test_expect_success 'all is gone: STOP, and nothing proposed' '
	project && git -C app config serversync.maxDelete 1000 &&
	find $live -mindepth 1 -delete && captures 1 &&
	test_grep "none of the files" err && test_must_be_empty out &&
	test -z "$(branch)" &&
	rm -rf $live && captures 1 && test_must_be_empty out &&
	rm -rf srv && captures 1 && test_must_be_empty out
'

test_expect_success 'what git has alone, and what is excluded' '
	project && rm -r $live/docs && echo x >$live/docs-2 &&
	mkdir $live/cache $live/gen && echo x >$live/cache/a && echo x >$live/gen/a &&
	echo x >$live/gen/keep && rm $live/app/Model1.php &&
	git -C app config --add serversync.exclude "/cache/" &&
	git -C app config --add serversync.exclude "gen/*" &&
	git -C app config --add serversync.exclude "!gen/keep" &&
	git -C app config --add serversync.exclude "Model1.*" &&
	captures 0 && printf "A\tdocs-2\nA\tgen/keep\n" >want &&
	changes >got && test_cmp want got && test_grep ! Model1 out
'

test_expect_success 'what a deploy clears, and what it does not protect' '
	project && rm -r $live/docs $live/app/Model1.php &&
	echo "<?php set(\"clear_paths\", [\"docs/old.md\"]);" >app/deploy.php &&
	captures 0 && test_grep ! docs out && test_grep Model1 out &&
	echo "<?php set(\"clear_paths\", [\"app\"]);" >app/deploy.php &&
	mv srv away && captures 1 && mv away srv &&
	test_grep "^STOP — these clear_paths are NOT protected" out &&
	captures 1 --json && test "$(says "[\"verdict\"]")" = stop &&
	echo "<?php set(\"clear_paths\", \$x);" >app/deploy.php &&
	captures 1 && test_grep "cannot prove symmetry" err
'

test_expect_success 'ignored files are listed, collapsed' '
	project && mkdir -p $live/vendor/a/b && echo x >$live/debug.log &&
	for n in 1 2 3; do echo $n >$live/vendor/a/b/$n || return 1; done &&
	echo x >$live/vendor/c &&
	captures 0 && test_grep "^     debug.log$" out &&
	test_grep "^     vendor/ (4 files)$" out &&
	test_grep "^No server-side changes$" out && test -z "$(branch)" &&
	test_grep "^hint: .*stops git release.*SERVER EDITS" err
'

test_expect_success 'what a capture leaves there, and how a release gets past it' '
	project && echo "PASSWORD=hunter2hunter2" >$live/.env.bak &&
	rm $live/app/Model1.php && echo "// hot" >>$live/app/Model2.php &&
	captures 0 -q && test_grep ! hint err && test_grep ! "  D  " out && captures 0 &&
	test_grep "^hint: git serversync --delete <path>=<reason> production deletes" err &&
	test_grep "^hint: .*stops git release.*SERVER EDITS" err &&
	captures 0 --delete "app/Model1.php=never used" &&
	test_grep ! "deletes in git" err && test_grep "SERVER EDITS" err &&
	git -C app merge -q "$(branch)" && echo >app/new && app_tag app v1.4.0 &&
	git -C app push -q origin production v1.4.0 &&
	(cd app && test_expect_code 1 git release v1.4.0) >out 2>err &&
	test_grep "error: 1 file was edited on the server: .env.bak" err &&
	captures 0 && test_grep "SERVER EDITS" err &&
	rm $live/.env.bak && git -C app release -q v1.4.0 &&
	captures 0 && test_grep ! hint err
'

test_expect_success 'what was built is compared with the build' '
	project &&
	printf "[release]\n\tbuild = mkdir vendor && seq 9 >vendor/lib.php && seq 9 >built.js\n" \
		>>app/.gitrelease &&
	released v1.4.0 && captures 0 &&
	echo "No server-side changes" >want && test_cmp want out &&
	echo patched >>$live/vendor/lib.php && echo x >$live/vendor/new.php &&
	rm $live/built.js && captures 0 &&
	git -C app diff --name-status v1.4.0 "$(branch)" >got &&
	printf "A\tvendor/lib.php\n" >want && test_cmp want got &&
	test_grep "^generated: 1 file" out && test_grep "vendor/ (1 file)" out
'

test_expect_success 'a package that only the remote has' '
	git clone -q "file://$TRASH/origin.git" other &&
	git -C other checkout -q v1.4.0 &&
	app_target other production "$TRASH/srv" &&
	(cd other && git serversync -n >../out) &&
	test_grep "^generated: 1 file" out && test_grep "vendor/lib.php" out &&
	git -C origin.git for-each-ref --format="delete %(refname)" refs/releases |
	git -C origin.git update-ref --stdin &&
	rm -rf other && git clone -q "file://$TRASH/origin.git" other &&
	git -C other checkout -q v1.4.0 &&
	app_target other production "$TRASH/srv" &&
	(cd other && git serversync -n >../out 2>../err) &&
	test_grep "^warning: the package of v1.4.0" err
'

test_expect_success 'secrets are listed, and never in the object database' '
	project &&
	echo "APP_KEY=canary-4711" >$live/.env && chmod 600 $live/.env &&
	{
		echo "-----BEGIN RSA PRIVATE KEY-----" &&
		head -c 900 /dev/urandom | base64 && echo canary-4711 &&
		echo "-----END RSA PRIVATE KEY-----"
	} >$live/notes.txt &&
	echo "x" >$live/harmless.php &&
	captures 0 -v && test_grep "^not taken: 2 files" out &&
	test_grep "A  .env" out && test_grep "A  notes.txt" out &&
	test_grep ! canary-4711 out && test_grep ! canary-4711 err &&
	printf "A\tharmless.php\n" >want && changes >got && test_cmp want got &&
	for repo in app origin.git
	do
		git -C $repo cat-file --batch --batch-all-objects >objects &&
		test_must_fail grep -a canary-4711 objects || return 1
	done
'

test_expect_success 'large files are listed, with what they weigh' '
	project && head -c 3000 /dev/zero >$live/large.php &&
	head -c 2999 /dev/zero >$live/small.php &&
	git -C app config serversync.maxFileSize 2999 && captures 0 &&
	test_grep "A  large.php  2.9 KiB  it is larger than" out &&
	printf "A\tsmall.php\n" >want && changes >got && test_cmp want got
'

test_expect_success 'nothing below shared/ is looked at' '
	project && python3 -c "
import os
for n in range(20000):
    open(\"srv/shared/uploads/%05d.jpg\" % n, \"w\").close()
" && echo x >$live/new.php && captures 0 --json &&
	test "$(says "[\"files_looked_at\"]")" -lt 100 &&
	printf "A\tnew.php\n" >want && changes >got && test_cmp want got
'

test_expect_success 'classes' '
	project && mkdir -p $live/wp-content/uploads/2026 $live/wp-content/cache &&
	printf "\211PNG\r\n\032\n" >$live/wp-content/uploads/2026/a.png &&
	echo "<?php system(\$_GET[1]);" >$live/wp-content/uploads/2026/b.php &&
	echo x >$live/wp-content/cache/c.html &&
	echo "<?php return 1;" >$live/plugin.php && echo "// x" >>$live/app/Model1.php &&
	touch -d "+0 seconds" $live/plugin.php &&
	captures 0 --json &&
	python3 - >got <<-\EOF2 &&
	import json
	for f in json.load(open("out"))["files"]:
	    print(f["class"], f["taken"], f["path"])
	EOF2
	cat >want <<-\EOF2 &&
	hot-fix True app/Model1.php
	installer True plugin.php
	generated True wp-content/cache/c.html
	upload True wp-content/uploads/2026/a.png
	suspicious True wp-content/uploads/2026/b.php
	EOF2
	test_cmp want got
'

test_expect_success 'only a part of the tree is released' '
	rm -rf app origin.git srv && make_app_repo app origin.git &&
	app_target app production "$TRASH/srv" &&
	printf "[serversync]\n\tgitOnly = app/Model9.php\n[release]\n\tsubdirectory = app\n" \
		>app/.gitrelease && seq 9 >app/app/Model9.php && released v1.3.0 &&
	echo x >>$live/Model1.php && echo x >$live/new.php && rm $live/Model2.php &&
	rm $live/Model9.php &&
	captures 0 --delete app/Model2.php=gone &&
	printf "M\tapp/Model1.php\nD\tapp/Model2.php\nA\tapp/new.php\n" >want &&
	changes >got && test_cmp want got
'

test_expect_success 'what a path means is told by its place in the release' '
	rm -rf app origin.git srv && make_app_repo app origin.git &&
	app_target app production "$TRASH/srv" &&
	printf "[release]\n\tsubdirectory = shop\n" >app/.gitrelease &&
	mkdir app/shop && seq 9 >app/shop/page.php && released v1.3.0 &&
	mkdir $live/cache && echo x >$live/cache/x && captures 0 -n --json &&
	python3 - >got <<-\EOF2 &&
	import json
	print(*[f["class"] for f in json.load(open("out"))["files"]
	    if f["path"] == "shop/cache/x"])
	EOF2
	echo generated >want && test_cmp want got
'

test_expect_success 'names and things of all kinds' '
	project && nl=$(printf "a\nb") && esc=$(printf "e\033[31m") &&
	raw=$(printf "\377raw") && long=$(printf "%0250d" 1) &&
	for name in "$nl" "$esc" "$raw" "$long" "-rf" "a\"b" "back\\slash" " blank " \
		"tab	tab" "#x" "a[1]*?"
	do
		echo content >"$live/$name" || return 1
	done &&
	mkdir -p $live/.git/hooks $live/x/.GIT $live/.github/workflows &&
	echo x >$live/.git/hooks/post-checkout && echo x >$live/x/.GIT/config &&
	echo x >$live/.gitattributes && echo x >$live/x/.gitmodules &&
	echo x >$live/.github/workflows/a.yml && echo x >"$live/git~1" &&
	echo "x" >>$live/.gitignore && echo "x" >>$live/.gitrelease &&
	mkfifo $live/fifo && ln -s /etc/passwd $live/out1 &&
	ln -s ../../../../x $live/out2 && ln -s app $live/inside &&
	captures 0 &&
	git -C app diff --name-only -z v1.3.0 "$(branch)" | tr "\0\n" "\n?" |
	sort >got &&
	printf "%s\n" "a?b" "$esc" "$raw" "$long" "-rf" "a\"b" "back\\slash" \
		" blank " "tab	tab" "#x" "a[1]*?" inside | sort >want &&
	test_cmp want got &&
	for name in "$nl" "$esc" "$raw" "a[1]*?"
	do
		git -C app cat-file blob "$(branch):$name" >blob &&
		echo content | test_cmp - blob || return 1
	done &&
	test_must_fail grep -a "$(printf "\033")" out &&
	for name in fifo out1 out2 .gitattributes .gitignore .gitrelease \
		.github/workflows/a.yml x/.gitmodules x/.GIT/config git~1
	do
		test_grep "[AM]  $name " out || return 1
	done &&
	fsck_clean app
'

test_expect_success 'a file where git has a directory, and the other way' '
	project && rm -r $live/app && echo x >$live/app &&
	rm $live/bin/console && mkdir $live/bin/console && echo x >$live/bin/console/a &&
	captures 0 --max-delete 100 && test_grep "A  app .*it is a directory in git" out &&
	test_grep "A  bin/console/a .*its directory is a file in git" out &&
	test -z "$(branch)" &&
	captures 0 --max-delete 100 --delete bin/console=replaced &&
	printf "D\tbin/console\nA\tbin/console/a\n" >want &&
	changes >got && test_cmp want got
'

test_expect_success 'detached, bare, from a linked work tree, from a subfolder' '
	project && echo x >$live/new.php &&
	git -C app checkout -q --detach && captures 0 -n &&
	git -C app worktree add -q ../linked production &&
	(cd linked/app && git serversync -n production >../../out) &&
	test_grep "Would capture 1 file" out &&
	git clone -q --bare app bare.git && app_target bare.git production "$TRASH/srv" &&
	(cd bare.git && git serversync --no-push >../out 2>../err) &&
	test_grep "^Captured 1 file" out && rm -rf linked bare.git
'

test_expect_success 'the live commit is not here' '
	project && echo x >$live/new.php && base=$(git -C app rev-parse v1.3.0^{}) &&
	echo 2 >app/two && app_tag app v1.4.0 && git -C app push -q origin production &&
	git clone -q --depth 1 "file://$TRASH/origin.git" shallow &&
	app_target shallow production "$TRASH/srv" &&
	test_must_fail git -C shallow cat-file -e "$base" &&
	(cd shallow && git serversync --no-push >../out) &&
	test_grep "^Captured 1 file" out && rm -rf shallow &&
	git -C origin.git for-each-ref --format="delete %(refname)" refs/releases |
	git -C origin.git update-ref --stdin &&
	git clone -q --depth 1 "file://$TRASH/origin.git" shallow &&
	app_target shallow production "$TRASH/srv" &&
	(cd shallow && git serversync --no-push >../out) &&
	test_grep "^Captured 1 file" out && rm -rf shallow &&
	git clone -q --depth 1 "file://$TRASH/origin.git" shallow &&
	app_target shallow production "$TRASH/srv" && git -C shallow remote remove origin &&
	(cd shallow && test_expect_code 128 git serversync --no-push >../out 2>../err) &&
	test_grep "$base.* is not in this repository" err &&
	test_grep "^hint: git fetch origin $base" err && rm -rf shallow
'

test_expect_success 'a release of another tool' '
	project && foreign && captures 0 other &&
	echo "No server-side changes" >want && test_cmp want out &&
	echo x >>$other/app/Model1.php && echo x >$other/new.php &&
	mkdir -p $other/vendor && seq 3 >$other/vendor/a && rm $other/app/Model2.php &&
	echo x >srv2/shared/uploads/x &&
	captures 0 --delete app/Model2.php=old other &&
	printf "M\tapp/Model1.php\nD\tapp/Model2.php\nA\tnew.php\n" >want &&
	changes >got && test_cmp want got && test_grep "vendor/ (1 file)" out &&
	captures 0 --delete app/Model2.php=old --json other &&
	test "$(says "[\"outcome\"]")" = "already captured"
'

test_expect_success 'its files are read once' '
	echo y >>$other/new.php && captures 0 other && sleep 0.1 &&
	captures 0 other && captures 0 --json other &&
	test "$(says "[\"files_read\"]")" = 0
'

test_expect_success 'a dry run leaves nothing there either' '
	foreign && git -C app config serversync.gitOnly docs &&
	rm -rf app/.git/git-release/scan && echo x >$other/new.php &&
	{ state srv2 && state app/.git; } >before && captures 0 -n other &&
	{ state srv2 && state app/.git; } >after && test_cmp before after &&
	test_grep "^Would capture 1 file" out
'

test_expect_success 'what is not exported is not missed' '
	project && mkdir app/tests && echo t >app/tests/t.php &&
	printf "/tests export-ignore\n/.gitrelease export-ignore\n" >app/.gitattributes &&
	app_tag app v1.4.0 && foreign && rm -rf $other/* &&
	git -C app archive v1.4.0 | tar -xf - -C $other &&
	git -C app rev-parse v1.4.0^{} >$other/REVISION &&
	captures 0 other && echo "No server-side changes" >want && test_cmp want out
'

test_expect_success 'the server knows better than serversync.base' '
	project && foreign && echo new >app/later.php && app_tag app v1.4.0 &&
	git -C app config serversync.base v1.4.0 && echo x >$other/new.php &&
	captures 0 -n other && test_grep ! later.php out &&
	captures 0 -n --base v1.4.0 other && test_grep later.php out &&
	git -C app config --unset serversync.base
'

test_expect_success 'nothing tells what is live, or --base does' '
	foreign && rm $other/REVISION && echo x >$other/new.php &&
	captures 128 other && test_grep "^hint: .*--base" err &&
	captures 0 --base v1.3.0 -n other && test_grep "A  new.php" out &&
	git -C app config serversync.base v1.3.0 &&
	captures 0 -n other && test_grep "A  new.php" out &&
	git -C app config --unset serversync.base &&
	mkdir srv2/.dep && printf "{\"created_at\":\"2026-01-01T00:00:00\",\"release_name\":\"20260101000000\",\"user\":\"x\",\"target\":\"v1.3.0\"}\n" \
		>srv2/.dep/releases_log &&
	captures 0 -n other && test_grep "A  new.php" out
'

test_expect_success 'without a deploy file: only what git release made' '
	project && foreign && sed -i /gitOnly/d app/.gitrelease && captures 0 -n &&
	captures 1 other && test_grep "STOP: git release did not make" err
'

test_expect_success 'a plain checkout' '
	project && rm -rf plain && git clone -q origin.git plain && git -C plain checkout -q v1.3.0 &&
	app_target app other "$TRASH/plain" &&
	echo x >>plain/app/Model1.php && rm plain/app/Model3.php &&
	state plain >before && captures 0 other && state plain | test_cmp before - &&
	printf "M\tapp/Model1.php\n" >want && changes >got && test_cmp want got &&
	test_grep "D  app/Model3.php" out &&
	sleep 0.1 && captures 0 other && captures 0 --json other &&
	test "$(says "[\"files_read\"]")" = 0
'

test_expect_success 'what cannot be read is unknown, and not gone' '
	project && mkdir $live/private && echo x >$live/private/a &&
	captures 0 -n && chmod 000 $live/private $live/app &&
	chmod 755 "$TRASH" && cp -a app app2 && git -C app2 config safe.directory "*" &&
	{
		test "$(id -u)" != 0 || chown -R 65534:65534 srv app2 origin.git
	} &&
	if test "$(id -u)" = 0
	then
		as="setpriv --reuid=65534 --regid=65534 --clear-groups --"
	fi &&
	(cd app2 && test_expect_code 1 env HOME="$TRASH/app2" $as \
		git serversync -n >../out 2>../err) &&
	test_grep "^  ?  app$" out && test_grep "^  ?  private$" out &&
	test_grep ! "D  app" out && test_grep ! "No server-side" out &&
	test_grep "is unknown" err && chmod 755 $live/private $live/app &&
	rm -rf app2
'

test_expect_success 'exit codes' '
	captures 129 --nothing && captures 129 a b &&
	captures 128 staging && captures 128 --base nonsense &&
	(cd "$TRASH" && test_expect_code 128 git serversync) &&
	captures 0 -h && test_grep "^usage: git serversync" out
'

test_done
