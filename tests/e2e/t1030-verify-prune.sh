#!/bin/sh
test_description='git release verify and prune'

. "$(dirname "$0")/../lib/test-lib.sh"

make_app_repo app || exit 1
app_target app production "$TRASH/srv"

releases () {
	find srv/releases -mindepth 1 -maxdepth 1 | wc -l
}

# live <expected exit> <expected lines>: what verify says of the live one.
verify_says () {
	test_expect_code "$1" git -C app release verify >out 2>err &&
	printf "%b" "$2" >expect && test_cmp expect out
}

test_expect_success 'nothing is live' '
	test_expect_code 1 git -C app release verify 2>err &&
	test_grep "^error: nothing is live on production$" err
'

test_expect_success 'every file verified, in one line' '
	git -C app release -q v1.0.0 && git -C app release -q v1.1.0 &&
	id=$(live_release srv) &&
	verify_says 0 "v1.1.0 ($id) on production: 18 files verified\n" &&
	git -C app release verify v1.0.0 >out &&
	test_grep "^v1.0.0 (.*) on production: 17 files verified$" out &&
	git -C app release verify -q >out && test_must_be_empty out
'

test_expect_success 'M, D and A, in the order of their paths, exit 1' '
	cp -a srv/current/. good &&
	echo x >>srv/current/app/Model2.php &&
	rm srv/current/app/Model1.php &&
	echo x >srv/current/zz &&
	verify_says 1 "D app/Model1.php\nM app/Model2.php\nA zz\n" &&
	test_grep "^error: v1.1.0 (.*) on production: 1 changed, 1 missing, 1 added$" err
'

test_expect_success '-z ends with NUL and quotes nothing, --json' '
	printf "x" >"srv/current/b\"
c" &&
	test_expect_code 1 git -C app release verify >out &&
	test_grep "^A \"b.\"n*" out &&
	test_expect_code 1 git -C app release verify -z >out &&
	printf "D app/Model1.php\0M app/Model2.php\0A b\"\nc\0A zz\0" >expect &&
	cmp expect out &&
	test_expect_code 1 git -C app release verify --json >out &&
	python3 -c "import json,sys
d = json.load(open(sys.argv[1]))
assert (d[\"changed\"], d[\"missing\"], d[\"added\"]) == (1, 1, 2), d
assert d[\"paths\"][2] == {\"status\": \"A\", \"path\": \"b\\\"\\nc\"}, d" out
'

test_expect_success 'same size and old times do not hide a change' '
	rm -rf srv && git -C app release -q v1.1.0 &&
	file=srv/current/app/Model5.php && touch -r $file stamp &&
	sed -i "s/^100\$/999/" $file && touch -r stamp $file &&
	verify_says 1 "M app/Model5.php\n"
'

test_expect_success 'a mode that changed is a change' '
	rm -rf srv && git -C app release -q v1.1.0 &&
	chmod 666 srv/current/public/index.php &&
	verify_says 1 "M public/index.php\n"
'

test_expect_success 'an extra file alone is exit 1, below writable it is none' '
	rm -rf srv && git -C app release -q v1.1.0 &&
	mkdir srv/current/cache && echo x >srv/current/cache/x &&
	verify_says 1 "A cache/x\n" &&
	git -C app config release.production.writable cache &&
	git -C app release verify >out && test_grep verified out &&
	git -C app config --unset release.production.writable
'

test_expect_success 'a release that is not there' '
	test_expect_code 1 git -C app release verify v9 2>err &&
	test_grep "^error: there is no release .v9. on production$" err
'

test_expect_success 'prune keeps the newest good ones' '
	rm -rf srv &&
	git -C app config release.production.keep 10 &&
	for tag in v1.0.0 v1.1.0 v1.2.0
	do
		git -C app release -q "$tag" || return 1
	done &&
	git -C app release -q --again v1.2.0 &&
	git -C app release -q --again v1.2.0 &&
	test $(releases) = 5 && oldest=$(ls srv/releases | head -n 1) &&
	git -C app release prune -n --keep 3 >out &&
	test_grep "would remove $oldest" out &&
	test_grep "^2 releases would be removed from production$" out &&
	test $(releases) = 5 &&
	git -C app release prune --keep 3 >out &&
	test_grep "^2 releases removed from production$" out &&
	test $(releases) = 3 && test_path_is_missing srv/releases/$oldest &&
	git -C app release verify >out && test_grep verified out
'

test_expect_success 'the live one and the one before always stay' '
	git -C app release prune --keep 1 --json >out &&
	test $(releases) = 2 &&
	git -C app release rollback -q && git -C app release verify -q
'

test_expect_success 'keep of the settings counts without --keep' '
	git -C app release -q --again v1.2.0 &&
	git -C app release -q --again v1.2.0 &&
	git -C app config release.production.keep 2 &&
	before=$(releases) &&
	git -C app release prune >out && test $(releases) -lt $before
'

test_expect_success 'a release prunes by itself, and never a failed attempt first' '
	git -C app config release.production.keep 2 &&
	for n in 1 2 3
	do
		git -C app release -q --again v1.2.0 || return 1
	done &&
	git -C app config release.production.midHook false &&
	for n in 1 2 3
	do
		test_expect_code 4 git -C app release -q --again v1.2.0 || return 1
	done &&
	git -C app config --unset release.production.midHook &&
	test $(releases) = 2 &&
	git -C app release rollback -q && git -C app release verify -q
'

test_expect_success 'shared data is never pruned, nor what links lead to' '
	mkdir outside && echo keep >outside/file &&
	git -C app config release.production.shared storage/ &&
	git -C app config release.production.keep 1 &&
	git -C app release -q --again v1.2.0 && echo data >srv/shared/storage/data &&
	ln -s "$PWD/outside" srv/current/out && mkdir srv/current/dir &&
	git -C app release -q --again --discard-server-edits v1.2.0 &&
	git -C app release -q --again v1.2.0 &&
	git -C app release -q --again v1.2.0 &&
	test_path_is_file outside/file && test_path_is_file srv/shared/storage/data
'

test_expect_success 'what an application dug goes, however deep it is' '
	git -C app config release.production.keep 3 &&
	git -C app release -q --again v1.2.0 &&
	old=$(live_release srv) &&
	(
		cd srv/current && python3 -c "import os
for n in range(3000):
	os.mkdir(\"d\")
	os.chdir(\"d\")
	open(\"f\", \"w\").close()"
	) &&
	git -C app release -q --again --discard-server-edits v1.2.0 &&
	git -C app release -q --again v1.2.0 &&
	(
		ulimit -n 256 &&
		git -C app release prune --keep 1 >out 2>err
	) &&
	test_must_be_empty err && test_path_is_missing "srv/releases/$old" &&
	ls -A srv/.release/trash >left && test_must_be_empty left
'

test_expect_success 'numbers that are none' '
	for keep in 0 -1 x 1001
	do
		test_expect_code 129 git -C app release prune --keep=$keep ||
			return 1
	done
'

test_done
