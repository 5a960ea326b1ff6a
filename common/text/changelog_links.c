#include "common/base/base.h"
#include "common/text/changelog_links.h"
#include "common/text/version_order.h"

static bool ends_ref(char c)
{
	return strchr("/=?#&", c) != NULL;
}

/* "v1.1.0": a released version, and not a branch or HEAD. */
static bool is_tag(const struct strbuf *doc, struct text_range r,
		   const char *prefix)
{
	AUTO_FREE char *version = changelog_version(doc, r, prefix);
	size_t n = strlen(prefix);

	return r.to - r.from > n && !memcmp(doc->buf + r.from, prefix, n) &&
	       version_has_order(version);
}

bool compare_find(const struct strbuf *doc, struct text_range url,
		  const char *prefix, struct compare_url *out)
{
	const char *dots =
		memmem(doc->buf + url.from, url.to - url.from, "..", 2);
	struct text_range a, b;

	if (!dots)
		return false;
	a.from = a.to = (size_t)(dots - doc->buf);
	b.from = a.to + 2;
	if (b.from < url.to && doc->buf[b.from] == '.')
		b.from++;
	b.to = b.from;
	while (a.from > url.from && !ends_ref(doc->buf[a.from - 1]))
		a.from--;
	while (b.to < url.to && !ends_ref(doc->buf[b.to]))
		b.to++;
	if (a.from == a.to || b.from == b.to)
		return false;
	/* Some places write it the other way round: HEAD..v1.1.0. */
	if (is_tag(doc, b, prefix) && !is_tag(doc, a, prefix))
		*out = (struct compare_url){ .url = url, .base = b, .head = a };
	else
		*out = (struct compare_url){ .url = url, .base = a, .head = b };
	return true;
}

static void add(struct strbuf *out, const struct strbuf *doc, size_t from,
		size_t to)
{
	strbuf_add(out, doc->buf + from, to - from);
}

static void add_end(struct strbuf *out, const struct strbuf *doc,
		    struct text_range old, const char *put)
{
	if (put)
		strbuf_addstr(out, put);
	else
		add(out, doc, old.from, old.to);
}

void compare_write(const struct strbuf *doc, const struct compare_url *c,
		   const char *base, const char *head, struct strbuf *out)
{
	bool base_first = c->base.from < c->head.from;
	struct text_range a = base_first ? c->base : c->head;
	struct text_range b = base_first ? c->head : c->base;

	add(out, doc, c->url.from, a.from);
	add_end(out, doc, a, base_first ? base : head);
	add(out, doc, a.to, b.from);
	add_end(out, doc, b, base_first ? head : base);
	add(out, doc, b.to, c->url.to);
}

char *compare_base(const struct strbuf *doc, const struct compare_url *c,
		   const struct changelog_parts *parts, const char *prefix)
{
	AUTO_STRBUF struct strbuf tag = STRBUF_INIT;
	AUTO_FREE char *version = NULL;

	if (!parts->has_newest || !is_tag(doc, c->base, prefix))
		return NULL;
	version = changelog_version(doc, parts->newest.name, prefix);
	strbuf_addf(&tag, "%s%s", prefix, version);
	return strbuf_detach(&tag);
}
