#!/bin/sh
test_description='git release list, status, log, show, build'

. "$(dirname "$0")/../lib/test-lib.sh"

make_app_repo app || exit 1
app_target app production "$TRASH/srv"
app_target app staging "$TRASH/stage"

# json <file> <expression over d>
json () {
	python3 -c "import json,sys
d = json.load(open(sys.argv[1]))
assert ($2), d" "$1" || { cat "$1"; return 1; }
}

test_expect_success 'nothing there yet' '
	git -C app release list >out &&
	echo "0 releases on production" >expect && test_cmp expect out &&
	git -C app release status --to production >out &&
	test_grep "live *nothing" out && test_grep "lock *free" out &&
	git -C app release log >out && test_must_be_empty out &&
	test_path_is_missing srv
'

test_expect_success 'list: the newest first, the live one marked' '
	git -C app release -q v1.0.0 && git -C app release -q v1.1.0 &&
	git -C app release list >out &&
	sed -n 1p out | tr -s " " >head &&
	echo " RELEASE VERSION STATE PACKAGE" >expect && test_cmp expect head &&
	sed -n 2p out >first &&
	test_grep "^\*  $(live_release srv)  v1.1.0 .*healthy  [0-9a-f]\{7\}" first &&
	tail -n 1 out >last &&
	echo "2 releases on production" >expect && test_cmp expect last &&
	git -C app release list --json >out &&
	json out "len(d[\"releases\"]) == 2 and d[\"releases\"][0][\"live\"]"
'

test_expect_success 'status: what is live since when, what is before it' '
	git -C app release status --to production >out 2>err &&
	test_must_be_empty err &&
	test_grep "live *v1.1.0, release $(live_release srv), package [0-9a-f]\{7\}, since 20[0-9T:-]*Z" out &&
	test_grep "previous *v1.0.0" out &&
	test_grep ! differs out
'

test_expect_success 'status: all environments, --json' '
	git -C app release status >out &&
	test_grep "^production " out && test_grep "^staging " out &&
	git -C app release status --json >out &&
	json out "[e[\"environment\"] for e in d[\"environments\"]] == [\"production\", \"staging\"]" &&
	json out "d[\"environments\"][0][\"live\"][\"version\"] == \"v1.1.0\"" &&
	json out "d[\"environments\"][1][\"live\"] is None"
'

test_expect_success 'status: the server is the truth when refs differ' '
	git -C app update-ref refs/deployments/production refs/releases/v1.0.0 &&
	git -C app release status --to production >out &&
	test_grep "refs/deployments/production is at v1.0.0 .*, but v1.1.0 .* is live" out &&
	test_grep "the server is the truth" out &&
	git -C app update-ref -d refs/deployments/production &&
	git -C app release status --to production >out &&
	test_grep "refs/deployments/production does not exist" out &&
	git -C app update-ref -d refs/notes/deployments &&
	git -C app release status --to production >out &&
	test_grep "the notes do not tell" out &&
	git -C app release -q --again v1.1.0 &&
	git -C app release status --to production >out &&
	test_grep ! differs out
'

test_expect_success 'status: who holds the lock' '
	git -C app config release.production.midHook "sleep 2" &&
	{ git -C app release -q v1.2.0 & pid=$!; } &&
	test_wait_for 10 grep -q release srv/.release/lock &&
	git -C app config --unset release.production.midHook &&
	git -C app release status --to production >out &&
	wait $pid &&
	test_grep "lock .*@.* since .*release v1.2.0" out
'

test_expect_success 'status: damaged lines of the ledger are told' '
	cp srv/.release/journal journal &&
	sed -i "2s/staged/healthy/" srv/.release/journal &&
	git -C app release status --to production >out 2>err &&
	cp journal srv/.release/journal &&
	test_grep "^warning: production: 1 lines of the ledger are damaged" err
'

test_expect_success 'status: one environment out of reach does not hide others' '
	app_target app staging "$TRASH/app/bin/console/x" &&
	test_expect_code 128 git -C app release status >out 2>err &&
	test_grep "^production " out && test_grep "staging" err &&
	app_target app staging "$TRASH/stage" &&
	test_expect_code 128 git -C app release status --to nowhere 2>err &&
	test_grep "nowhere" err
'

test_expect_success 'log: the newest first, -n, --json' '
	git -C app release log >out &&
	sed -n 1p out >head && test_grep "^TIME *EVENT *RELEASE *VERSION" head &&
	sed -n 2p out >first && test_grep "healthy *$(live_release srv)" first &&
	tail -n 1 out >last && test_grep " staging " last &&
	git -C app release log -n 3 >out && test "$(wc -l <out)" = 4 &&
	git -C app release log --max-count 2 --json >out &&
	json out "len(d[\"events\"]) == 2 and d[\"events\"][0][\"number\"] > d[\"events\"][1][\"number\"]"
'

test_expect_success 'looking never writes on the server' '
	(cd srv && find . -printf "%p %s %T@ %l\n" | sort) >before &&
	for command in list status log verify "prune -n" "rollback -n"
	do
		git -C app release $command --to production >/dev/null || return 1
	done &&
	(cd srv && find . -printf "%p %s %T@ %l\n" | sort) >after &&
	test_cmp before after
'

test_expect_success 'show needs no server' '
	mv srv away &&
	git -C app release show v1.2.0 >out && mv away srv &&
	test_grep "^package  $(git -C app rev-parse refs/releases/v1.2.0)$" out &&
	test_grep "^commit   $(git -C app rev-parse v1.2.0^{})$" out &&
	test_grep "^trailer  Version: 1.2.0$" out &&
	test_grep "^live on  production$" out &&
	test_grep "^event .* released production $(live_release srv)" out &&
	git -C app release show --json 1.2.0 >out &&
	json out "d[\"live_on\"] == [\"production\"] and d[\"files\"] == 15" &&
	test_expect_code 128 git -C app release show v9.9.9 2>err &&
	test_grep "^fatal: .v9.9.9. has no package here" err
'

test_expect_success 'build prints the id alone, and only that' '
	git -C app rev-parse refs/releases/v1.1.0 >expect &&
	git -C app update-ref -d refs/releases/v1.1.0 &&
	git -C app release build v1.1.0 >out && test_cmp expect out &&
	git -C app release build --rebuild v1.1.0 >out && test_cmp expect out &&
	git -C app release build --json v1.1.0 >out &&
	json out "d[\"tag\"] == \"v1.1.0\" and not d[\"built\"]" &&
	test_expect_code 128 git -C app release build HEAD
'

test_expect_success 'build: what commands print goes to stderr; a failure is 4' '
	git -C app config release.build "echo building; echo made >made" &&
	git -C app release build --rebuild v1.1.0 >out 2>err &&
	test_grep building err && test "$(wc -l <out)" = 1 &&
	git -C app cat-file -e "$(cat out):made" &&
	git -C app config release.build "exit 3" &&
	test_expect_code 4 git -C app release build --rebuild v1.1.0 >out 2>err &&
	test_must_be_empty out &&
	git -C app config --unset release.build
'

test_done
