#!/bin/sh
test_description='what gitrelease-workflow(7) shows is what happens'

. "$(dirname "$0")/../lib/test-lib.sh"

page=$TOP/man/gitrelease-workflow.7

# transcript <chapter>: its commands and what they print, as one text.
transcript () {
	awk -v chapter=".Sh $1" '/^\.Sh / { here = $0 == chapter }
		/^\.Bd -literal/ { on = 1; next } /^\.Ed/ { on = 0 }
		here && on' "$page" |
		sed -e 's/\\(em/—/g' -e 's/\\(aq/'"'"'/g'
}

# What is another one each time: ids, times, room, the host; and how far that
# moves what stands behind.
same_each_time () {
	sed -e 's/\<[0-9a-f]\{7\}\>/<id>/g' -e 's/[0-9]\{14\}/<release>/g' \
		-e 's/[0-9.]* [KMGT]iB free/<room> free/' \
		-e 's/[0-9.,]* bytes/<n> bytes/g' -e 's/[0-9.]*s$/<time>/' \
		-e 's/in [0-9.]*s;/in <time>;/' \
		-e 's/ to production (.*)$/ to production (<where>)/' \
		-e 's/is live on [^ ]*/is live on <where>/' \
		-e 's/[0-9]* read /<n> read /' \
		-e 's/[0-9]* files looked at/<n> files looked at/' |
		tr -s ' '
}

# perform <command line>: what a person would see.
perform () {
	echo "\$ $1"
	sh -c "$1" 2>&1
}

test_expect_success 'setup: v1.1.0 is live, gift cards are merged' '
	GIT_AUTHOR_DATE="2026-11-26T09:00:00 +0000" &&
	GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE &&
	export GIT_AUTHOR_DATE GIT_COMMITTER_DATE &&
	git init -q -b production shop && git init -q --bare shop.git &&
	git -C shop remote add origin ../shop.git &&
	cd shop && mkdir app && echo cart >app/cart.php &&
	printf "[release \"production\"]\n\turl = ../server\n" >.gitrelease &&
	printf "# Shop\n\nProduction: Live · Current Release: v1.1.0\n" \
		>ProjectCard.md &&
	printf "%s\n" "# Changelog" "" "## [Unreleased]" "" \
		"## [v1.1.0] - 2026-08-20" "" "### Added" "" "- A cart" "" \
		"[Unreleased]: https://git.example.com/shop/compare/v1.1.0...HEAD" \
		>CHANGELOG.md &&
	git add -A && git commit -q -m "Version 1.1.0" &&
	git tag -a -m "Release v1.1.0" v1.1.0 && git branch main &&
	git branch staging && git branch develop &&
	git push -q origin production main staging develop v1.1.0 &&
	git release -q v1.1.0 &&
	sed -i "s/^## .Unreleased.\$/&\n\n### Added\n\n- Gift cards/" \
		CHANGELOG.md && echo cards >app/cards.php &&
	echo discount >>app/cart.php && git add -A &&
	git commit -q -m "Sell gift cards" && git push -q origin production
'

test_expect_success 'every command of the page prints what the page says' '
	transcript "CLOSING A RELEASE" >page && grep "^\\$ " page | sed "s/^. //" >commands &&
	test "$(wc -l <commands)" = 8 && cd shop &&
	while read -r line
	do
		perform "$line" || test "$line" = "git release pending" ||
			return 1
	done <../commands >../seen && cd .. &&
	same_each_time <page >expect && same_each_time <seen >actual &&
	test_cmp expect actual
'

test_expect_success 'and that is how it ends' '
	git -C shop status --porcelain >out && test_must_be_empty out &&
	test "$(git -C shop symbolic-ref --short HEAD)" = develop &&
	git -C shop rev-parse "v1.2.0^{}" >expect &&
	for branch in production main staging develop~1
	do
		git -C shop.git rev-parse $branch >actual &&
		test_cmp expect actual || return 1
	done &&
	test "$(git -C shop tag -l --format="%(contents)" v1.2.0)" = \
		"$(printf "Release v1.2.0\n\n### Added\n\n- Gift cards")" &&
	sed -n "3,9p" shop/CHANGELOG.md >actual &&
	printf "%s\n" "## [Unreleased]" "" "## [v1.2.0] - 2026-11-26" "" \
		"### Added" "" "- Gift cards" >expect && test_cmp expect actual
'

# The page's branch is that of another day.
test_expect_success 'the chapter on edits of a server, too' '
	git -C shop config serversync.target production &&
	echo "// urgent" >>server/current/app/cart.php &&
	mkdir server/current/install &&
	echo "<?php // set up" >server/current/install/setup.php &&
	rm server/current/app/cards.php &&
	transcript "WHEN SOMEBODY WORKED ON THE SERVER" >page &&
	grep "^\\$ " page | sed "s/^. //" >commands &&
	test "$(wc -l <commands)" = 11 && cd shop &&
	while read -r line
	do
		branch=$(git for-each-ref --format="%(refname:short)" \
			refs/heads/serversync)
		line=$(echo "$line" |
			sed "s,serversync/production/[0-9]*,$branch,")
		perform "$line" || return 1
	done <../commands >../seen && cd .. &&
	same_each_time <page >expect && same_each_time <seen >actual &&
	test_cmp expect actual
'

test_expect_success 'and what comes of it' '
	test_path_is_missing server/current/install &&
	test_path_is_missing server/current/app/cards.php &&
	test_grep "^// urgent" server/current/app/cart.php &&
	git -C shop.git log --format=%B production >log &&
	test_grep "^Server: " log && test_grep "^Rejected: install/setup.php" log &&
	test_grep "^Deletion-Reason: app/cards.php — the bank has stopped them" log
'

test_done
