#include "common/base/base.h"
#include "common/text/changelog.h"
#include "common/text/changelog_links.h"
#include "common/text/quote.h"
#include "common/text/version_order.h"

#define BETWEEN_MAX 16
#define DATE_LEN    10
#define SHOWN_MAX   60

void changelog_outcome_release(struct changelog_outcome *o)
{
	strbuf_release(&o->heading);
}

/* One place where bytes are taken out and others put in. */
struct edit {
	size_t at, drop;
	struct strbuf put;
};

enum { EDIT_URL, EDIT_HEADING, EDIT_LINK, EDIT_NEW_LINK, EDITS };

/* What is recorded, and what was found to do it with. */
struct recording {
	const struct strbuf *doc;
	const struct changelog_entry *e;
	struct changelog_parts parts;
	const char *name; /* how the version is written */
	bool bracketed;
	struct edit edits[EDITS];
};

static void recording_release(struct recording *r)
{
	for (size_t i = 0; i < EDITS; i++)
		strbuf_release(&r->edits[i].put);
}

static int by_place(const void *a, const void *b)
{
	const struct edit *x = *(const struct edit *const *)a;
	const struct edit *y = *(const struct edit *const *)b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x > y) - (x < y);
}

static void apply(const struct recording *r, struct strbuf *out)
{
	const struct edit *order[EDITS];
	size_t at = 0;

	for (size_t i = 0; i < EDITS; i++)
		order[i] = &r->edits[i];
	qsort(order, EDITS, sizeof(*order), by_place);
	for (size_t i = 0; i < EDITS; i++) {
		if (!order[i]->put.len)
			continue;
		strbuf_add(out, r->doc->buf + at, order[i]->at - at);
		strbuf_add(out, order[i]->put.buf, order[i]->put.len);
		at = order[i]->at + order[i]->drop;
	}
	strbuf_add(out, r->doc->buf + at, r->doc->len - at);
}

static void add_range(struct strbuf *out, const struct strbuf *doc, size_t from,
		      size_t to)
{
	strbuf_add(out, doc->buf + from, to - from);
}

static bool is_date(const char *p)
{
	static const char form[] = "dddd-dd-dd";

	for (size_t i = 0; i < DATE_LEN; i++)
		if (form[i] == 'd' ? p[i] < '0' || p[i] > '9' : p[i] != '-')
			return false;
	return true;
}

/* Between name and date: " - ", or what the newest version has there. */
static void add_date(const struct recording *r, struct strbuf *out)
{
	const struct text_range tail = r->parts.newest.tail;
	const char *between = " - ", *p = r->doc->buf + tail.from;
	size_t len = strlen(between), n = tail.to - tail.from;

	for (size_t i = 1; i <= BETWEEN_MAX && i + DATE_LEN <= n; i++) {
		if (*p == ' ' && is_date(p + i)) {
			between = p;
			len = i;
			break;
		}
	}
	strbuf_add(out, between, len);
	strbuf_addstr(out, r->e->date);
	if (memchr(between, '(', len))
		strbuf_addch(out, ')');
}

/* "[v1.2.0]", as the newest version is written, else as [Unreleased] is. */
static void find_style(struct recording *r)
{
	const struct changelog_heading *like =
		r->parts.has_newest ? &r->parts.newest : &r->parts.unreleased;
	size_t n = strlen(r->e->prefix);
	const char *name = r->doc->buf + like->name.from;

	r->bracketed = like->bracketed;
	r->name = r->e->tag;
	if (r->parts.has_newest && (like->name.to - like->name.from <= n ||
				    memcmp(name, r->e->prefix, n) != 0))
		r->name += n;
}

/* A link within the heading moves on as those at the bottom do. */
static void add_heading_url(struct recording *r, struct strbuf *heading)
{
	const struct changelog_heading *u = &r->parts.unreleased;
	struct edit *edit = &r->edits[EDIT_URL];
	AUTO_FREE char *base = NULL;
	struct compare_url c;

	if (!u->has_url || !compare_find(r->doc, u->url, r->e->prefix, &c))
		return;
	base = compare_base(r->doc, &c, &r->parts, r->e->prefix);
	strbuf_addch(heading, '(');
	compare_write(r->doc, &c, base, r->e->tag, heading);
	strbuf_addch(heading, ')');
	edit->at = u->url.from;
	edit->drop = u->url.to - u->url.from;
	compare_write(r->doc, &c, r->e->tag, NULL, &edit->put);
}

/* Behind the line of [Unreleased], which stays as it is. */
static void put_heading(struct recording *r, struct strbuf *heading)
{
	const struct changelog_heading *u = &r->parts.unreleased;
	const char *nl = markdown_line_end(r->doc->buf, r->doc->len, &u->line);
	struct edit *edit = &r->edits[EDIT_HEADING];

	strbuf_addf(heading, r->bracketed ? "[%s]" : "%s", r->name);
	add_heading_url(r, heading);
	add_date(r, heading);
	edit->at = u->line.end;
	strbuf_addf(&edit->put, "%s%s", nl, nl);
	add_range(&edit->put, r->doc, u->mark.from, u->mark.to);
	strbuf_add(&edit->put, heading->buf, heading->len);
}

/* "[v1.2.0]: ", as that link has it. */
static void add_link_name(const struct recording *r,
			  const struct changelog_link *like, struct strbuf *out)
{
	add_range(out, r->doc, like->line.start, like->name.from);
	strbuf_addstr(out, r->name);
	add_range(out, r->doc, like->name.to, like->url.from);
}

/* [Unreleased] starts at the new version, which starts where that did. */
static bool put_links(struct recording *r, const struct changelog_link *u,
		      bool has_own)
{
	struct edit *link = &r->edits[EDIT_LINK];
	struct edit *own = &r->edits[EDIT_NEW_LINK];
	AUTO_FREE char *base = NULL;
	struct compare_url c;

	if (!compare_find(r->doc, u->url, r->e->prefix, &c))
		return false;
	base = compare_base(r->doc, &c, &r->parts, r->e->prefix);
	link->at = u->url.from;
	link->drop = u->url.to - u->url.from;
	compare_write(r->doc, &c, r->e->tag, NULL, &link->put);
	if (has_own)
		return true;
	own->at = u->line.end;
	strbuf_addstr(&own->put,
		      markdown_line_end(r->doc->buf, r->doc->len, &u->line));
	add_link_name(r, u, &own->put);
	compare_write(r->doc, &c, base, r->e->tag, &own->put);
	return true;
}

/* Without one for [Unreleased]: a line above that of the newest version. */
static void put_link_above(struct recording *r, const struct changelog_link *p)
{
	struct edit *own = &r->edits[EDIT_NEW_LINK];
	AUTO_FREE char *base = NULL;
	struct compare_url c;

	if (!compare_find(r->doc, p->url, r->e->prefix, &c))
		return;
	base = compare_base(r->doc, &c, &r->parts, r->e->prefix);
	own->at = p->line.start;
	add_link_name(r, p, &own->put);
	compare_write(r->doc, &c, base, r->e->tag, &own->put);
	strbuf_addstr(&own->put,
		      markdown_line_end(r->doc->buf, r->doc->len, &p->line));
}

static void put_bottom(struct recording *r, struct changelog_outcome *outcome)
{
	const struct text_range unreleased = r->parts.unreleased.name;
	const struct text_range newest = r->parts.newest.name;
	struct changelog_link u, own, p = { .found = false };

	changelog_find_link(r->doc, r->doc->buf + unreleased.from,
			    unreleased.to - unreleased.from, &u);
	changelog_find_link(r->doc, r->name, strlen(r->name), &own);
	if (r->parts.has_newest)
		changelog_find_link(r->doc, r->doc->buf + newest.from,
				    newest.to - newest.from, &p);
	if (u.found)
		outcome->links_left = !put_links(r, &u, own.found);
	else if (p.found && !own.found)
		put_link_above(r, &p);
}

static int check_order(const struct recording *r, struct err *err)
{
	const struct changelog_heading *h = &r->parts.newest;
	AUTO_FREE char *newest = NULL;
	const char *version = r->e->tag + strlen(r->e->prefix);
	int order;

	if (!r->parts.has_newest)
		return 0;
	newest = changelog_version(r->doc, h->name, r->e->prefix);
	if (!version_has_order(version) || !version_has_order(newest))
		return 0;
	order = version_compare(version, newest);
	if (order > 0)
		return 0;
	return err_set(
		err, ERR_REFUSED, "line %zu: version %s %s", h->nr, newest,
		order ? "is newer than this one" : "is the same as this one");
}

static int check(const struct recording *r, struct err *err)
{
	const struct changelog_parts *parts = &r->parts;

	if (!parts->has_unreleased) {
		err_set(err, ERR_REFUSED, "there is no section [Unreleased]");
		return err_hint(err, "put a line '## [Unreleased]' above the "
				     "newest version");
	}
	if (parts->has_again)
		return err_set(err, ERR_REFUSED,
			       "line %zu: a second section [Unreleased]",
			       parts->again.nr);
	return check_order(r, err);
}

int changelog_record(const struct strbuf *doc, const struct changelog_entry *e,
		     struct strbuf *out, struct changelog_outcome *outcome,
		     struct err *err)
{
	CLEANUP(recording_release) struct recording r = { .doc = doc, .e = e };
	int ret;

	for (size_t i = 0; i < EDITS; i++)
		r.edits[i].put = (struct strbuf)STRBUF_INIT;
	if (memchr(doc->buf, '\0', doc->len))
		return err_set(err, ERR_REFUSED, "is not a text file");
	changelog_find(doc, e, &r.parts);
	outcome->already = r.parts.has_same;
	if (outcome->already) {
		add_range(&outcome->heading, doc, r.parts.same.mark.to,
			  r.parts.same.line.end);
		strbuf_add(out, doc->buf, doc->len);
		return 0;
	}
	if ((ret = check(&r, err)) < 0)
		return ret;
	outcome->empty = r.parts.empty;
	find_style(&r);
	put_heading(&r, &outcome->heading);
	put_bottom(&r, outcome);
	apply(&r, out);
	return 0;
}

/* Where the links at the end of a section begin, and the blanks before. */
static size_t end_of_words(const struct strbuf *doc, size_t from, size_t to)
{
	struct markdown_lines lines = { .data = doc->buf, .len = to, .at = from };
	struct markdown_line line;
	struct changelog_link link;
	size_t end = from;

	while (markdown_next(&lines, &line))
		if (line.end > line.start &&
		    !changelog_read_link(doc->buf, &line, &link))
			end = line.next;
	return end;
}

void changelog_notes(const struct strbuf *doc, const struct changelog_entry *e,
		     struct strbuf *out)
{
	struct changelog_parts parts;
	struct markdown_lines lines = { .data = doc->buf };
	struct markdown_line line;

	if (memchr(doc->buf, '\0', doc->len))
		return;
	changelog_find(doc, e, &parts);
	if (!parts.has_same && !parts.has_unreleased)
		return;
	lines.at = parts.has_same ? parts.same.line.next
				  : parts.unreleased.line.next;
	lines.len = end_of_words(doc, lines.at,
				 parts.has_same ? parts.same_end
						: parts.unreleased_end);
	while (markdown_next(&lines, &line)) {
		if (line.kind == MARKDOWN_COMMENT)
			continue;
		add_range(out, doc, line.start, line.end);
		strbuf_addch(out, '\n');
	}
}
