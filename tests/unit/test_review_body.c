#include "common/base/base.h"
#include "tests/unit/unit.h"

#include "common/base/mem.h"
#include "git-serversync/review_body.h"

#define DASH "\xe2\x80\x94"

static const char *const hostile[] = {
	"a\nb",
	"a\n/close",
	"a`b",
	"```",
	"a|b",
	"<script>alert(1)</script>",
	"<!-- x",
	"@everyone",
	"#1",
	"!1",
	"[x](http://example.com)",
	"![x](http://example.com)",
	"http://example.com/",
	"**bold** _it_ ~~x~~",
	"\033[31mred",
	"caf\xe9",
	"a\xe2\x80\xaeph.txt",
	"&copy;",
	"$`x`$",
	"- [x] D x",
	"\\",
	"\"",
	"a\rb",
	"a\tb",
	"GH-1",
	":smile:",
};

static struct capture_file *add(struct capture *c, const char *path,
				char status, enum capture_class class)
{
	struct capture_file *f = capture_add(c, path, path);

	f->status = status;
	f->class = class;
	f->size = 1234;
	f->old_size = 1000;
	f->mode = status == 'D' ? 0 : 0100644;
	f->taken = status != 'D' && class != CLASS_SECRET;
	return f;
}

static void drop(struct capture *c, const char *path, const char *reason)
{
	struct capture_file *f = add(c, path, 'D', CLASS_HOTFIX);

	f->delete_reason = reason ? xstrdup(reason) : NULL;
	f->taken = reason != NULL;
}

static void ignore(struct capture *c, const char *path, size_t files)
{
	ALLOC_GROW(c->ignored, c->nr_ignored + 1, c->alloc_ignored);
	c->ignored[c->nr_ignored++] = (struct capture_ignored){
		.path = xstrdup(path),
		.files = files,
	};
}

static void begin(struct capture *c)
{
	c->environment = xstrdup("production");
	c->server = xstrdup("web1.example.com");
	c->release = xstrdup("20261126110000");
	c->version = xstrdup("1.2.0");
	c->captured_at = xstrdup("2026-11-26T12:00:00Z");
	c->branch = xstrdup("serversync/production/20261126120000");
}

static void assert_has(const struct strbuf *body, const char *text)
{
	if (!strstr(body->buf, text))
		fail_msg("'%s' is not in:\n%s", text, body->buf);
}

static void says_it_all(void **state UNUSED)
{
	AUTO_SYMMETRY_AUDIT struct symmetry_audit audit = SYMMETRY_AUDIT_INIT;
	AUTO_CAPTURE struct capture c = CAPTURE_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	begin(&c);
	add(&c, "app/User.php", 'M', CLASS_HOTFIX);
	capture_why(add(&c, "config/key.pem", 'A', CLASS_SECRET),
		    "a private key");
	drop(&c, "docs/old.md", "nobody needs it");
	drop(&c, "docs/older.md", NULL);
	add(&c, "plugins/pay.php", 'A', CLASS_INSTALLER);
	capture_why(add(&c, "uploads/x.php", 'A', CLASS_SUSPICIOUS),
		    "PHP among uploads");
	ignore(&c, "vendor/", 9312);
	strvec_push(&c.unknown, "storage/locked");
	audited_paths_add(&audit.cleared.paths, "docs", "deploy.php", 3);
	review_body(&c, &audit, &out);
	assert_has(&out, "| suspicious | 1 | 1.2 KiB | ");
	assert_has(&out, "| hot-fix | 1 | 1.2 KiB | ");
	assert_has(&out, "| deleted | 1 | | ");
	assert_has(&out, "\n### suspicious: 1 file\n\n| | File | Size | |\n"
			 "|---|---|---|---|\n"
			 "| A | `uploads/x.php` | 1.2 KiB | "
			 "PHP among uploads |\n");
	assert_has(&out,
		   "\n| M | `app/User.php` | 1.2 KiB, was 1000 bytes | |\n");
	assert_has(&out, "\n- [ ] D `docs/old.md` " DASH " nobody needs it\n");
	assert_has(&out, "\n- D `docs/older.md`\n");
	assert_has(&out, "\ngit serversync --update --delete "
			 "'<path>=<reason>' production\n");
	assert_has(&out, "\n- `config/key.pem` " DASH " a private key\n");
	assert_has(&out, "\n- `vendor/` (9,312 files)\n");
	assert_has(&out, "\n- `storage/locked`\n");
	assert_has(&out,
		   "\n**Audit:** OK " DASH " what a deploy clears away is "
		   "protected (1 in all).\n");
	assert_has(&out, "\ngit serversync reject "
			 "serversync/production/20261126120000 '<path>'\n");
	assert_has(&out, "git serversync check "
			 "serversync/production/20261126120000\n");
	assert_null(strstr(out.buf, "more"));
}

static void says_only_what_there_is(void **state UNUSED)
{
	AUTO_CAPTURE struct capture c = CAPTURE_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_STRBUF struct strbuf title = STRBUF_INIT;

	begin(&c);
	add(&c, "app/User.php", 'M', CLASS_HOTFIX);
	review_body(&c, NULL, &out);
	assert_null(strstr(out.buf, "eleted"));
	assert_null(strstr(out.buf, "Ignored"));
	assert_null(strstr(out.buf, "Unknown"));
	assert_null(strstr(out.buf, "suspicious"));
	assert_has(&out, "**Audit:** it is not proven");
	review_title(&c, &title);
	assert_string_equal(title.buf,
			    "Server edits of production, 2026-11-26T12:00:00Z");
}

/* Takes code spans and blocks out: what is left is what could be active. */
static void drop_code(const struct strbuf *body, struct strbuf *out)
{
	bool block = false, span = false;

	for (const char *p = body->buf; *p; p++) {
		bool start = p == body->buf || p[-1] == '\n';

		if (start && !strncmp(p, "```", 3)) {
			block = !block;
			p += strcspn(p, "\n");
		} else if (!block && *p == '`') {
			span = !span;
		} else if (*p == '\n' && span) {
			fail_msg("code goes over a line's end");
		} else if (!block && !span) {
			strbuf_addch(out, *p);
		}
	}
	assert_false(block || span);
}

static void nothing_of_it_is_active(void **state UNUSED)
{
	AUTO_CAPTURE struct capture c = CAPTURE_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT, rest = STRBUF_INIT;

	begin(&c);
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		const char *s = hostile[i];

		free(c.release);
		c.release = xstrdup(s);
		free(c.server);
		c.server = xstrdup(s);
		capture_why(add(&c, s, 'A', CLASS_SUSPICIOUS), "%s", s);
		capture_why(add(&c, s, 'M', CLASS_SECRET), "%s", s);
		drop(&c, s, s);
		drop(&c, s, NULL);
		ignore(&c, s, 1);
		strvec_push(&c.unknown, s);
	}
	review_body(&c, NULL, &out);
	drop_code(&out, &rest);
	for (const char *p = rest.buf; *p; p++) {
		unsigned char ch = (unsigned char)*p;

		if ((ch < ' ' && ch != '\n') || ch == 0x7f ||
		    strchr("@!<>&$\\~", ch))
			fail_msg("0x%02x is in:\n%s", ch, rest.buf);
	}
	/* Boxes are for people to tick. */
	assert_null(strstr(out.buf, "[x]"));
	assert_null(strstr(rest.buf, "http"));
	assert_null(strstr(rest.buf, "#1"));
	assert_null(strstr(rest.buf, "]("));
	assert_null(strstr(rest.buf, "GH-"));
	assert_null(strstr(rest.buf, "smile"));
	assert_null(strstr(rest.buf, "\n/"));
}

static size_t count_lines(const struct strbuf *out, const char *prefix)
{
	size_t nr = 0;

	for (const char *p = out->buf; p; p = strchr(p, '\n')) {
		p += *p == '\n';
		nr += !strncmp(p, prefix, strlen(prefix));
		if (!*p)
			break;
	}
	return nr;
}

/* What stands in "and <n> more" behind the prefix; 0: it is not there. */
static size_t more_of(const struct strbuf *out, const char *prefix)
{
	const char *p = strstr(out->buf, prefix);
	size_t nr = 0;

	for (p = p ? p + strlen(prefix) : ""; *p != ' ' && *p; p++)
		if (*p != ',')
			nr = nr * 10 + (size_t)(*p - '0');
	return nr;
}

static void is_bounded(void **state UNUSED)
{
	AUTO_CAPTURE struct capture c = CAPTURE_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT, text = STRBUF_INIT;
	AUTO_STRBUF struct strbuf rest = STRBUF_INIT;
	size_t rows;

	begin(&c);
	for (int i = 0; i < 300; i++)
		strbuf_addstr(&text, "long\n");
	for (int i = 0; i < 5000; i++) {
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;

		strbuf_addf(&path, "plugins/file%d.php%s", i, i ? "" : text.buf);
		add(&c, path.buf, 'A', CLASS_INSTALLER);
		add(&c, path.buf, 'A', CLASS_UPLOAD);
		add(&c, path.buf, 'A', CLASS_SUSPICIOUS);
		add(&c, path.buf, 'M', CLASS_SECRET);
		drop(&c, path.buf, text.buf);
		drop(&c, path.buf, NULL);
		ignore(&c, path.buf, 1);
		strvec_push(&c.unknown, path.buf);
	}
	strbuf_addstr(&out, "before");
	review_body(&c, NULL, &out);
	assert_true(out.len <= REVIEW_BODY_MAX + strlen("before"));
	assert_true(out.len > REVIEW_BODY_MAX / 2);
	drop_code(&out, &rest);
	rows = count_lines(&out, "| A | ");
	assert_true(rows > 10);
	assert_int_equal(count_lines(&out, "| | and "), 3);
	assert_int_equal(count_lines(&out, "- and "), 5);
	assert_true(more_of(&out, "| | and ") > 4000);
	assert_int_equal(
		count_lines(&out, "- [ ] D ") + more_of(&out, "- and "), 5000);
	assert_has(&out, "git serversync reject serversync/");
	assert_int_equal(out.buf[out.len - 1], '\n');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_it_all),
		cmocka_unit_test(says_only_what_there_is),
		cmocka_unit_test(nothing_of_it_is_active),
		cmocka_unit_test(is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
