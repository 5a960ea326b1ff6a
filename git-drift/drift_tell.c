#include "common/base/base.h"
#include "git-drift/drift_judging.h"

#include "common/text/quote.h"

/* Findings for one file; the rest is counted. */
#define PLACES_MAX 50

static bool is_binary(const struct judged_side *s)
{
	return s->object && !s->text;
}

static void add_finding(const struct judging *j, enum drift_rule rule,
			size_t first, size_t last, const char *text)
{
	const struct drift_place at = { .path = j->change->path,
					.first = first,
					.last = last };

	drift_findings_add(&j->check->findings, rule, &at, "%s", text);
}

static void tell_fault(const struct judging *j, const struct marker_fault *f)
{
	static const enum drift_rule rules[] = {
		[MARKER_NO_ID] = DRIFT_MARKER_NO_ID,
		[MARKER_NESTED] = DRIFT_MARKER_NESTED,
		[MARKER_UNCLOSED] = DRIFT_MARKER_UNBALANCED,
		[MARKER_UNOPENED] = DRIFT_MARKER_UNBALANCED,
		[MARKER_OTHER_ID] = DRIFT_MARKER_UNBALANCED,
	};
	const char *word = j->check->settings->marker;
	AUTO_STRBUF struct strbuf id = STRBUF_INIT, text = STRBUF_INIT;

	if (f->id_len)
		strbuf_addch(&id, ' ');
	quote_text(&id, f->id, f->id_len);
	switch (f->kind) {
	case MARKER_NO_ID:
		strbuf_addf(&text, "%s:BEGIN names no id", word);
		break;
	case MARKER_NESTED:
		strbuf_addf(&text,
			    "%s:BEGIN%s is inside of what begins at line %zu",
			    word, id.buf, f->other);
		break;
	case MARKER_UNCLOSED:
		strbuf_addf(&text, "%s:BEGIN%s has no %s:END", word, id.buf,
			    word);
		break;
	case MARKER_UNOPENED:
		strbuf_addf(&text, "%s:END%s has no %s:BEGIN", word, id.buf,
			    word);
		break;
	case MARKER_OTHER_ID:
		strbuf_addf(&text,
			    "%s:END%s is not the id that begins at line %zu",
			    word, id.buf, f->other);
		break;
	}
	add_finding(j, rules[f->kind], f->line, 0, text.buf);
}

static bool same_id(const struct marker_pair *a, const struct marker_pair *b)
{
	return a->id_len == b->id_len && !memcmp(a->id, b->id, a->id_len);
}

static void tell_id(struct judging *j, const struct marker_pair *p)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	if (j->verdict != DRIFT_UNEXPLAINED)
		strbuf_addstr(&text, "covered; ");
	strbuf_addstr(&text, "no entry for ");
	quote_text(&text, p->id, p->id_len);
	add_finding(j, DRIFT_MARKER_UNRECORDED, p->first, 0, text.buf);
}

/* Ids without an entry: each is said once for a file. */
static void tell_ids(struct judging *j)
{
	const struct marker_pair *told[PLACES_MAX];
	struct drift_check *c = j->check;
	size_t nr = 0;

	for (size_t i = 0; i < j->pairs.nr; i++) {
		const struct marker_pair *p = &j->pairs.v[i];
		uint32_t id;
		size_t k = 0;

		if (customization_id(p->id, p->id_len, &id)) {
			if (id >= c->next_id)
				c->next_id = id + 1;
			if (customizations_has_id(&c->customizations, id))
				continue;
		}
		while (k < nr && !same_id(told[k], p))
			k++;
		if (!p->id_len || k < nr || nr == PLACES_MAX)
			continue;
		told[nr++] = p;
		tell_id(j, p);
	}
}

void judging_tell_markers(struct judging *j)
{
	for (size_t i = 0; i < j->pairs.nr_faults; i++)
		tell_fault(j, &j->pairs.faults[i]);
	tell_ids(j);
}

/* Lines around all that differs that still go to the diff. */
#define MARGIN 100

/* How many bytes from the beginning, whole lines, both texts share. */
static size_t same_head(const struct file_text *a, const struct file_text *b)
{
	size_t len = a->len < b->len ? a->len : b->len, n = 0;
	size_t lines = 0;

	while (n < len && a->data[n] == b->data[n])
		n++;
	while (n && lines <= MARGIN)
		if (a->data[--n] == '\n')
			lines++;
	return n ? n + 1 : 0;
}

/* How many from the end, of what is behind "head". */
static size_t same_tail(const struct file_text *a, const struct file_text *b,
			size_t head)
{
	size_t len = (a->len < b->len ? a->len : b->len) - head, n = 0;
	size_t lines = 0;

	while (n < len && a->data[a->len - n - 1] == b->data[b->len - n - 1])
		n++;
	while (n && lines <= MARGIN)
		if (a->data[a->len - n--] == '\n')
			lines++;
	return n;
}

/*
 * The lines that differ. libgit2 computes the object id of all that it is
 * given, which takes longer than the comparison: so it gets less.
 */
static int find_changes(const struct judging *j, struct line_changes *out,
			struct err *err)
{
	const struct file_text *old = &j->old.t, *now = &j->now.t;
	size_t head = same_head(old, now), tail = same_tail(old, now, head);
	const struct file_text old_part = { old->data + head,
					    old->len - head - tail };
	const struct file_text now_part = { now->data + head,
					    now->len - head - tail };
	uint32_t above = 0;

	if (line_changes_find(&old_part, &now_part, out, err) < 0)
		return err->code;
	for (size_t i = 0; i < head; i++)
		above += now->data[i] == '\n';
	for (size_t i = 0; i < out->nr; i++)
		out->v[i].new_start += above;
	return 0;
}

/*
 * The lines of the new text, counted from 1; of a mere removal the one above
 * it, if there is one.
 */
struct range {
	size_t first, last;
};

static struct range range_of(const struct line_change *c)
{
	size_t first = c->new_nr || !c->new_start ? c->new_start + 1
						  : c->new_start;

	return (struct range){ first, c->new_nr ? first + c->new_nr - 1 : first };
}

/* ": lines 3-5, 9 and 2 more" */
static void add_ranges(struct strbuf *out, const struct line_changes *c)
{
	const size_t shown = 4;

	for (size_t i = 0; i < c->nr && i < shown; i++) {
		struct range r = range_of(&c->v[i]);

		if (i)
			strbuf_addstr(out, ", ");
		else
			strbuf_addstr(out, c->nr == 1 && r.first == r.last
						   ? ": line "
						   : ": lines ");
		strbuf_addf(out, "%zu", r.first);
		if (r.last > r.first)
			strbuf_addf(out, "-%zu", r.last);
	}
	if (c->nr > shown)
		strbuf_addf(out, " and %zu more", c->nr - shown);
}

static const char *kind_of(uint32_t mode)
{
	return judging_is_file(mode)	     ? "file"
	       : mode == GIT_FILEMODE_LINK   ? "link"
	       : mode == GIT_FILEMODE_COMMIT ? "submodule"
					     : "nothing";
}

/* What happened to it, without its lines. */
static void add_event(const struct judging *j, struct strbuf *out)
{
	const struct tree_change *ch = j->change;

	switch (ch->status) {
	case 'A': strbuf_addstr(out, "added"); return;
	case 'D': strbuf_addstr(out, "deleted"); return;
	case 'T':
		strbuf_addf(out, "turned from a %s into a %s",
			    kind_of(ch->old_mode), kind_of(ch->new_mode));
		return;
	default: break;
	}
	if (!judging_is_file(ch->new_mode))
		strbuf_addf(out, "%s ", kind_of(ch->new_mode));
	strbuf_addstr(out, "modified");
	if (ch->old_mode != ch->new_mode)
		strbuf_addf(out, ", mode %o to %o", ch->old_mode & 0777,
			    ch->new_mode & 0777);
}

int judging_tell_unrecorded(struct judging *j, struct err *err)
{
	AUTO_LINE_CHANGES struct line_changes lines = LINE_CHANGES_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	const struct tree_change *ch = j->change;
	struct range at = { 0, 0 };

	add_event(j, &text);
	strbuf_addstr(&text, ch->status == 'D' ? ", and no entry says why"
					       : " and not recorded");
	if (j->old.too_large || j->now.too_large)
		strbuf_addstr(&text, " (too large for markers)");
	else if (is_binary(&j->old) || is_binary(&j->now))
		strbuf_addstr(&text, " (binary)");
	if (j->pairs.all_faults)
		strbuf_addstr(&text, ", its markers are not in order");
	if (ch->status == 'M' && j->old.text && j->now.text &&
	    find_changes(j, &lines, err) < 0)
		return err->code;
	add_ranges(&text, &lines);
	if (lines.nr)
		at = range_of(&lines.v[0]);
	add_finding(j, ch->status == 'D' ? DRIFT_NO_REASON : DRIFT_UNRECORDED,
		    at.first, at.last, text.buf);
	return 0;
}

/* Removed lines that did not stand where a pair is now. */
static size_t tell_removed(const struct judging *j, const struct line_change *c,
			   size_t told)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	if (marker_pairs_border(&j->pairs, c->new_start))
		return 0;
	strbuf_addf(&text, "%" PRIu32 " %s removed %s, outside the markers",
		    c->old_nr, c->old_nr == 1 ? "line" : "lines",
		    c->new_start ? "below" : "above");
	if (told < PLACES_MAX)
		add_finding(j, DRIFT_OUTSIDE_MARKERS, range_of(c).first, 0,
			    text.buf);
	return 1;
}

/* The parts of a changed range that are in no pair; how many. */
static size_t tell_outside(const struct judging *j, const struct line_change *c,
			   size_t told)
{
	struct range r = range_of(c);
	size_t nr = 0, line = r.first;

	if (!c->new_nr)
		return tell_removed(j, c, told);
	while (line <= r.last) {
		size_t first = line;

		while (line <= r.last && !marker_pairs_hold(&j->pairs, line))
			line++;
		if (line == first) {
			line++;
			continue;
		}
		if (told + nr++ < PLACES_MAX)
			add_finding(j, DRIFT_OUTSIDE_MARKERS, first, line - 1,
				    "changed outside the markers");
	}
	return nr;
}

int judging_tell_places(struct judging *j, struct err *err)
{
	AUTO_LINE_CHANGES struct line_changes lines = LINE_CHANGES_INIT;
	size_t told = 0;

	if (find_changes(j, &lines, err) < 0)
		return err->code;
	for (size_t i = 0; i < lines.nr; i++)
		told += tell_outside(j, &lines.v[i], told);
	/* The diff cannot see less; but if it did, the answer stays no. */
	if (!told)
		return judging_tell_unrecorded(j, err);
	if (told > PLACES_MAX) {
		AUTO_STRBUF struct strbuf text = STRBUF_INIT;

		strbuf_addf(&text,
			    "changed outside the markers in %zu more places",
			    told - PLACES_MAX);
		add_finding(j, DRIFT_OUTSIDE_MARKERS, 0, 0, text.buf);
	}
	return 0;
}
