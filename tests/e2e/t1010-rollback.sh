#!/bin/sh
test_description='git release rollback and activate'

. "$(dirname "$0")/../lib/test-lib.sh"

make_app_repo app || exit 1
app_target app production "$TRASH/srv"

# The nth release, oldest first.
nth () {
	find srv/releases -mindepth 1 -maxdepth 1 -printf "%f\n" | sort |
		sed -n "$1p"
}

release_all () {
	for tag in v1.0.0 v1.1.0 v1.2.0
	do
		git -C app release -q "$tag" || return 1
	done
}

test_expect_success 'nothing to roll back to: no release at all, then one' '
	test_expect_code 1 git -C app release rollback 2>err &&
	printf "error: nothing to roll back to\n" >expect &&
	sed -n 1p err >got && test_cmp expect got &&
	test_grep "^hint: .*git release list" err &&
	git -C app release -q v1.0.0 &&
	test_expect_code 1 git -C app release rollback 2>err &&
	sed -n 1p err >got && test_cmp expect got &&
	live_is srv app v1.0.0
'

test_expect_success 'back to the one before, with the exact last line' '
	git -C app release -q v1.1.0 && git -C app release -q v1.2.0 &&
	git -C app release rollback >out 2>err &&
	test_must_be_empty err &&
	test_grep "^  activate  current -> releases/$(nth 2) " out &&
	tail -n 1 out >last &&
	test_grep "^Rolled back to v1.1.0 on production in [0-9.]*s$" last &&
	live_is srv app v1.1.0
'

test_expect_success 'git remembers it' '
	git -C app rev-parse refs/releases/v1.1.0 >expect &&
	git -C app rev-parse refs/deployments/production >got &&
	test_cmp expect got &&
	git -C app notes --ref=deployments show v1.1.0^{} >note &&
	test_grep "\"what\":\"rolled back\".*\"previous\":\"$(nth 3)\"" note
'

test_expect_success 'twice goes further back, then there is nothing' '
	git -C app release rollback >out &&
	live_is srv app v1.0.0 &&
	test_expect_code 1 git -C app release rollback 2>err &&
	test_grep "nothing to roll back to" err &&
	live_is srv app v1.0.0
'

test_expect_success 'by version, with and without its prefix, and by id' '
	git -C app release rollback v1.1.0 && live_is srv app v1.1.0 &&
	git -C app release rollback 1.0.0 && live_is srv app v1.0.0 &&
	git -C app release rollback "$(nth 3)" && live_is srv app v1.2.0 &&
	ls srv/releases >left && test "$(wc -l <left)" = 3
'

test_expect_success 'activate goes forward, and needs a name' '
	git -C app release activate v1.1.0 >out &&
	test_grep "^Activated v1.1.0 on production in" out &&
	live_is srv app v1.1.0 &&
	test_expect_code 129 git -C app release activate 2>err
'

test_expect_success 'what is live already is said, exit 0' '
	before=$(live_release srv) &&
	git -C app release rollback v1.1.0 >out &&
	test_grep "v1.1.0 is live on production already" out &&
	git -C app release activate "$before" >out &&
	test_grep "already" out &&
	test "$before" = "$(live_release srv)"
'

test_expect_success 'a dry run changes nothing on the server' '
	(cd srv && find . -printf "%p %s %T@ %l\n" | sort) >before &&
	git -C app release activate -n v1.2.0 >out &&
	test_grep "would switch current -> releases/$(nth 3)" out &&
	(cd srv && find . -printf "%p %s %T@ %l\n" | sort) >after &&
	test_cmp before after
'

test_expect_success '--json, --quiet' '
	git -C app release activate --json v1.2.0 >out 2>err &&
	python3 -c "import json,sys
d = json.load(open(sys.argv[1]))
assert d[\"version\"] == \"v1.2.0\" and not d[\"already_live\"], d
assert d[\"release\"] == sys.argv[2], d" out "$(nth 3)" &&
	git -C app release rollback -q >out 2>err &&
	test_must_be_empty out && test_must_be_empty err
'

test_expect_success 'names of nothing, and names that lead elsewhere' '
	before=$(readlink srv/current) &&
	for name in ../../shared v9.9.9 . /etc ""
	do
		test_expect_code 1 git -C app release rollback -- "$name" \
			2>err || return 1
		test_grep "^error: there is no release .$name. on production$" \
			err || return 1
	done &&
	test_must_fail git -C app release rollback "$(printf "\033[2J")" 2>err &&
	! LC_ALL=C grep "$(printf "\033")" err &&
	test "$before" = "$(readlink srv/current)"
'

test_expect_success 'a damaged target is refused, marked, and then skipped' '
	rm -rf srv && release_all &&
	echo changed >>srv/releases/$(nth 2)/app/Model1.php &&
	test_expect_code 1 git -C app release rollback 2>err &&
	test_grep "^error: release .$(nth 2). is damaged: 1 file changed" err &&
	test_grep "^hint: git release rollback passes it over now" err &&
	live_is srv app v1.2.0 &&
	git -C app release list >out &&
	test_grep "$(nth 2) .*v1.1.0 .*bad" out &&
	git -C app release rollback >out &&
	live_is srv app v1.0.0 &&
	test_expect_code 1 git -C app release rollback v1.1.0 2>err &&
	test_grep "never worked\|is bad" err
'

test_expect_success 'a missing file counts as damage, too' '
	rm srv/releases/$(nth 3)/app/Model2.php &&
	test_expect_code 1 git -C app release activate "$(nth 3)" 2>err &&
	test_grep "1 missing" err &&
	live_is srv app v1.0.0
'

test_expect_success 'a post hook that fails goes back where it was' '
	rm -rf srv && release_all &&
	git -C app config release.production.postHook "exit 7" &&
	git -C app config release.production.failHook \
		"echo failed >>\$GIT_RELEASE_ROOT/shared/told" &&
	test_expect_code 4 git -C app release rollback 2>err &&
	git -C app config --unset release.production.postHook &&
	git -C app config --unset release.production.failHook &&
	test_grep "postHook .exit 7. failed with status 7" err &&
	live_is srv app v1.2.0 &&
	echo failed >expect && test_cmp expect srv/shared/told &&
	git -C app notes --ref=deployments show v1.1.0^{} >note &&
	test_grep "\"what\":\"failed\"" note
'

test_expect_success 'somebody else holds the lock: exit 3, and --wait waits' '
	rm -rf srv && release_all &&
	git -C app config release.production.midHook "sleep 2" &&
	{ git -C app release -q --again v1.2.0 & pid=$!; } &&
	test_wait_for 10 grep -q release srv/.release/lock &&
	git -C app config --unset release.production.midHook &&
	test_expect_code 3 git -C app release rollback 2>err &&
	test_grep "^error: locked by .*release v1.2.0" err &&
	git -C app release rollback --wait=30s >out &&
	wait $pid &&
	test_grep "Rolled back to v1.2.0" out
'

test_done
