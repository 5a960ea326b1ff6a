#!/bin/sh
test_description='git release record: CHANGELOG and project card'

. "$(dirname "$0")/../lib/test-lib.sh"

# new_repo: CHANGELOG.md and ProjectCard.md on branch develop, v1.3.0 tagged.
new_repo () {
	rm -rf app && make_app_repo app && git -C app checkout -q -b develop &&
	cat >app/CHANGELOG.md <<-\END &&
	# Changelog

	## [Unreleased]

	### Added

	- Gift cards

	### Configured

	- A key for the card service

	## [v1.2.0] - 2026-01-01

	- Old

	[Unreleased]: https://example.com/shop/compare/v1.2.0...HEAD
	[v1.2.0]: https://example.com/shop/compare/v1.1.0...v1.2.0
	END
	cat >app/ProjectCard.md <<-\END &&
	# Shop

	Production: Staging only · Current Release: v1.2.0
	END
	GIT_AUTHOR_DATE= && git -C app add -A && test_tick &&
	git -C app commit -q -m "Sell gift cards" &&
	# Half past one in the morning in Berlin, the day before in UTC.
	GIT_COMMITTER_DATE="2026-02-02T00:30:00 +0100" \
		git -C app tag -a -m x v1.3.0 &&
	cp app/CHANGELOG.md before.md
}

record () {
	git -C app release record "$@" >out 2>err
}

# refused <exit> <pattern> <argument>...: and no file changed.
refused () {
	refused_code=$1 refused_says=$2
	shift 2
	state >before &&
	test_expect_code "$refused_code" git -C app release record "$@" \
		>out 2>err &&
	test_must_be_empty out && test_grep "$refused_says" err &&
	state >after && test_cmp before after
}

state () {
	git -C app rev-parse HEAD && git -C app status --porcelain &&
	git -C app diff && git -C app diff --cached &&
	find app -path app/.git -prune -o -type f -print | sort &&
	ls -A app/.git/git-release/tmp 2>/dev/null
	return 0
}

expect_changelog () {
	cat >expect.md <<-\END
	# Changelog

	## [Unreleased]

	## [v1.3.0] - 2026-02-01

	### Added

	- Gift cards

	### Configured

	- A key for the card service

	## [v1.2.0] - 2026-01-01

	- Old

	[Unreleased]: https://example.com/shop/compare/v1.3.0...HEAD
	[v1.3.0]: https://example.com/shop/compare/v1.2.0...v1.3.0
	[v1.2.0]: https://example.com/shop/compare/v1.1.0...v1.2.0
	END
}

test_expect_success 'dated by the tag, in UTC; links; card' '
	new_repo && record v1.3.0 && test_must_be_empty err &&
	expect_changelog && test_cmp expect.md app/CHANGELOG.md &&
	printf "# Shop\n\nProduction: Live · Current Release: v1.3.0\n" >expect &&
	test_cmp expect app/ProjectCard.md &&
	cat >expect <<-\END &&
	CHANGELOG.md: [v1.3.0] - 2026-02-01
	ProjectCard.md: Production: Live
	ProjectCard.md: Current Release: v1.3.0
	END
	test_cmp expect out &&
	printf " M CHANGELOG.md\n M ProjectCard.md\n" >expect &&
	git -C app status --porcelain >actual && test_cmp expect actual
'

test_expect_success 'once more changes nothing' '
	state >before && record 1.3.0 && state >after && test_cmp before after &&
	echo "v1.3.0 is recorded already" >expect && test_cmp expect out &&
	record --date 2026-12-31 1.3.0 && state >after && test_cmp before after
'

test_expect_success '-n shows the changes and makes none' '
	new_repo && state >before && record -n v1.3.0 && state >after &&
	test_cmp before after && mv out diff.out &&
	test_grep "^+## \[v1.3.0\] - 2026-02-01$" diff.out &&
	test_grep "^-Production: Staging only" diff.out &&
	git -C app apply ../diff.out && expect_changelog &&
	test_cmp expect.md app/CHANGELOG.md &&
	record -n v1.3.0 && test_must_be_empty out
'

test_expect_success '--date; a version that is not tagged needs one' '
	new_repo && refused 128 "there is no tag .v1.4.0. to take the date" 1.4.0 &&
	test_grep "^hint: git release tag v1.4.0" err &&
	for date in 2026-13-01 2026-02-29 2026-2-1 26-02-01 20260201 today \
		"2026-02-01 " 2026-00-10 2026-01-00
	do
		refused 129 "the date is a day" --date "$date" v1.4.0 || return 1
	done &&
	record --date 2024-02-29 v1.4.0 &&
	test_grep "^## \[v1.4.0\] - 2024-02-29$" app/CHANGELOG.md
'

test_expect_success 'a lightweight tag: the date of its commit' '
	new_repo && git -C app tag v1.4.0 && record v1.4.0 &&
	test_grep "^## \[v1.4.0\] - 2026-01-01$" app/CHANGELOG.md
'

test_expect_success 'bytes stay: CR LF, BOM, no line end, mode, odd blanks' '
	new_repo &&
	printf "\357\273\277# C\r\n\r\n##  [Unreleased]\r\n\r\n - x \t\r\n\r\n\r\n## [1.2.0]\r\n \t\r\nno end" \
		>app/CHANGELOG.md && chmod 600 app/CHANGELOG.md &&
	printf "\357\273\277- **Current Release:** v1.2.0\r\n* Production : Beta" \
		>app/ProjectCard.md &&
	record v1.3.0 &&
	printf "\357\273\277# C\r\n\r\n##  [Unreleased]\r\n\r\n##  [1.3.0] - 2026-02-01\r\n\r\n - x \t\r\n\r\n\r\n## [1.2.0]\r\n \t\r\nno end" \
		>expect && cmp expect app/CHANGELOG.md &&
	test "$(stat -c %a app/CHANGELOG.md)" = 600 &&
	printf "\357\273\277- **Current Release:** v1.3.0\r\n* Production : Live" \
		>expect && cmp expect app/ProjectCard.md
'

test_expect_success 'headings in code and comments are none' '
	new_repo &&
	printf "%s\n" "~~~" "## [Unreleased]" "~~~" "<!--" "## [v1.3.0]" "-->" \
		"## [Unreleased]" "- x" >app/CHANGELOG.md &&
	record v1.3.0 && sed -n 9p app/CHANGELOG.md >actual &&
	echo "## [v1.3.0] - 2026-02-01" >expect && test_cmp expect actual
'

test_expect_success 'refuses what it cannot record, and names the line' '
	new_repo && echo "# Changelog" >app/CHANGELOG.md &&
	refused 1 "^error: CHANGELOG.md: there is no section .Unreleased." v1.3.0 &&
	printf "## [Unreleased]\n## [v2.0.0]\n" >app/CHANGELOG.md &&
	refused 1 "CHANGELOG.md: line 2: version 2.0.0 is newer" v1.3.0 &&
	printf "## [Unreleased]\n\000\n" >app/CHANGELOG.md &&
	refused 1 "CHANGELOG.md: is not a text file" v1.3.0 &&
	rm app/CHANGELOG.md && refused 128 "there is no .CHANGELOG.md." v1.3.0 &&
	ln -s before.md app/CHANGELOG.md && refused 128 "CHANGELOG.md" v1.3.0 &&
	refused 128 "is not a version" "v1;x" &&
	test_expect_code 129 git -C app release record 2>err &&
	git clone -q --bare app bare &&
	test_expect_code 128 git -C bare release record v1.3.0 2>err &&
	test_grep "there is no work tree" err
'

test_expect_success 'nothing unreleased, links and fields not found: warnings' '
	new_repo &&
	printf "## [Unreleased]\n\n### Added\n\n[Unreleased]: https://x/HEAD\n" \
		>app/CHANGELOG.md && echo "# Shop" >app/ProjectCard.md &&
	record v1.3.0 &&
	test_grep "^warning: CHANGELOG.md: nothing is unreleased" err &&
	test_grep "^warning: CHANGELOG.md: the link of" err &&
	test_grep "^warning: ProjectCard.md: there is no .Production:." err
'

test_expect_success 'no card, no word; but one that was asked for' '
	new_repo && rm app/ProjectCard.md && record v1.3.0 &&
	test_must_be_empty err && git -C app checkout -q CHANGELOG.md &&
	git -C app config release.card docs/Card.md &&
	refused 128 "docs" v1.3.0 && mkdir app/docs &&
	refused 128 "there is no .docs/Card.md.\|Card.md" v1.3.0
'

test_expect_success 'other files and fields' '
	new_repo && mkdir app/docs && git -C app mv CHANGELOG.md docs/News.md &&
	git -C app mv ProjectCard.md docs/Card.md &&
	cat >app/.gitrelease <<-\END &&
	[release]
		changelog = ./docs//News.md
		card = docs/Card.md
		cardField = Version: %v (%t, %d) 100%%
	END
	printf "| Version | old | x |\n" >app/docs/Card.md &&
	git -C app/docs release record v1.3.0 && expect_changelog &&
	test_cmp expect.md app/docs/News.md &&
	echo "| Version | 1.3.0 (v1.3.0, 2026-02-01) 100% | x |" >expect &&
	test_cmp expect app/docs/Card.md &&
	for field in "no colon" "A: %x" "A: 1 | 2" "A: *%v*" ": x"
	do
		git -C app config release.cardField "$field" &&
		refused 128 "release.cardfield\|release.cardField" v1.3.0 ||
			return 1
	done
'

test_expect_success '--commit commits these two, other changes stay' '
	new_repo && echo staged >>app/app/Model1.php && git -C app add -A &&
	echo more >>app/app/Model1.php && echo unstaged >>app/app/Model2.php &&
	echo untracked >app/new && git -C app status --porcelain >before &&
	git -C app diff >before.diff && git -C app diff --cached >before.cached &&
	record --commit v1.3.0 && test_must_be_empty err &&
	test_grep "^Committed as $(git -C app rev-parse --short=7 HEAD)$" out &&
	git -C app status --porcelain >after && test_cmp before after &&
	git -C app diff >after.diff && test_cmp before.diff after.diff &&
	git -C app diff --cached >after.cached &&
	test_cmp before.cached after.cached &&
	printf "Record release v1.3.0\n\nCHANGELOG.md\nProjectCard.md\n" >expect &&
	git -C app log -1 --format=%s --name-only >actual && test_cmp expect actual &&
	head=$(git -C app rev-parse HEAD) && record --commit v1.3.0 &&
	test "$(git -C app rev-parse HEAD)" = "$head"
'

test_expect_success '--commit finishes what a run without it left' '
	new_repo && record v1.3.0 && record --commit -m "docs: v1.3.0" v1.3.0 &&
	git -C app status --porcelain >out && test_must_be_empty out &&
	test "$(git -C app log -1 --format=%s)" = "docs: v1.3.0" &&
	new_repo && record v1.3.0 && git -C app add CHANGELOG.md &&
	record --commit v1.3.0 && git -C app status --porcelain >out &&
	test_must_be_empty out
'

test_expect_success '--commit refuses files with other changes' '
	new_repo && echo "- Late" >>app/CHANGELOG.md &&
	refused 1 ".CHANGELOG.md. has other changes that are not committed" \
		--commit v1.3.0 &&
	git -C app add CHANGELOG.md && cp before.md app/CHANGELOG.md &&
	refused 1 "has other changes that are staged" --commit v1.3.0 &&
	git -C app reset -q && echo x >>app/ProjectCard.md &&
	refused 1 ".ProjectCard.md. has other changes" --commit v1.3.0 &&
	git -C app checkout -q . && git -C app rm -q --cached ProjectCard.md &&
	refused 1 "has other changes that are staged" --commit v1.3.0 &&
	git -C app commit -q -m "No card" &&
	refused 1 ".ProjectCard.md. has not been committed" --commit v1.3.0 &&
	rm app/ProjectCard.md && record --commit v1.3.0
'

test_expect_success '--commit with line ends that git converts' '
	new_repo && git -C app config core.autocrlf true && rm app/*.md &&
	git -C app checkout -q . && grep -q "$(printf "\r")" app/CHANGELOG.md &&
	record --commit v1.3.0 && git -C app status --porcelain >out &&
	test_must_be_empty out && expect_changelog &&
	git -C app show HEAD:CHANGELOG.md >actual && test_cmp expect.md actual &&
	sed "s/\$/$(printf "\r")/" expect.md >expect &&
	test_cmp expect app/CHANGELOG.md
'

test_expect_success 'a hook that refuses: everything is as it was' '
	new_repo && printf "#!/bin/sh\necho no >&2\nexit 1\n" \
		>app/.git/hooks/pre-commit && chmod +x app/.git/hooks/pre-commit &&
	refused 4 "^error: git commit failed" --commit v1.3.0 &&
	test_grep "^no$" err && rm app/.git/hooks/pre-commit &&
	printf "#!/bin/sh\ngit diff --cached --name-only >seen\n" \
		>app/.git/hooks/pre-commit && chmod +x app/.git/hooks/pre-commit &&
	record --commit v1.3.0 &&
	printf "CHANGELOG.md\nProjectCard.md\n" >expect && test_cmp expect app/seen
'

test_expect_success 'in the middle of a merge' '
	new_repo && git -C app checkout -q -b side HEAD~1 &&
	echo x >app/side && git -C app add side && git -C app commit -q -m side &&
	git -C app checkout -q develop &&
	git -C app merge -q --no-ff --no-commit side &&
	refused 4 "partial commit during a merge" --commit v1.3.0 &&
	record v1.3.0
'

test_expect_success '--json' '
	new_repo && record --json --commit v1.3.0 &&
	python3 -c "import json; d = json.load(open(\"out\"))
assert d[\"tag\"] == \"v1.3.0\" and d[\"date\"] == \"2026-02-01\", d
c = d[\"changelog\"]
assert c == {\"path\": \"CHANGELOG.md\", \"changed\": True, \"heading\": \"[v1.3.0] - 2026-02-01\"}, d
f = d[\"card\"][\"fields\"]
assert f[0] == {\"name\": \"Production\", \"value\": \"Live\", \"before\": \"Staging only\", \"found\": True}, d
assert len(d[\"commit\"]) == 40 and d[\"dry_run\"] is False, d"
'

test_expect_success 'a linked work tree, a subfolder, a repository elsewhere' '
	new_repo && git -C app worktree add -q ../linked HEAD &&
	git -C linked/public release record --commit v1.3.0 &&
	git -C linked status --porcelain >out && test_must_be_empty out &&
	git -C app status --porcelain >out && test_must_be_empty out &&
	(cd "$HOME" && git --git-dir="$TRASH/app/.git" \
		--work-tree="$TRASH/app" release record --commit v1.3.0) &&
	git -C app status --porcelain >out && test_must_be_empty out &&
	expect_changelog && test_cmp expect.md app/CHANGELOG.md
'

test_done
