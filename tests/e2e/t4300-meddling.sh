#!/bin/sh

test_description='somebody else is at work in the same root

Two runs at once, and people who move, remove and rename things by hand in the
middle of one. Hooks stand in for them: they run at a known moment.'

. "$(dirname "$0")/../lib/test-lib.sh"

R=$TRASH/srv

test_expect_success 'setup' '
	make_app_repo app &&
	app_target app production "$R" &&
	git -C app release --no-sync v1.0.0 &&
	one=$(live_release srv) &&
	git -C app release --no-sync v1.1.0 &&
	two=$(live_release srv)
'

# meddle <hook> <command>: a release of v1.2.0 with that hook.
meddle () {
	(
		cd app &&
		git -c "release.$1=$2" release --no-sync --again v1.2.0 \
			>../out 2>../err
	)
	meddle_code=$?
	cat out err
	return $meddle_code
}

no_leftovers () {
	test -z "$(ls srv/.release/tmp)" && test -z "$(ls srv/.release/trash)"
}

test_expect_success 'current moved by hand before the switch: not moved again' '
	test_expect_code 4 meddle midHook \
		"ln -s releases/$one $R/c && mv -T $R/c $R/current" &&
	test "$(live_release srv)" = "$one" &&
	test_grep "is live, not" err &&
	no_leftovers &&
	git -C app release --no-sync --again --allow-older v1.1.0 &&
	live_is srv app v1.1.0
'

test_expect_success 'current removed by hand: not made anew' '
	test_expect_code 4 meddle midHook "rm $R/current" &&
	test_path_is_missing srv/current &&
	no_leftovers &&
	git -C app release --no-sync v1.1.0 &&
	live_is srv app v1.1.0
'

test_expect_success 'current made a directory: nothing lost, and said so' '
	before=$(readlink srv/current) &&
	test_must_fail meddle midHook \
		"rm $R/current && mkdir $R/current && echo x >$R/current/x" &&
	test_path_is_file srv/current/x &&
	rm -r srv/current && ln -s "$before" srv/current &&
	git -C app release --no-sync --again --allow-older v1.1.0
'

test_expect_success 'the lock file removed: nothing is changed any more' '
	was=$(live_release srv) &&
	test_expect_code 4 meddle midHook "rm $R/.release/lock" &&
	test_grep "lock was taken away" err &&
	test "$(live_release srv)" = "$was" &&
	git -C app release --no-sync --again --allow-older v1.1.0
'

test_expect_success 'tmp removed in the middle: the release is made, or undone' '
	{ meddle midHook "rm -rf $R/.release/tmp" || test $meddle_code = 4; } &&
	{ ! test -d srv/.release/tmp || rmdir srv/.release/tmp; } &&
	git -C app release --no-sync --again --allow-older v1.1.0 &&
	live_is srv app v1.1.0
'

test_expect_success 'the new release removed in the middle' '
	was=$(live_release srv) &&
	test_expect_code 4 meddle midHook "rm -rf \"\$GIT_RELEASE_PATH\"" &&
	test "$(live_release srv)" = "$was" &&
	git -C app release --no-sync --again --allow-older v1.1.0
'

test_expect_success 'the new release is damaged in the middle' '
	was=$(live_release srv) &&
	test_expect_code 4 meddle midHook "echo x >app/Model1.php" &&
	test "$(live_release srv)" = "$was" &&
	test_expect_code 4 meddle midHook "rm app/Model1.php" &&
	test "$(live_release srv)" = "$was"
'

test_expect_success 'moved by hand after the switch: not taken back over it' '
	test_must_fail meddle postHook \
		"ln -s releases/$one $R/c && mv -T $R/c $R/current && false" &&
	test "$(live_release srv)" = "$one" &&
	git -C app release --no-sync --again --allow-older v1.1.0 &&
	live_is srv app v1.1.0
'

# A release that stays in its hook until the file "go" is there.
slow_release () {
	rm -f in go
	(
		cd app &&
		git -c "release.midHook=touch $TRASH/in; while ! test -f $TRASH/go; do sleep 0.1; done" \
			release --no-sync --again v1.2.0
	) >first 2>&1 &
	first=$!
	test_wait_for 10 test -f in
}

test_expect_success 'two at once: one is told who holds the lock, or waits' '
	slow_release &&
	test_expect_code 3 git -C app release --no-sync v1.1.0 2>err &&
	test_grep "locked by" err &&
	test_expect_code 3 git -C app release rollback 2>err &&
	git -C app release status >status 2>&1 &&
	{ (sleep 1; : >go) & } &&
	git -C app release --no-sync --again --allow-older --wait=20s v1.1.0 &&
	wait $first &&
	live_is srv app v1.1.0 &&
	no_leftovers
'

# crowd: four people who do everything at the same time.
crowd () {
	pids=
	for n in 1 2 3 4
	do
		(
			cd app || exit 1
			git release --no-sync --again --allow-older \
				--wait=60s v1.$((n % 3)).0
			git release rollback --wait=60s
			git release prune --keep 3
			git release status
		) >many.$n 2>&1 &
		pids="$pids $!"
	done
	wait $pids
}

test_expect_success 'releases, rollbacks, prunings and looks, all at once' '
	{ crowd || :; } &&
	! grep -i "unknown\|corrupt\|damaged\|Segm" many.* &&
	git -C app release verify &&
	no_leftovers &&
	git -C app release --no-sync --again --allow-older v1.2.0 &&
	live_is srv app v1.2.0
'

test_done
