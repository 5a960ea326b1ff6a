#!/bin/sh
test_description='git release pending: what is not live yet, and does it ship?'

. "$(dirname "$0")/../lib/test-lib.sh"

# new_repo [<.gitrelease line>...]: v1.1.0 is live on production.
new_repo () {
	rm -rf app origin.git srv && make_app_repo app origin.git &&
	git -C app reset -q --hard v1.1.0 &&
	git -C app push -q -f origin production &&
	git -C app push -q origin :v1.2.0 && git -C app tag -d v1.2.0 &&
	app_target app production "$TRASH/srv" &&
	mkdir app/docs && echo hello >app/docs/a.md &&
	{ echo "[release]" && printf "\t%s\n" "$@"; } >app/.gitrelease &&
	app_tag app v1.1.1 && git -C app push -q origin production v1.1.1 &&
	git -C app release -q v1.1.1
}

# next <path> [<text>]: a commit that changes one file, pushed.
next () {
	mkdir -p "$(dirname "app/$1")" && echo "${2:-more}" >>"app/$1" &&
	test_tick && git -C app add -A && git -C app commit -q -m "Change $1" &&
	git -C app push -q origin production
}

# pending <exit> [<argument>...]
pending () {
	pending_code=$1 && shift &&
	test_expect_code "$pending_code" git -C app release pending "$@" \
		>out 2>err
}

# json <expression over d>
json () {
	python3 -c "import json
d = json.load(open('out'))
assert ($1), d" || { cat out; return 1; }
}

test_expect_success 'nothing' '
	new_repo && pending 0 && test_must_be_empty err &&
	id=$(git -C app rev-parse --short=7 HEAD) &&
	cat >expect <<-END &&
	production: v1.1.1 ($id) is live, origin/production is at $id
	Nothing that ships differs
	END
	test_cmp expect out && pending 0 -z && test_must_be_empty out &&
	pending 0 -q && test_must_be_empty out
'

test_expect_success 'commits that ship: exit 1' '
	next app/New.vue && next app/Model1.php && pending 1 &&
	cat >expect <<-END &&
	production: v1.1.1 ($id) is live, origin/production is at $(git -C app rev-parse --short=7 HEAD)
	2 commits not live yet:
	  $(git -C app rev-parse --short=7 HEAD)  2026-01-01  A U Thor  Change app/Model1.php
	  $(git -C app rev-parse --short=7 HEAD~1)  2026-01-01  A U Thor  Change app/New.vue
	2 files that ship differ:
	  M app/Model1.php
	  A app/New.vue
	END
	test_cmp expect out && test_must_be_empty err &&
	printf "M app/Model1.php\0A app/New.vue\0" >expect &&
	pending 1 -z && cmp expect out && pending 1 -q && test_must_be_empty out
'

test_expect_success '--json' '
	pending 1 --json &&
	json "d[\"environment\"] == \"production\" and d[\"differs\"] is True" &&
	json "d[\"live\"][\"version\"] == \"v1.1.1\" and len(d[\"live\"][\"package\"]) == 40" &&
	json "d[\"until\"] == \"origin/production\" and d[\"compared\"] == \"files\"" &&
	json "[c[\"subject\"] for c in d[\"commits\"]] == [\"Change app/Model1.php\", \"Change app/New.vue\"]" &&
	json "d[\"files\"] == [{\"status\": \"M\", \"path\": \"app/Model1.php\"}, {\"status\": \"A\", \"path\": \"app/New.vue\"}]" &&
	json "d[\"behind\"] == 0 and d[\"build_changed\"] is False"
'

test_expect_success 'a change that was taken back: commits, and exit 0' '
	new_repo && next app/New.vue && git -C app revert --no-edit HEAD &&
	git -C app push -q origin production && pending 0 &&
	test_grep "^2 commits not live yet:" out &&
	test_grep "^Nothing that ships differs" out
'

test_expect_success 'the remote counts, not what is here' '
	new_repo && git clone -q origin.git other &&
	echo x >other/app/Other.php && git -C other add -A &&
	git -C other commit -q -m "By somebody else" &&
	git -C other push -q origin HEAD && rm -rf other &&
	echo x >app/app/Local.php && git -C app add -A &&
	git -C app commit -q -m "Not pushed" &&
	pending 1 && test_grep "A app/Other.php" out &&
	test_grep ! "Local" out &&
	pending 1 HEAD && test_grep "A app/Local.php" out &&
	test_grep "HEAD is at" out && pending 0 --no-sync v1.1.1 &&
	pending 128 nonsense && test_grep ".nonsense. is no revision" err
'

test_expect_success '--no-sync and no remote: what is known here' '
	new_repo && next app/New.php && git -C app update-ref \
		refs/remotes/origin/production HEAD~1 && mv origin.git away &&
	pending 0 --no-sync && pending 128 &&
	test_grep "cannot read .origin." err && mv away origin.git &&
	git -C app remote remove origin && pending 1 &&
	test_grep "is live, production is at" out
'

test_expect_success 'never released: its own answer' '
	new_repo && app_target app staging "$TRASH/stage" &&
	pending 1 --to staging &&
	test_grep "^Nothing is known to be live on staging: all of origin/production is pending, 3 commits" out &&
	test_grep "^hint: git release status --to staging" err &&
	pending 1 --json --to staging &&
	json "d[\"live\"] is None and d[\"compared\"] is None and d[\"differs\"]" &&
	pending 128 --to nowhere && test_grep nowhere err
'

test_expect_success 'what another clone released is known' '
	new_repo && git clone -q origin.git clone &&
	git -C clone config release.production.url "$TRASH/srv" &&
	git -C clone release pending >out && test_grep "v1.1.1" out &&
	rm -rf clone
'

test_expect_success 'export-ignore, exclude and subdirectory count' '
	new_repo "exclude = /docs/*.md" && next docs/a.md && pending 0 &&
	next docs/b.txt && pending 1 && test_grep "A docs/b.txt" out &&
	test_grep "^1 file that ships differs:$" out &&
	new_repo "subdirectory = app" && next docs/a.md && pending 0 &&
	next app/New.php && pending 1 && test_grep "  A New.php" out &&
	new_repo && echo "docs export-ignore" >app/.gitattributes &&
	app_tag app v1.1.2 && git -C app push -q origin production v1.1.2 &&
	git -C app release -q v1.1.2 && next docs/a.md && pending 0 &&
	test_grep "1 commit not live yet" out &&
	next .gitattributes "app/Model2.php export-ignore" && pending 1 &&
	test_grep "D app/Model2.php" out && test_grep "M .gitattributes" out
'

test_expect_success 'what is left out is read from the commit' '
	new_repo && printf "[release]\n\texclude = /docs\n" >app/.gitrelease &&
	git -C app commit -q -am "Leave docs out" &&
	git -C app push -q origin production && pending 1 &&
	test_grep "D docs/a.md" out
'

test_expect_success 'release.codePath: only these' '
	new_repo "codePath = app" "codePath = :(exclude)app/Model1.php" &&
	next docs/a.md && next app/Model1.php && pending 0 &&
	test_grep "2 commits not live yet" out && pending 0 --json &&
	json "d[\"compared\"] == \"codePath\" and not d[\"files\"]" &&
	next "app/é.php" && pending 1 && test_grep "A \"app/" out &&
	pending 1 -z && printf "A app/é.php\0" >expect && cmp expect out &&
	(cd app/docs && test_expect_code 1 git release pending -z >../../out) &&
	cmp expect out
'

test_expect_success 'a build: its source, or the package that was made' '
	new_repo "build = grep -c . app/Model1.php >lines" && next docs/a.md &&
	pending 1 && test_grep "^1 file that the build starts from differs:$" out &&
	pending 1 --json && json "d[\"compared\"] == \"source\"" &&
	git -C app release tag v1.1.2 &&
	git -C app release build v1.1.2 && pending 1 --json &&
	json "d[\"compared\"] == \"packages\"" &&
	json "[f[\"path\"] for f in d[\"files\"]] == [\"docs/a.md\"]" &&
	next app/Model1.php && git -C app release tag v1.1.3 &&
	git -C app release build v1.1.3 && pending 1 --json &&
	json "[f[\"path\"] for f in d[\"files\"]] == [\"app/Model1.php\", \"docs/a.md\", \"lines\"]"
'

test_expect_success 'other build commands are a difference' '
	new_repo "build = true" && printf ".gitrelease export-ignore\n" \
		>app/.gitattributes && app_tag app v1.1.2 &&
	git -C app push -q origin production v1.1.2 &&
	git -C app release -q v1.1.2 && pending 0 &&
	printf "[release]\n\tbuild = date >when\n" >app/.gitrelease &&
	git -C app commit -q -am "Build" && git -C app push -q origin production &&
	pending 1 && test_grep "^What is built, or how, has changed" out &&
	test_grep ! "files\? that" out
'

test_expect_success 'what is live is not on the branch' '
	new_repo && next app/New.php && git -C app release tag v1.2.0 &&
	git -C app release -q v1.2.0 &&
	git -C app push -q -f origin v1.1.1^{}:production && pending 1 &&
	test_grep "^1 commit live, and not in it" out &&
	test_grep "D app/New.php" out
'

test_expect_success 'a release of another tool, by its commit' '
	new_repo && git -C app update-ref refs/deployments/production HEAD~1 &&
	git -C app push -q -f origin refs/deployments/production &&
	pending 1 && test_grep "^production: $(git -C app rev-parse --short=7 HEAD~1) is live" out &&
	test_grep "A docs/a.md" out
'

test_expect_success 'what cannot be packaged: all files count, with a warning' '
	new_repo "subdirectory = app" && git -C app rm -q -r app &&
	next docs/a.md && pending 1 && test_grep "^warning: all files count" err &&
	test_grep "M docs/a.md" out
'

test_expect_success 'looking changes nothing but what fetch brings' '
	new_repo && next app/New.php &&
	git -C app for-each-ref >before && git -C app status --porcelain >>before &&
	pending 1 && git -C app for-each-ref >all &&
	grep -v refs/git-release/remote-notes all >after &&
	git -C app status --porcelain >>after && test_cmp before after &&
	test -z "$(ls -A app/.git/git-release/tmp 2>/dev/null)"
'

test_expect_success 'a bare repository; wrong usage' '
	git clone -q --bare origin.git bare &&
	git -C bare config release.production.url "$TRASH/srv" &&
	git -C bare config remote.origin.url "$TRASH/origin.git" &&
	test_expect_code 1 git -C bare release pending >out &&
	test_grep "A app/New.php" out &&
	test_expect_code 129 git -C app release pending a b 2>err
'

test_done
