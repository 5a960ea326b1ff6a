#!/bin/sh
test_description='what gitrelease-workflow(7) shows is what happens'

. "$(dirname "$0")/../lib/test-lib.sh"

page=$TOP/man/gitrelease-workflow.7

# The commands of the page and what they print, as one text.
transcript () {
	awk '/^\.Bd -literal/ { on = 1; next } /^\.Ed/ { on = 0 } on' "$page" |
		sed 's/\\(em/—/g'
}

# What is another one each time: ids, times, room, the host; and how far that
# moves what stands behind.
same_each_time () {
	sed -e 's/\<[0-9a-f]\{7\}\>/<id>/g' -e 's/[0-9]\{14\}/<release>/g' \
		-e 's/[0-9.]* [KMGT]iB free/<room> free/' \
		-e 's/[0-9.,]* bytes/<n> bytes/g' -e 's/[0-9.]*s$/<time>/' \
		-e 's/in [0-9.]*s;/in <time>;/' \
		-e 's/ to production (.*)$/ to production (<where>)/' |
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
	transcript >page && grep "^\\$ " page | sed "s/^. //" >commands &&
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

test_done
