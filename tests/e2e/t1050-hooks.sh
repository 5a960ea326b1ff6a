#!/bin/sh
test_description='hooks on the server: when, where, with what, and when they fail'

. "$(dirname "$0")/../lib/test-lib.sh"

make_app_repo app || exit 1
app_target app production "$TRASH/srv"
NOTES=$TRASH/notes
export NOTES

# hook <pre|mid|post|fail> <command>
hook () {
	git -C app config --add "release.production.$1Hook" "$2"
}

unhook () {
	for each in pre mid post fail
	do
		git -C app config --unset-all "release.production.${each}Hook"
	done
	:
}

# Everything is as before: what is live, what is there, no lock, no leftovers.
before_failure () {
	readlink srv/current >state.before && ls srv/releases >>state.before
}

after_failure () {
	readlink srv/current >state.after && ls srv/releases >>state.after &&
	test_cmp state.before state.after &&
	ls -A srv/.release/tmp srv/.release/trash >left &&
	test_grep ! "^[0-9a-z]\{5,\}\$" left
}

test_expect_success 'pre, mid and post, in order, in the final path' '
	hook pre "echo pre \$PWD >>\$NOTES" &&
	hook mid "echo mid \$PWD >>\$NOTES; test ! -e ../../current" &&
	hook post "echo post \$(readlink ../../current) >>\$NOTES" &&
	hook fail "echo fail >>\$NOTES" &&
	git -C app release v1.0.0 >out &&
	id=$(live_release srv) &&
	printf "pre %s\nmid %s\npost releases/$id\n" \
		"$TRASH/srv/releases/$id" "$TRASH/srv/releases/$id" >expect &&
	test_cmp expect "$NOTES" &&
	test_grep "^  pre  *1 hook" out && test_grep "^  post  *1 hook" out &&
	unhook
'

test_expect_success 'the environment tells what is going on' '
	old=$(live_release srv) &&
	hook mid "env | grep ^GIT_RELEASE_ | grep -v TOKEN | sort >\$NOTES" &&
	git -C app release v1.1.0 && unhook &&
	id=$(live_release srv) &&
	cat >expect <<-EOF &&
	GIT_RELEASE_COMMIT=$(git -C app rev-parse v1.1.0^{})
	GIT_RELEASE_ENV=production
	GIT_RELEASE_HOOK=mid
	GIT_RELEASE_ID=$id
	GIT_RELEASE_PACKAGE=$(git -C app rev-parse refs/releases/v1.1.0)
	GIT_RELEASE_PATH=$TRASH/srv/releases/$id
	GIT_RELEASE_PREVIOUS=$old
	GIT_RELEASE_ROOT=$TRASH/srv
	GIT_RELEASE_SHARED=$TRASH/srv/shared
	GIT_RELEASE_TAG=v1.1.0
	GIT_RELEASE_VERSION=1.1.0
	EOF
	grep -v GIT_RELEASE_BUILD= "$NOTES" >got && test_cmp expect got
'

test_expect_success 'stdin is empty, no descriptor of ours, own process group' '
	hook mid "cat >\$NOTES; ls /proc/self/fd | tr \"\\n\" \" \" >>\$NOTES" &&
	hook mid "test \$(ps -o pgid= -p \$\$) = \$\$" &&
	echo input | git -C app release --again v1.1.0 && unhook &&
	printf "0 1 2 3 " >expect && test_cmp expect "$NOTES"
'

test_expect_success 'output is shown behind a prefix and kept in the log' '
	hook mid "echo from the hook; echo and its errors >&2; printf \"\\033[31mred\"" &&
	git -C app release --again v1.1.0 >out && unhook &&
	test_grep "^  | from the hook$" out &&
	test_grep "^  | and its errors$" out &&
	! LC_ALL=C grep "$(printf "\033")" out &&
	test_grep "^from the hook$" "srv/.release/log/$(live_release srv)"
'

test_expect_success 'what hooks make is part of the release' '
	hook mid "mkdir made && echo x >made/file" &&
	git -C app release --again v1.1.0 && unhook &&
	test_path_is_file srv/current/made/file &&
	git -C app release verify >out && test_grep verified out &&
	rm srv/current/made/file &&
	test_expect_code 1 git -C app release verify >out &&
	test_grep "^D made/file$" out
'

for point in pre mid
do
	test_expect_success "a $point hook that fails leaves current alone" '
		before_failure && : >"$NOTES" &&
		hook $point "echo broken; exit 3" &&
		hook fail "echo fail \$GIT_RELEASE_HOOK >>\$NOTES" &&
		test_expect_code 4 git -C app release --again v1.1.0 >out 2>err &&
		unhook &&
		test_grep "^error: ${point}Hook .echo broken; exit 3. failed with status 3" err &&
		test_grep "^  | broken" out &&
		echo "fail fail" >expect && test_cmp expect "$NOTES" &&
		after_failure &&
		git -C app release --again v1.1.0
	'
done

test_expect_success 'a post hook that fails goes back' '
	before_failure && : >"$NOTES" &&
	hook post "echo \$(readlink ../../current) >>\$NOTES; false" &&
	test_expect_code 4 git -C app release --again v1.1.0 2>err && unhook &&
	test_grep "^error: postHook .* failed with status 1" err &&
	after_failure &&
	test "$(cat "$NOTES")" != "$(readlink srv/current)" &&
	git -C app notes --ref=deployments show v1.1.0^{} >note &&
	test_grep "\"what\":\"failed\".*\"reason\":\"postHook" note
'

test_expect_success 'the first release ever goes back to nothing' '
	git -C app config release.other.url "$TRASH/other" &&
	git -C app config release.other.postHook false &&
	test_expect_code 4 git -C app release --to other v1.0.0 &&
	git -C app config --remove-section release.other &&
	test_path_is_missing other/current && ls other/releases >left &&
	test_must_be_empty left
'

test_expect_success 'warn: makes a failure a warning' '
	hook mid "warn:exit 5" && hook post "warn: false" &&
	git -C app release --again v1.1.0 2>err && unhook &&
	test_grep "^warning: midHook .exit 5. failed with status 5" err &&
	test_grep "^warning: postHook .false. failed" err
'

test_expect_success 'a hook that edits what ships is refused' '
	before_failure && hook mid "echo y >>app/Model1.php" &&
	test_must_fail git -C app release --again v1.1.0 2>err && unhook &&
	test_grep "^error: a hook changed .app/Model1.php., which is part" err &&
	after_failure
'

test_expect_success 'one that never ends is ended after timeout' '
	before_failure && git -C app config release.production.timeout 1s &&
	hook mid "sleep 100 & sleep 100" &&
	start=$(date +%s) &&
	test_expect_code 4 git -C app release --again v1.1.0 2>err && unhook &&
	git -C app config --unset release.production.timeout &&
	test_grep "^error: midHook .* did not end in time" err &&
	test $(($(date +%s) - start)) -lt 10 && after_failure
'

test_expect_success 'one that is killed' '
	before_failure && hook mid "kill -9 \$\$" &&
	test_expect_code 4 git -C app release --again v1.1.0 2>err && unhook &&
	test_grep "^error: midHook .* was killed by signal 9" err && after_failure
'

test_expect_success 'a daemon that holds stdout is not waited for' '
	hook post "sleep 30 & echo \$! >\$NOTES" &&
	start=$(date +%s) &&
	git -C app release --again v1.1.0 && unhook &&
	kill "$(cat "$NOTES")" &&
	test $(($(date +%s) - start)) -lt 10
'

test_expect_success '10 MB of output is capped' '
	hook mid "yes hook | head -c 10000000" &&
	git -C app release --again v1.1.0 >out 2>err && unhook &&
	test "$(wc -c <out)" -lt 4000000 &&
	test "$(stat -c %s "srv/.release/log/$(live_release srv)")" -lt 2000000 &&
	test_grep "^warning: the hook prints more than is kept" err
'

test_expect_success 'the login has its own umask, and a dry run runs nothing' '
	hook mid "umask >\$NOTES" &&
	(umask 027 && git -C app release --again v1.1.0) &&
	echo 0027 >expect && test_cmp expect "$NOTES" &&
	rm "$NOTES" && git -C app release -n --again v1.1.0 >out && unhook &&
	test_grep "would run: umask" out && test_path_is_missing "$NOTES"
'

test_done
