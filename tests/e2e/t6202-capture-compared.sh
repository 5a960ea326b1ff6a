#!/bin/sh

test_description='git serversync: what counts as changed, and what was captured before'

. "$(dirname "$0")/../lib/test-lib.sh"
. "$TOP/tests/lib/lib-serversync.sh"
test_require python3

test_expect_success 'all of a part of the tree is gone: STOP' '
	rm -rf app origin.git srv && make_app_repo app origin.git &&
	app_target app production "$TRASH/srv" &&
	printf "[serversync]\n\tgitOnly = app/Model8.php\n\tmaxDelete = 99\n[release]\n\tsubdirectory = app\n" \
		>app/.gitrelease && released v1.3.0 &&
	rm $live/Model1.php $live/Model8.php && captures 0 && test_grep "D  app/Model1.php" out &&
	find $live -name "*.php" -delete && captures 1 &&
	test_grep "STOP: none of the files" err && test_must_be_empty out
'

test_expect_success 'a file in the place of a submodule is listed' '
	project && id=$(git -C app rev-parse HEAD) && mkdir app/sub &&
	git -C app update-index --add --cacheinfo 160000,$id,sub &&
	git -C app commit -q -m sub && foreign &&
	git -C app rev-parse HEAD >$other/REVISION && captures 0 other &&
	echo "No server-side changes" >want && test_cmp want out &&
	rm -rf $other/sub && echo "<?php" >$other/sub && captures 0 other &&
	test_grep "A  sub  .*it is a submodule in git" out &&
	test_grep "^Nothing to capture" out
'

test_expect_success 'what cannot be proven stops a capture, as JSON too' '
	project && echo "<?php set(\"clear_paths\", \$x);" >app/deploy.php &&
	captures 1 --json && test "$(says "[\"verdict\"]")" = unproven &&
	test "$(says "[\"gap\"][\"line\"]")" = 1
'

test_expect_success 'another reason to delete is another capture' '
	project && rm $live/app/Model1.php $live/app/Model2.php &&
	captures 0 --delete app/Model1.php=one --delete app/Model2.php=b &&
	captures 0 --delete app/Model2.php=b --delete app/Model1.php=one &&
	test_grep "^Already captured" out &&
	captures 0 --delete app/Model1.php=two --delete app/Model2.php=b &&
	test_grep "^Captured 2 files" out &&
	git -C app log -1 --format="%(trailers)" "$(branch)" >got &&
	test_grep "^Deletion-Reason: app/Model1.php — two$" got &&
	captures 0 --delete app/Model1.php=two --delete app/Model2.php=b &&
	test_grep "^Already captured" out
'

test_expect_success 'what an edit was shows: a mode, a link' '
	project && chmod 755 $live/app/Model1.php && chmod 644 $live/bin/console &&
	ln -sf ../bin/console $live/app/Model2.php &&
	rm $live/public/storage && echo x >$live/public/storage &&
	echo more >>$live/app/Model3.php &&
	captures 0 -n && test_grep "M  app/Model1.php .*, now executable$" out &&
	test_grep "M  app/Model2.php .*, now a link$" out &&
	test_grep "M  bin/console .*, not executable any more$" out &&
	test_grep "M  public/storage .*, was a link$" out &&
	test_grep ! "Model3.*\(now\|any more\)" out &&
	captures 0 -n --json &&
	test "$(says "[\"files\"][0][\"old_mode\"]")" = 100644
'

test_expect_success 'hints name what to do next' '
	project && rm $live/app/Model1.php $live/app/Model2.php &&
	captures 0 &&
	test_grep "^hint: git serversync --delete <path>=<reason> production deletes" err &&
	captures 0 --json && test_grep ! "^hint" err &&
	captures 1 --max-delete 1 &&
	test_grep "^hint: .*git serversync -n --max-delete 2 production lists" err &&
	captures 1 --delete app=gone &&
	test_grep "app. is a directory" err && test_grep "^hint: .*app/Model1.php=" err &&
	captures 0 --delete app/Model1.php=gone --delete app/Model2.php=gone &&
	test_grep ! "^hint" err &&
	foreign && rm $other/REVISION && captures 128 other &&
	test_grep "^hint: git serversync --base <commit> other" err &&
	echo 1111111111111111111111111111111111111111 >$other/REVISION &&
	captures 128 other && test_grep "^hint: .*git serversync --base <commit> other" err &&
	rm srv2/current && captures 1 other &&
	test_grep "^hint: .*release.other.url" err
'

test_expect_success 'what git has as a pointer of LFS is not replaced' '
	project && printf "%s\n" "version https://git-lfs.github.com/spec/v1" \
		"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393" \
		"size 12345" >app/film.bin && released v1.4.0 &&
	foreign && git -C app rev-parse v1.4.0^{} >$other/REVISION &&
	head -c 12345 /dev/zero >$other/film.bin && echo x >$other/new.php &&
	captures 0 other && test_grep "M  film.bin .*Git LFS" out &&
	printf "A\tnew.php\n" >want &&
	git -C app diff --name-status v1.4.0 "$(branch)" >got && test_cmp want got
'

test_expect_success 'a time says nothing of a file with the content of git' '
	foreign && git -C app rev-parse v1.4.0^{} >$other/REVISION &&
	cp app/film.bin $other && chmod 755 $other/app/Model1.php &&
	touch -d 2020-01-01 $other/app/Model1.php && captures 0 other &&
	test_grep "^hot-fix: 1 file" out && test_grep ! "its time" out
'

test_expect_success 'one long name does not widen all lines' '
	project && echo x >$live/new.php && echo x >$live/$(printf "%0250d" 1) &&
	captures 0 -n && test_grep "new.php" out &&
	test "$(grep -c "^.\{120\}" out)" = 1
'

test_done
