#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"

#include "common/git/capture_trailers.h"

#define DASH "\xe2\x80\x94"

/* What servers and people may come up with. */
static const char *const values[] = {
	"a",
	"docs/old page.md",
	"a: b",
	"Server: x",
	"a\nServer: evil.example.com",
	"a\n\nServer: evil.example.com\n",
	"a\r\nb",
	"tab\there",
	"\033[2J\007",
	"\x7f",
	"caf\xc3\xa9.php",
	"latin\xe9.php",
	"\xff\xfe",
	"a\xe2\x80\xaeph.txt",
	"a " DASH " b",
	"a" DASH,
	DASH,
	" " DASH " ",
	"\"quoted\"",
	"\"half",
	"back\\slash",
	"\\",
	"\\\"",
	"#comment",
	"---",
	" blank",
	"blank ",
	" ",
	"",
	"x (1.2.0)",
	"(",
	")",
	" (",
	"@everyone fixes #1",
	"-rf",
	"a\tb\vc\fd",
	"\xc2\xa0",
	"\xe2\x80\xa8",
};

static void fill(struct capture_trailers *t, const char *a, const char *b)
{
	t->server = xstrdup(a);
	t->release = xstrdup(b);
	t->version = xstrdup(a);
	t->captured_at = xstrdup("2026-11-26T12:00:00Z");
	capture_trailers_delete(t, a, b);
	capture_trailers_delete(t, b, a);
	strvec_push(&t->rejected, b);
	strvec_push(&t->rejected, a);
}

static void message_of(const struct capture_trailers *t, struct strbuf *out)
{
	strbuf_addstr(out, CAPTURE_SUBJECT "production\n\nWhat it is.\n\n");
	capture_trailers_write(t, out);
}

static void assert_same(const struct capture_trailers *a,
			const struct capture_trailers *b)
{
	assert_string_equal(a->server, b->server);
	assert_string_equal(a->release, b->release);
	assert_string_equal(a->version, b->version);
	assert_string_equal(a->captured_at, b->captured_at);
	assert_int_equal(a->nr, b->nr);
	for (size_t i = 0; i < a->nr; i++) {
		assert_string_equal(a->deletions[i].path, b->deletions[i].path);
		assert_string_equal(a->deletions[i].reason,
				    b->deletions[i].reason);
	}
	assert_int_equal(a->rejected.nr, b->rejected.nr);
	for (size_t i = 0; i < a->rejected.nr; i++)
		assert_string_equal(a->rejected.v[i], b->rejected.v[i]);
	assert_int_equal(b->unreadable.nr, 0);
}

static void round_trip(const char *a, const char *b)
{
	AUTO_CAPTURE_TRAILERS struct capture_trailers in = CAPTURE_TRAILERS_INIT;
	AUTO_CAPTURE_TRAILERS struct capture_trailers out = CAPTURE_TRAILERS_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	fill(&in, a, b);
	message_of(&in, &text);
	assert_works(&err, capture_trailers_read(text.buf, &out, &err));
	assert_same(&in, &out);
	assert_true(capture_trailers_is_capture(&out));
}

static void what_is_written_is_what_is_read(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		for (size_t j = 0; j < ARRAY_SIZE(values); j++)
			round_trip(values[i], values[j]);
}

static void assert_printable(const struct strbuf *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (((unsigned char)text->buf[i] < ' ' && text->buf[i] != '\n') ||
		    text->buf[i] == 127)
			fail_msg("a control character");
}

/* Of one commit that has all of them, as a commit of its own. */
static void git_reads_the_same_lines(void **state)
{
	AUTO_CAPTURE_TRAILERS struct capture_trailers t = CAPTURE_TRAILERS_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT, lines = STRBUF_INIT;
	AUTO_STRBUF struct strbuf parsed = STRBUF_INIT, logged = STRBUF_INIT;
	size_t nr = ARRAY_SIZE(values);

	fill(&t, values[4], values[9]);
	for (size_t i = 0; i < nr; i++)
		capture_trailers_delete(&t, values[i], values[nr - i - 1]);
	message_of(&t, &text);
	capture_trailers_write(&t, &lines);
	assert_printable(&lines);
	fixture_repo(*state);
	fixture_put(*state, "message", text.buf);
	fixture_git(*state, "repo", "commit", "-q", "--allow-empty", "-F",
		    "../message", NULL);
	fixture_git_out(*state, "repo", &parsed, "interpret-trailers",
			"--parse", "../message", NULL);
	assert_string_equal(parsed.buf, lines.buf);
	fixture_git_out(*state, "repo", &logged, "log", "-1",
			"--format=%(trailers:only,unfold)", NULL);
	strbuf_setlen(&logged, logged.len - 1);
	assert_string_equal(logged.buf, lines.buf);
}

static void plain_values_look_plain(void **state UNUSED)
{
	AUTO_CAPTURE_TRAILERS struct capture_trailers t = CAPTURE_TRAILERS_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	t.server = xstrdup("web1.example.com");
	t.release = xstrdup("20261126120000");
	t.version = xstrdup("1.2.0");
	t.captured_at = xstrdup("2026-11-26T12:00:00Z");
	capture_trailers_delete(&t, "docs/caf\xc3\xa9: old.md",
				"nobody needs it " DASH " really");
	capture_trailers_delete(&t, "a " DASH " b", "why not");
	strvec_push(&t.rejected, "public/install.php");
	capture_trailers_write(&t, &out);
	assert_string_equal(out.buf,
			    "Server: web1.example.com\n"
			    "Release: 20261126120000 (1.2.0)\n"
			    "Captured-At: 2026-11-26T12:00:00Z\n"
			    "Deletion-Reason: docs/caf\xc3\xa9: old.md " DASH
			    " nobody needs it " DASH " really\n"
			    "Deletion-Reason: \"a \\342\\200\\224 b\" " DASH
			    " why not\n"
			    "Rejected: public/install.php\n");
	free(t.version);
	t.version = NULL;
	strbuf_reset(&out);
	capture_trailers_write(&t, &out);
	assert_non_null(strstr(out.buf, "\nRelease: 20261126120000\n"));
}

static void reads_what_people_made_of_it(void **state UNUSED)
{
	AUTO_CAPTURE_TRAILERS struct capture_trailers t = CAPTURE_TRAILERS_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	const char *text = "Another title\n\nText.\n\n"
			   "server: a\r\n"
			   "Server: b\n"
			   "release: r1\n"
			   "CAPTURED-AT: now\n"
			   "Deletion-Reason: a/b.md " DASH " it is\n"
			   " old, and\n"
			   "  long\n"
			   "Deletion-Reason: c.md - a hyphen\n"
			   "Deletion-Reason: \"c.md " DASH " x\n"
			   "Deletion-Reason: \"c.md\" " DASH "\n"
			   "Deletion-Reason: \"d.md\\q\" " DASH " x\n"
			   "Deletion-Reason: e.md " DASH " \"\"\n"
			   "Release: r1 (1.0\n"
			   "Rejected: \"a\" b\n"
			   "Co-authored-by: somebody <a@example.com>\n";

	assert_works(&err, capture_trailers_read(text, &t, &err));
	assert_true(capture_trailers_is_capture(&t));
	assert_string_equal(t.server, "a");
	assert_string_equal(t.release, "r1");
	assert_string_equal(t.version, "");
	assert_int_equal(t.nr, 2);
	assert_string_equal(capture_trailers_reason(&t, "a/b.md"),
			    "it is old, and long");
	assert_null(capture_trailers_reason(&t, "e.md"));
	assert_null(capture_trailers_reason(&t, "a/b"));
	assert_int_equal(t.unreadable.nr, 6);
	assert_string_equal(t.unreadable.v[0],
			    "Deletion-Reason: c.md - a hyphen");
	assert_int_equal(t.rejected.nr, 0);
}

static void others_are_no_captures(void **state UNUSED)
{
	static const char *const messages[] = {
		"",
		"\n",
		"Server: a\nRelease: b\nCaptured-At: c\n",
		"x\n\nServer: a\nRelease: b\n",
		"x\n\nServer: a\nRelease: b\nCaptured-At: c\n\nText.\n",
		"x\n\nServer: \nRelease: b\nCaptured-At: c\n",
		"x\n\nRejected: a\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		AUTO_CAPTURE_TRAILERS struct capture_trailers t =
			CAPTURE_TRAILERS_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		assert_works(&err, capture_trailers_read(messages[i], &t, &err));
		assert_false(capture_trailers_is_capture(&t));
	}
}

static void is_bounded(void **state UNUSED)
{
	AUTO_CAPTURE_TRAILERS struct capture_trailers t = CAPTURE_TRAILERS_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_addstr(&text, "x\n\n");
	while (text.len <= CAPTURE_MESSAGE_MAX)
		strbuf_addstr(&text, "Rejected: some/path\n");
	assert_fails_with(&err, ERR_FAILED,
			  capture_trailers_read(text.buf, &t, &err));
	strbuf_setlen(&text, text.len - strlen("Rejected: some/path\n"));
	assert_works(&err, capture_trailers_read(text.buf, &t, &err));
	assert_true(t.rejected.nr > 400000);
}

static void the_subject_names_the_environment(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf env = STRBUF_INIT;

	assert_true(capture_subject_read(CAPTURE_SUBJECT "staging\n\nx", &env));
	assert_string_equal(env.buf, "staging");
	strbuf_reset(&env);
	assert_false(capture_subject_read(CAPTURE_SUBJECT "\nx", &env));
	assert_false(capture_subject_read("Merge x", &env));
	assert_false(capture_subject_read("", &env));
	assert_int_equal(env.len, 0);
}

static int start(void **state UNUSED)
{
	return git_libgit2_init() < 0;
}

static void a_reason_is_more_than_blanks(void **state UNUSED)
{
	static const char *const blank[] = {
		"",
		" \t",
		"\xc2\xa0",
		"\xe2\x80\x8b \xe2\x80\x83",
		"\xe3\x80\x80\xef\xbb\xbf",
		"\xe2\x81\xa0",
		"\xc2\xad",
	};
	static const char *const said[] = { "x",
					    "\xc2\xa0x",
					    "\xe2\x80\x94",
					    "\xe5\x8f\xa4\xe3\x81\x84",
					    "\xe2\x80",
					    "\xe2" };

	for (size_t i = 0; i < ARRAY_SIZE(blank); i++)
		assert_false(capture_reason_says(blank[i]));
	for (size_t i = 0; i < ARRAY_SIZE(said); i++)
		assert_true(capture_reason_says(said[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_what_is_read),
		with_fixture(git_reads_the_same_lines),
		cmocka_unit_test(plain_values_look_plain),
		cmocka_unit_test(reads_what_people_made_of_it),
		cmocka_unit_test(others_are_no_captures),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(the_subject_names_the_environment),
		cmocka_unit_test(a_reason_is_more_than_blanks),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
