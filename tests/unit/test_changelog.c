#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/text/changelog.h"

static const struct changelog_entry entry = { .tag = "v1.2.0",
					      .prefix = "v",
					      .date = "2026-11-26" };

/* Records v1.2.0 twice: the second time must change nothing. */
static void check_with(const struct changelog_entry *e, const char *before,
		       const char *after, struct changelog_outcome *outcome)
{
	AUTO_STRBUF struct strbuf doc = STRBUF_INIT, out = STRBUF_INIT;
	AUTO_STRBUF struct strbuf again = STRBUF_INIT;
	AUTO_CHANGELOG_OUTCOME struct changelog_outcome second =
		CHANGELOG_OUTCOME_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_addstr(&doc, before);
	assert_works(&err, changelog_record(&doc, e, &out, outcome, &err));
	assert_string_equal(out.buf, after);
	assert_int_equal(out.len, strlen(after));
	assert_works(&err, changelog_record(&out, e, &again, &second, &err));
	assert_true(second.already);
	assert_string_equal(again.buf, after);
	assert_string_equal(second.heading.buf, outcome->heading.buf);
}

static void check(const char *before, const char *after)
{
	AUTO_CHANGELOG_OUTCOME struct changelog_outcome outcome =
		CHANGELOG_OUTCOME_INIT;

	check_with(&entry, before, after, &outcome);
	assert_false(outcome.already);
	assert_false(outcome.links_left);
}

static void check_refused(const char *text, const char *message)
{
	AUTO_STRBUF struct strbuf doc = STRBUF_INIT, out = STRBUF_INIT;
	AUTO_CHANGELOG_OUTCOME struct changelog_outcome outcome =
		CHANGELOG_OUTCOME_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_addstr(&doc, text);
	assert_fails_with(&err, ERR_REFUSED,
			  changelog_record(&doc, &entry, &out, &outcome, &err));
	assert_string_equal(err.msg.buf, message);
	assert_int_equal(out.len, 0);
}

static void dates_what_is_unreleased(void **state UNUSED)
{
	check("# Changelog\n"
	      "\n"
	      "## [Unreleased]\n"
	      "\n"
	      "### Added\n"
	      "- a thing\n"
	      "### Configured\n"
	      "- another\n"
	      "\n"
	      "## [v1.1.0] - 2026-08-20\n"
	      "- old\n"
	      "\n"
	      "[Unreleased]: https://example.com/a/b/compare/v1.1.0...HEAD\n"
	      "[v1.1.0]: https://example.com/a/b/compare/v1.0.0...v1.1.0\n",
	      "# Changelog\n"
	      "\n"
	      "## [Unreleased]\n"
	      "\n"
	      "## [v1.2.0] - 2026-11-26\n"
	      "\n"
	      "### Added\n"
	      "- a thing\n"
	      "### Configured\n"
	      "- another\n"
	      "\n"
	      "## [v1.1.0] - 2026-08-20\n"
	      "- old\n"
	      "\n"
	      "[Unreleased]: https://example.com/a/b/compare/v1.2.0...HEAD\n"
	      "[v1.2.0]: https://example.com/a/b/compare/v1.1.0...v1.2.0\n"
	      "[v1.1.0]: https://example.com/a/b/compare/v1.0.0...v1.1.0\n");
}

static void writes_versions_as_the_file_does(void **state UNUSED)
{
	check("## [Unreleased]\n- x\n## [1.1.0] - 2026-08-20\n",
	      "## [Unreleased]\n\n## [1.2.0] - 2026-11-26\n- x\n"
	      "## [1.1.0] - 2026-08-20\n");
	check("## Unreleased\n- x\n## 1.1.0 (2026-08-20)\n",
	      "## Unreleased\n\n## 1.2.0 (2026-11-26)\n- x\n"
	      "## 1.1.0 (2026-08-20)\n");
	check("## [UNRELEASED]\n- x\n## v1.1.0 \xe2\x80\x93 2026-08-20 "
	      "[YANKED]\n",
	      "## [UNRELEASED]\n\n## v1.2.0 \xe2\x80\x93 2026-11-26\n- x\n"
	      "## v1.1.0 \xe2\x80\x93 2026-08-20 [YANKED]\n");
	/* The first version of all: as [Unreleased] is written. */
	check("## [Unreleased]\n- x\n",
	      "## [Unreleased]\n\n## [v1.2.0] - 2026-11-26\n- x\n");
	check("## Unreleased\n- x\n",
	      "## Unreleased\n\n## v1.2.0 - 2026-11-26\n- x\n");
}

static void keeps_bytes(void **state UNUSED)
{
	check("\xef\xbb\xbf## [Unreleased]\r\n- x\r\n"
	      "[unreleased]: https://example.com/compare/v1.1.0..HEAD",
	      "\xef\xbb\xbf## [Unreleased]\r\n\r\n## [v1.2.0] - 2026-11-26\r\n"
	      "- x\r\n"
	      "[unreleased]: https://example.com/compare/v1.2.0..HEAD\r\n"
	      "[v1.2.0]: https://example.com/compare/v1.1.0..v1.2.0");
	check("  ##   [Unreleased]", "  ##   [Unreleased]\n\n"
				     "  ##   [v1.2.0] - 2026-11-26");
	check("a\r\nb\n## [Unreleased]", "a\r\nb\n## [Unreleased]\r\n\r\n"
					 "## [v1.2.0] - 2026-11-26");
	check("\t x \n\n\n## [Unreleased] \n\n\t- y  \n\n\n",
	      "\t x \n\n\n## [Unreleased] \n\n## [v1.2.0] - 2026-11-26\n\n"
	      "\t- y  \n\n\n");
}

static void knows_what_is_only_shown(void **state UNUSED)
{
	check("```\n## [Unreleased]\n## [v1.2.0]\n```\n"
	      "<!--\n## [Unreleased]\n[Unreleased]: x\n-->\n"
	      "~~~~ md\n## [Unreleased]\n~~~\n```\n~~~~\n"
	      "    ## [Unreleased]\n\t## [v1.2.0]\n"
	      "<pre>\n## [Unreleased]\n</pre>\n"
	      "<!-- one line --> \n"
	      "### [Unreleased]\n##[Unreleased]\n"
	      "## [Unreleased]\n- x\n",
	      "```\n## [Unreleased]\n## [v1.2.0]\n```\n"
	      "<!--\n## [Unreleased]\n[Unreleased]: x\n-->\n"
	      "~~~~ md\n## [Unreleased]\n~~~\n```\n~~~~\n"
	      "    ## [Unreleased]\n\t## [v1.2.0]\n"
	      "<pre>\n## [Unreleased]\n</pre>\n"
	      "<!-- one line --> \n"
	      "### [Unreleased]\n##[Unreleased]\n"
	      "## [Unreleased]\n\n## [v1.2.0] - 2026-11-26\n- x\n");
}

static void keeps_links_right(void **state UNUSED)
{
	/* Forgotten at the last version; version without its own prefix. */
	check("## [Unreleased]\n- x\n## [1.1.0] - 2026-08-20\n"
	      "[unreleased]: https://x/-/compare/v1.0.0...develop?w=1\n",
	      "## [Unreleased]\n\n## [1.2.0] - 2026-11-26\n- x\n"
	      "## [1.1.0] - 2026-08-20\n"
	      "[unreleased]: https://x/-/compare/v1.2.0...develop?w=1\n"
	      "[1.2.0]: https://x/-/compare/v1.1.0...v1.2.0?w=1\n");
	/* The other way round. */
	check("## [Unreleased]\n- x\n## [v1.1.0]\n"
	      "[Unreleased]: https://x/compare/HEAD..v1.1.0\n",
	      "## [Unreleased]\n\n## [v1.2.0] - 2026-11-26\n- x\n## [v1.1.0]\n"
	      "[Unreleased]: https://x/compare/HEAD..v1.2.0\n"
	      "[v1.2.0]: https://x/compare/v1.2.0..v1.1.0\n");
	/* Only versions have one. */
	check("## [Unreleased]\n- x\n## [v1.1.0]\n"
	      "[v1.1.0]: https://x/compare/v1.0.0...v1.1.0\n",
	      "## [Unreleased]\n\n## [v1.2.0] - 2026-11-26\n- x\n## [v1.1.0]\n"
	      "[v1.2.0]: https://x/compare/v1.1.0...v1.2.0\n"
	      "[v1.1.0]: https://x/compare/v1.0.0...v1.1.0\n");
	/* In the heading itself. */
	check("## [Unreleased](https://x/compare/v1.1.0...HEAD)\n- x\n"
	      "## [v1.1.0](https://x/compare/v1.0.0...v1.1.0) (2026-08-20)\n",
	      "## [Unreleased](https://x/compare/v1.2.0...HEAD)\n\n"
	      "## [v1.2.0](https://x/compare/v1.1.0...v1.2.0) (2026-11-26)\n"
	      "- x\n"
	      "## [v1.1.0](https://x/compare/v1.0.0...v1.1.0) (2026-08-20)\n");
}

/* The base of the last link is a tag, and the first of all has none. */
static void leaves_other_links(void **state UNUSED)
{
	AUTO_CHANGELOG_OUTCOME struct changelog_outcome outcome =
		CHANGELOG_OUTCOME_INIT;

	check_with(&entry,
		   "## [Unreleased]\n\n[Unreleased]: https://x/commits/main\n",
		   "## [Unreleased]\n\n## [v1.2.0] - 2026-11-26\n\n"
		   "[Unreleased]: https://x/commits/main\n",
		   &outcome);
	assert_true(outcome.links_left);
	assert_true(outcome.empty);
}

static void knows_other_prefixes_and_calendars(void **state UNUSED)
{
	static const struct changelog_entry none = { .tag = "2026.11.26",
						     .prefix = "",
						     .date = "2026-11-26" };
	static const struct changelog_entry shop = { .tag = "shop-2.0.0-rc.1",
						     .prefix = "shop-",
						     .date = "2026-11-26" };
	AUTO_CHANGELOG_OUTCOME struct changelog_outcome a =
		CHANGELOG_OUTCOME_INIT;
	AUTO_CHANGELOG_OUTCOME struct changelog_outcome b =
		CHANGELOG_OUTCOME_INIT;

	check_with(&none,
		   "## [Unreleased]\n- x\n## [2026.11] - 2026-11-01\n"
		   "[Unreleased]: https://x/compare/2026.11...HEAD\n",
		   "## [Unreleased]\n\n## [2026.11.26] - 2026-11-26\n- x\n"
		   "## [2026.11] - 2026-11-01\n"
		   "[Unreleased]: https://x/compare/2026.11.26...HEAD\n"
		   "[2026.11.26]: https://x/compare/2026.11...2026.11.26\n",
		   &a);
	check_with(&shop, "## [Unreleased]\n- x\n## [1.9.0] - 2026-11-01\n",
		   "## [Unreleased]\n\n## [2.0.0-rc.1] - 2026-11-26\n- x\n"
		   "## [1.9.0] - 2026-11-01\n",
		   &b);
}

static void refuses(void **state UNUSED)
{
	check_refused("# Changelog\n", "there is no section [Unreleased]");
	check_refused("", "there is no section [Unreleased]");
	check_refused("## [Unreleased]\n\n## [Unreleased]\n",
		      "line 3: a second section [Unreleased]");
	check_refused("## [Unreleased]\n\n\n## [v1.10.0]\n",
		      "line 4: version 1.10.0 is newer than this one");
	check_refused("## [Unreleased]\n## [1.2.0+x]\n",
		      "line 2: version 1.2.0+x is the same as this one");
}

static void check_notes(const char *text, const char *want)
{
	AUTO_STRBUF struct strbuf doc = STRBUF_INIT, out = STRBUF_INIT;

	strbuf_addstr(&doc, text);
	changelog_notes(&doc, &entry, &out);
	assert_string_equal(out.buf, want);
}

static void takes_notes(void **state UNUSED)
{
	check_notes("## [Unreleased]\r\n\r\n### Added\r\n- x\r\n",
		    "\n### Added\n- x\n");
	check_notes("## [Unreleased]\n- new\n## [1.2.0] - 2026-11-26\n"
		    "<!-- hint\n## x\n-->\n### Fixed\n```\n## code\n```\n"
		    "## [1.1.0]\n- old\n",
		    "### Fixed\n```\n## code\n```\n");
	check_notes("## [Unreleased]\n- x\n\n[Unreleased]: https://x\n",
		    "- x\n");
	check_notes("## [Unreleased]\n- x\n# Another\n- y\n", "- x\n");
	check_notes("# Changelog\n- x\n", "");
	check_notes("", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_what_is_unreleased),
		cmocka_unit_test(writes_versions_as_the_file_does),
		cmocka_unit_test(keeps_bytes),
		cmocka_unit_test(knows_what_is_only_shown),
		cmocka_unit_test(keeps_links_right),
		cmocka_unit_test(leaves_other_links),
		cmocka_unit_test(knows_other_prefixes_and_calendars),
		cmocka_unit_test(refuses),
		cmocka_unit_test(takes_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
