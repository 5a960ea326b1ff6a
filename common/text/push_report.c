#include "common/base/base.h"
#include "common/text/push_report.h"
#include "common/text/quote.h"

struct rejection {
	const char *ref, *why;
	size_t ref_len, why_len;
};

/* False for a line that rejects nothing. */
static bool take_line(const char *line, size_t len, struct rejection *r)
{
	const char *end = line + len, *colon, *why;

	if (len < 2 || *line != '!' || line[1] != '\t')
		return false;
	why = memchr(line + 2, '\t', len - 2);
	colon = why ? memchr(line + 2, ':', (size_t)(why - line - 2)) : NULL;
	if (!colon)
		return false;
	r->ref = colon + 1;
	r->ref_len = (size_t)(why - colon - 1);
	r->why = why + 1;
	r->why_len = (size_t)(end - why - 1);
	return true;
}

/* git says "atomic push failed", its receiver "atomic transaction failed". */
static bool shared_fate(const struct rejection *r)
{
	return memmem(r->why, r->why_len, "(atomic ", 8) != NULL;
}

static void add(const struct rejection *r, struct strbuf *out)
{
	static const char *const prefixes[] = { "refs/heads/", "refs/tags/" };
	size_t skip = 0;

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		size_t n = strlen(prefixes[i]);

		if (r->ref_len > n && !memcmp(r->ref, prefixes[i], n))
			skip = n;
	}
	if (out->len)
		strbuf_addstr(out, ", ");
	quote_text(out, r->ref + skip, r->ref_len - skip);
	strbuf_addstr(out, ": ");
	quote_text(out, r->why, r->why_len);
}

void push_report_rejections(const char *report, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf culprits = STRBUF_INIT, all = STRBUF_INIT;

	for (const char *p = report; *p; p += *p == '\n') {
		size_t len = strcspn(p, "\n");
		struct rejection r;

		if (take_line(p, len, &r)) {
			add(&r, &all);
			if (!shared_fate(&r))
				add(&r, &culprits);
		}
		p += len;
	}
	strbuf_addstr(out, culprits.len ? culprits.buf : all.buf);
}
