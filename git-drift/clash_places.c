#include "common/base/base.h"
#include "git-drift/clash_places.h"

#include "common/base/mem.h"

/* One side's changes against the base, and how far they have been gone. */
struct side {
	const struct file_text *text;
	struct line_changes changes;
	size_t next;
	/* The lines of it that the group has. */
	uint32_t start, end;
	int64_t shift; /* of a base line to this side's, behind what was passed */
	size_t at;     /* where reading has come to, and in which line */
	uint32_t line;
};

/* A stretch of the base that both sides changed. */
struct group {
	uint32_t start, end;
};

static const struct line_change *peek(const struct side *s)
{
	return s->next < s->changes.nr ? &s->changes.v[s->next] : NULL;
}

static uint32_t base_end(const struct line_change *c)
{
	return c->old_start + c->old_nr;
}

static void pass(struct side *s)
{
	const struct line_change *c = &s->changes.v[s->next++];

	s->shift += (int64_t)c->new_nr - c->old_nr;
}

/* Takes in every change of this side that meets the group; true if one did. */
static bool join(struct side *s, struct group *g)
{
	bool grown = false;

	for (const struct line_change *c; (c = peek(s)); pass(s)) {
		if (c->old_start > g->end)
			break;
		if (base_end(c) > g->end)
			g->end = base_end(c);
		grown = true;
	}
	return grown;
}

/* Where the group begins on this side, before it is joined. */
static void begin(struct side *s, const struct group *g)
{
	s->start = (uint32_t)((int64_t)g->start + s->shift);
}

static void finish(struct side *s, const struct group *g)
{
	s->end = (uint32_t)((int64_t)g->end + s->shift);
}

/* The bytes from where the side is to line nr; groups only move on. */
static struct file_text lines_to(struct side *s, uint32_t nr)
{
	const char *p = s->text->data + s->at, *from = p;
	const char *stop = s->text->data + s->text->len;

	for (; s->line < nr && p < stop; s->line++) {
		const char *nl = memchr(p, '\n', (size_t)(stop - p));

		p = nl ? nl + 1 : stop;
	}
	s->at += (size_t)(p - from);
	return (struct file_text){ .data = from, .len = (size_t)(p - from) };
}

static struct file_text group_lines(struct side *s)
{
	if (!s->text->len)
		return (struct file_text){ 0 };
	lines_to(s, s->start);
	return lines_to(s, s->end);
}

static bool same_lines(struct side *a, struct side *b)
{
	struct file_text x = group_lines(a), y = group_lines(b);

	if (!x.len || !y.len)
		return x.len == y.len;
	return x.len == y.len && !memcmp(x.data, y.data, x.len);
}

static void add(struct content_merge *m, const struct group *g,
		const struct side *ours, const struct side *theirs)
{
	ALLOC_GROW(m->clashes, m->nr + 1, m->alloc);
	m->clashes[m->nr++] = (struct clash){
		.base_start = g->start,
		.base_nr = g->end - g->start,
		.ours_start = ours->start,
		.ours_nr = ours->end - ours->start,
		.theirs_start = theirs->start,
		.theirs_nr = theirs->end - theirs->start,
	};
}

/* The group that begins with the first change left; false: none is. */
static bool next_group(struct content_merge *m, struct side *ours,
		       struct side *theirs)
{
	const struct line_change *a = peek(ours), *b = peek(theirs);
	const struct line_change *first = a;
	bool by_ours = false, by_theirs = false, grown;
	struct group g;

	if (!a || (b && b->old_start < a->old_start))
		first = b;
	if (!first)
		return false;
	g = (struct group){ .start = first->old_start, .end = base_end(first) };
	begin(ours, &g);
	begin(theirs, &g);
	do {
		grown = join(ours, &g);
		by_ours |= grown;
		if (join(theirs, &g))
			by_theirs = grown = true;
	} while (grown);
	finish(ours, &g);
	finish(theirs, &g);
	if (by_ours && by_theirs && !same_lines(ours, theirs))
		add(m, &g, ours, theirs);
	return true;
}

static uint32_t count_lines(const struct file_text *text)
{
	const char *p = text->data, *end = p + text->len;
	uint32_t nr = 0;

	while (text->len && p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		p = nl ? nl + 1 : end;
		nr++;
	}
	return nr;
}

/* Another way of matching lines found nothing: the whole file is the place. */
static void add_all(struct content_merge *m, const struct file_text *base,
		    struct side *ours, struct side *theirs)
{
	struct group g = { .end = count_lines(base) };

	ours->start = theirs->start = 0;
	ours->end = count_lines(ours->text);
	theirs->end = count_lines(theirs->text);
	add(m, &g, ours, theirs);
}

static void side_release(struct side *s)
{
	line_changes_release(&s->changes);
}

int clash_places_find(const struct file_text *base, const struct file_text *ours,
		      const struct file_text *theirs,
		      struct content_merge *merge, struct err *err)
{
	CLEANUP(side_release) struct side a = { .text = ours };
	CLEANUP(side_release) struct side b = { .text = theirs };

	if (line_changes_find(base, ours, &a.changes, err) < 0 ||
	    line_changes_find(base, theirs, &b.changes, err) < 0)
		return err->code;
	while (next_group(merge, &a, &b))
		;
	if (!merge->nr)
		add_all(merge, base, &a, &b);
	return 0;
}
