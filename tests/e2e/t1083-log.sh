#!/bin/sh
test_description='git release log: durations, filters, the records in git'

. "$(dirname "$0")/../lib/test-lib.sh"

log () {
	git -C app release log "$@" >out 2>err
}

# json <expression over d>
json () {
	python3 -c "import json
d = json.load(open('out'))
e = d['events']
assert ($1), d" || { cat out; return 1; }
}

test_expect_success 'setup: two releases, a failed one, a rollback' '
	make_app_repo app origin.git && app_target app production "$TRASH/srv" &&
	app_target app staging "$TRASH/stage" &&
	git -C app config user.name "C O Mitter" &&
	git -C app config user.email committer@example.com &&
	git -C app release -q v1.0.0 && git -C app release -q v1.1.0 &&
	git -C app config release.production.midHook "exit 1" &&
	test_expect_code 4 git -C app release -q v1.2.0 &&
	git -C app config --unset release.production.midHook &&
	git -C app release -q --to staging v1.2.0 &&
	git -C app release rollback -q
'

test_expect_success 'durations: of runs that ended, of what was live' '
	log && test_must_be_empty err && sed -n 1p out >head &&
	test_grep "^TIME *EVENT *RELEASE *VERSION *TOOK *LIVE *WHO *NOTE" head &&
	log --json &&
	json "all((x[\"seconds\"] is not None) == (x[\"event\"] in (\"healthy\", \"failed\")) for x in e)" &&
	json "[x[\"live_seconds\"] is None for x in e if x[\"event\"] == \"active\"] == [True, False, False]" &&
	json "all(set(x) >= {\"number\", \"time\", \"event\", \"release\", \"version\", \"package\", \"who\", \"note\"} for x in e)"
'

test_expect_success '--event, a version, a release, -<n>' '
	log --event failed && test "$(wc -l <out)" = 2 &&
	test_grep " failed .* v1.2.0 " out &&
	log --event healthy --event failed --json &&
	json "[x[\"version\"] for x in e] == [\"v1.0.0\", \"v1.2.0\", \"v1.1.0\", \"v1.0.0\"]" &&
	log --json -2 --event healthy && json "len(e) == 2" &&
	log --json 1.1.0 && json "e and {x[\"version\"] for x in e} == {\"v1.1.0\"}" &&
	log --json "$(live_release srv)" &&
	json "e and {x[\"version\"] for x in e} == {\"v1.0.0\"}" &&
	log -1 && test "$(wc -l <out)" = 2 && log -0 && test_must_be_empty out &&
	log v9.9.9 && test_must_be_empty out
'

test_expect_success '--since, --until, --by' '
	log --since 1d --json && json "len(e) > 10" &&
	log --until 2020-01-01 && test_must_be_empty out &&
	log --since 2020-01-01T10:00 --until 2100-01-01 --json &&
	json "len(e) > 10" && log --since 2100-01-01 &&
	test_must_be_empty out && log --by "$(id -un)@" --json &&
	json "len(e) > 10" && log --by nobody-at-all && test_must_be_empty out
'

test_expect_success 'a time or an event that is none is wrong usage' '
	test_expect_code 129 git -C app release log --since yesterday 2>err &&
	test_grep "since .yesterday. is no UTC time such as" err &&
	test_expect_code 129 git -C app release log --until 2026-02-30 2>err &&
	test_expect_code 129 git -C app release log --event activ 2>err &&
	test_grep "is none of: staging staged .* failed" err &&
	test_expect_code 129 git -C app release log --records --event active \
		2>err && test_grep "is none of: released rolledback failed" err &&
	test_expect_code 129 git -C app release log v1 v2 2>err
'

test_expect_success '--records: all environments, no server' '
	mv srv away && mv stage away.stage && log --records &&
	sed -n 1p out | tr -s " " >head &&
	echo "TIME ENVIRONMENT EVENT RELEASE VERSION TOOK LIVE WHO NOTE" \
		>expect && test_cmp expect head &&
	log --records --json &&
	json "sorted((x[\"environment\"], x[\"event\"], x[\"version\"]) for x in e) == [(\"production\", \"failed\", \"v1.2.0\"), (\"production\", \"released\", \"v1.0.0\"), (\"production\", \"released\", \"v1.1.0\"), (\"production\", \"rolledback\", \"v1.0.0\"), (\"staging\", \"released\", \"v1.2.0\")]" &&
	json "[x[\"time\"] for x in e] == sorted((x[\"time\"] for x in e), reverse=True)" &&
	json "all(x[\"milliseconds\"] > 0 for x in e)" &&
	json "d[\"environment\"] is None" &&
	json "sum(x[\"live_seconds\"] is not None for x in e) == 2"
'

test_expect_success '--records with filters; a clone knows as much' '
	log --records --to staging --json && json "len(e) == 1" &&
	log --records --event rolledback --json &&
	json "[x[\"version\"] for x in e] == [\"v1.0.0\"]" &&
	log --records --by "committer@example.com" -1 --json &&
	json "len(e) == 1" &&
	git clone -q origin.git clone && log --records --json && mv out mine &&
	git -C clone fetch -q origin refs/notes/deployments:refs/notes/deployments &&
	git -C clone release log --records --json >out && test_cmp mine out
'

test_expect_success '--records: what is no record is skipped' '
	git -C app notes --ref=deployments append -m "not a record" v1.0.0 &&
	git -C app notes --ref=deployments append -m "{\"at\":\"x\"}" v1.0.0 &&
	git -C app notes --ref=deployments append -m "[1]" v1.0.0 &&
	log --records --json && test_cmp mine out &&
	git -C app notes --ref=deployments append -m "{\"at\":\"2099-01-01\",\"what\":\"\\u001b[31m\"}" v1.0.0 &&
	log --records -1 && test_grep ! "$(printf "\033")" out &&
	git init -q empty && git -C empty release log --records >out &&
	test_must_be_empty out
'

test_done
