#!/bin/sh
test_description='the main job: git release <version> to a directory'

. "$(dirname "$0")/../lib/test-lib.sh"

# Everything in a root that a look must not change: names, sizes, times.
snapshot () {
	(cd "$1" && find . -printf '%p %y %m %s %T@ %l\n' | sort)
}

refs () {
	git -C app for-each-ref >"$1"
}

make_app_repo app || exit 1
app_target app production "$TRASH/srv"

test_expect_success 'a dry run of a first release makes nothing' '
	refs before &&
	git -C app release --dry-run v1.0.0 >out &&
	test_grep "would switch current" out &&
	test_path_is_missing srv
'

test_expect_success 'the first release' '
	git -C app release v1.0.0 >out 2>err &&
	test_must_be_empty err &&
	test_grep "^Releasing v1.0.0 ([0-9a-f]\{7\}) to production" out &&
	test_grep "^  activate  current -> releases/[0-9]\{14\} " out &&
	test_grep "^Released v1.0.0 to production in [0-9.]*s$" out &&
	live_is srv app v1.0.0
'

test_expect_success 'it leaves a package, a ref of what is live, and a note' '
	git -C app rev-parse --verify refs/releases/v1.0.0 >package &&
	git -C app rev-parse --verify refs/deployments/production >live &&
	test_cmp package live &&
	git -C app notes --ref=deployments show v1.0.0^{} >note &&
	test_grep "\"what\":\"released\"" note &&
	test_grep "\"environment\":\"production\"" note &&
	test_grep "\"release\":\"$(live_release srv)\"" note
'

test_expect_success 'the second one replaces it' '
	old=$(live_release srv) &&
	git -C app release v1.1.0 >out &&
	test_grep "v1.0.0 is live" out &&
	test_grep "3 files changed" out &&
	test_grep "roll back with: git release rollback" out &&
	test "$old" != "$(live_release srv)" &&
	live_is srv app v1.1.0
'

test_expect_success 'the same again says so and changes nothing' '
	readlink srv/current >before && ls srv/releases >>before &&
	git -C app release 1.1.0 >out &&
	test_grep "v1.1.0 is live on production already" out &&
	readlink srv/current >after && ls srv/releases >>after &&
	test_cmp before after
'

test_expect_success '--again makes a new release of it' '
	old=$(live_release srv) &&
	git -C app release --again v1.1.0 &&
	test "$old" != "$(live_release srv)" &&
	live_is srv app v1.1.0
'

test_expect_success 'a dry run changes nothing on the server' '
	snapshot srv >before && refs refs.before &&
	git -C app release -n v1.2.0 >out &&
	test_grep "would send 3 files" out &&
	snapshot srv >after &&
	test_cmp before after
'

test_expect_success '--json prints one document on stdout' '
	git -C app release --json v1.2.0 >out 2>err &&
	python3 -c "import json,sys
d = json.load(open(sys.argv[1]))
assert d[\"environment\"] == \"production\" and (d[\"version\"], d[\"tag\"]) == (\"1.2.0\", \"v1.2.0\"), d
assert d[\"release\"] != d[\"previous\"] and not d[\"already_live\"], d
assert d[\"files_changed\"] == 3, d" out &&
	test_grep "Released v1.2.0" err &&
	live_is srv app v1.2.0
'

test_expect_success '--quiet says nothing when all goes well' '
	git -C app release -q --again v1.2.0 >out 2>err &&
	test_must_be_empty out && test_must_be_empty err
'

test_expect_success 'what is older is refused, but for --allow-older' '
	before=$(live_release srv) &&
	test_expect_code 1 git -C app release v1.1.0 2>err &&
	test_grep "^error: v1.1.0 is older than v1.2.0, which is live$" err &&
	test_grep "^hint: .*git release rollback" err &&
	test "$before" = "$(live_release srv)" &&
	git -C app release --allow-older v1.1.0 &&
	live_is srv app v1.1.0
'

test_expect_success 'from a subfolder, and from a linked work tree' '
	(cd app/app && git release v1.2.0) &&
	live_is srv app v1.2.0 &&
	git -C app worktree add -q ../linked v1.1.0 &&
	(cd linked/public && git release --allow-older v1.1.0) &&
	live_is srv app v1.1.0
'

test_expect_success 'from a bare repository' '
	git clone -q --bare app bare.git &&
	git -C bare.git fetch -q origin "refs/releases/*:refs/releases/*" &&
	git -C bare.git config release.production.url "$TRASH/srv2" &&
	git -C bare.git release --no-sync v1.2.0 &&
	live_is srv2 app v1.2.0
'

test_expect_success 'the same package id from another clone' '
	git clone -q app clone &&
	git -C clone release build v1.1.0 >out &&
	git -C app rev-parse refs/releases/v1.1.0 >expect &&
	test_cmp expect out
'

test_expect_success 'records go to the remote and come from there' '
	git init -q --bare origin.git &&
	git -C app remote add origin "$TRASH/origin.git" &&
	git -C app push -q origin production --tags &&
	git -C app fetch -q &&
	git -C app release v1.2.0 2>err && test_must_be_empty err &&
	git -C app rev-parse refs/deployments/production >expect &&
	git -C origin.git rev-parse refs/deployments/production >got &&
	test_cmp expect got &&
	git -C origin.git rev-parse refs/releases/v1.2.0 refs/notes/deployments &&
	git clone -q origin.git other &&
	git -C other config release.production.url "$TRASH/srv" &&
	git -C other release v1.2.0 >out && test_grep "already" out &&
	git -C other rev-parse refs/deployments/production >got &&
	test_cmp expect got
'

test_expect_success '--no-sync neither fetches nor pushes' '
	git -C origin.git rev-parse refs/notes/deployments >before &&
	git -C app release --no-sync --again v1.2.0 &&
	git -C origin.git rev-parse refs/notes/deployments >after &&
	test_cmp before after
'

test_expect_success 'a remote that cannot be reached only warns' '
	mv origin.git away.git &&
	git -C app release --again v1.2.0 2>err &&
	mv away.git origin.git &&
	test_grep "^warning: cannot push packages and records to .origin." err
'

test_expect_success 'keepPackages limits the packages, never what is live' '
	git -C app config release.keepPackages 1 &&
	git -C app release --no-sync --again v1.2.0 &&
	git -C app config --unset release.keepPackages &&
	git -C app rev-parse -q --verify refs/releases/v1.2.0 &&
	git -C app for-each-ref refs/releases >left &&
	test "$(wc -l <left)" = 2
'

test_expect_success 'a wrong option is usage, no environment is explained' '
	test_expect_code 129 git -C app release --bogus v1.0.0 &&
	test_expect_code 129 git -C app release v1.0.0 v1.1.0 &&
	git init -q empty &&
	test_expect_code 128 git -C empty release 2>err &&
	test_grep "git release init <url>" err
'

test_expect_success 'what another clone released is built upon' '
	git init -q --bare remade-origin.git &&
	git -C app push -q "$PWD/remade-origin.git" production --tags &&
	git clone -q -b production remade-origin.git first &&
	git clone -q -b production remade-origin.git second &&
	app_target first production "$PWD/remade" &&
	app_target second production "$PWD/remade" &&
	git -C first release --no-sync v1.0.0 &&
	git -C second release --no-sync v1.1.0 >out &&
	test_grep "^  ship  *3 files changed" out &&
	live_is remade app v1.1.0 &&
	test -z "$(git -C second for-each-ref refs/releases/v1.0.0)"
'

test_expect_success 'the same content in two directories travels once' '
	make_app_repo twice && app_target twice production "$PWD/twice-srv" &&
	mkdir -p twice/a/b twice/c &&
	head -c 300000 /dev/urandom >twice/a/b/big &&
	cp twice/a/b/big twice/c/big && cp twice/a/b/big twice/a/big &&
	git -C twice add . && git -C twice commit -qm "The same again" &&
	git -C twice tag -am v2.0.0 v2.0.0 &&
	git -C twice release --json v2.0.0 >json &&
	live_is twice-srv twice v2.0.0 &&
	sent=$(sed -n "s/.*\"bytes_sent\": \([0-9]*\),*/\1/p" json) &&
	test "$sent" -gt 300000 && test "$sent" -lt 400000
'

test_done
