#!/bin/sh

test_description='the baselines and the drift of a real application'

TEST_TIMEOUT=600
. "$(dirname "$0")/../lib/test-lib.sh"
test_require python3 apt-get npm dpkg zip

test_expect_success 'setup: a Debian package as the vendor, two versions of it' '
	HOME=$BUILD sh "$TOP/tests/lib/real-app.sh" "$TOP/build/cache/real-app" \
		>files &&
	vendor=$TOP/build/cache/real-app/app.git &&
	for v in v1.0.0 v1.1.0
	do
		git -C "$vendor" archive --format=zip --prefix=shop/ \
			-o "$TRASH/$v.zip" $v &&
		mkdir $v && git -C "$vendor" archive $v | tar -x -C $v ||
			return 1
	done
'

test_expect_success 'an archive and a directory become what git made of it' '
	git init -q -b main app && cd app &&
	git drift baseline 1.0.0 ../v1.0.0.zip >../out &&
	test_grep "without its directory shop" ../out &&
	git drift baseline 1.1.0 ../v1.1.0 >../out &&
	for v in 1.0.0 1.1.0
	do
		git -C "$vendor" rev-parse "v$v^{tree}" >../expect &&
		git rev-parse "author-v$v^{tree}" >../actual &&
		test_cmp ../expect ../actual || return 1
	done &&
	git fsck --no-dangling && test "$(find .git -name "*.pack" | wc -l)" = 2 &&
	git -C "$vendor" count-objects -v >../counts &&
	test "$(du -sk .git/objects | cut -f1)" -lt 40000
'

test_expect_success 'the drift is what git says, with work on top' '
	cd app && git fetch -q "$vendor" tag v1.0.1 --no-tags &&
	git switch -q -c ours author-v1.0.0 &&
	git read-tree -u --reset v1.0.1 && mkdir -p packages/Ours &&
	echo ours >packages/Ours/ours.php && git mv index.php front.php &&
	git add -A -f && git commit -q -m ours &&
	for pair in "author-v1.0.0 HEAD" "author-v1.0.0 author-v1.1.0" \
		"author-v1.1.0 HEAD"
	do
		set -- $pair &&
		git diff --name-status --no-renames -z $1 $2 >../expect &&
		git drift -q -z $1 $2 >../actual &&
		cmp ../expect ../actual || return 1
	done &&
	git drift >../out 2>../err && test_grep ! "^warning" ../err &&
	git drift -q author-v1.0.0 >../expect && test_cmp ../expect ../out &&
	git diff -M --name-status author-v1.0.0 HEAD >../expect &&
	git drift -q --renames >../out && test_cmp ../expect ../out &&
	git -c drift.custom=packages/ drift 2>&1 >/dev/null |
		grep "packages  *1 added"
'

test_expect_success 'the lines are git diff --numstat, file for file' '
	cd app && git diff --numstat --no-renames -z author-v1.0.0 author-v1.1.0 |
		tr "\0" "\n" >../expect &&
	git drift -q --json 1.0.0 1.1.0 | python3 -c "
import json, sys
for c in json.load(sys.stdin)[\"changes\"]:
    print(*(\"-\" if c[k] is None else c[k] for k in (\"added\", \"removed\")),
          c[\"path\"], sep=\"\\t\")" >../actual &&
	test_cmp ../expect ../actual && test "$(wc -l <../actual)" -gt 100
'

test_expect_success 'the page stays small enough to be opened' '
	cd app && git drift -q --html 1.0.0 1.1.0 >../page.html &&
	test "$(wc -c <../page.html)" -lt 12000000 &&
	test "$(grep -c "<details class=\"file\"" ../page.html)" = \
		"$(wc -l <../actual)"
'

test_expect_success 'the next version is merged from the line of the vendor' '
	cd app && git merge-base HEAD author >../out &&
	git rev-parse author-v1.0.0^0 | test_cmp - ../out
'

test_done
