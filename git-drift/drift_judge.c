#include "common/base/base.h"
#include "git-drift/drift_judge.h"

#include "common/git/tree_bytes.h"
#include "common/text/quote.h"
#include "git-drift/changed_lines.h"

/* git's own measure, in buffer_is_binary(). */
#define BINARY_BYTES 8000

/* Findings for one file; the rest is counted. */
#define PLACES_MAX 50

struct side {
	git_odb_object *object;
	struct marker_text t;
	bool text; /* neither binary nor too large; t is only set then */
	bool too_large;
};

static void side_release(struct side *s)
{
	git_odb_object_free(s->object);
}
#define AUTO_SIDE CLEANUP(side_release)

/* What is known of the change that is judged. */
struct judging {
	struct drift_check *check;
	git_odb *odb;
	const struct tree_change *change;
	struct side old, now;
	struct marker_pairs pairs; /* of now */
	enum drift_verdict verdict;
};

static void judging_release(struct judging *j)
{
	marker_pairs_release(&j->pairs);
	side_release(&j->old);
	side_release(&j->now);
}
#define AUTO_JUDGING CLEANUP(judging_release)

static bool is_file(uint32_t mode)
{
	return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

static int read_side(const struct judging *j, const git_oid *id, struct side *s,
		     struct err *err)
{
	git_object_t type;
	size_t len;
	int ret = git_odb_read_header(&len, &type, j->odb, id);

	if (!ret && len > DRIFT_TEXT_MAX) {
		s->too_large = true;
		return 0;
	}
	if (!ret)
		ret = git_odb_read(&s->object, j->odb, id);
	if (ret == GIT_ENOTFOUND)
		return object_missing(j->check->repo, id, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a file");
	s->t.text = git_odb_object_data(s->object);
	s->t.len = git_odb_object_size(s->object);
	s->text = !memchr(s->t.text, '\0',
			  s->t.len < BINARY_BYTES ? s->t.len : BINARY_BYTES);
	return 0;
}

/* Only what there are lines to compare with. */
static int read_old(struct judging *j, struct err *err)
{
	if (j->change->status == 'A')
		j->old = (struct side){ .t = { "", 0 }, .text = true };
	if (j->change->status != 'M' || !j->now.text)
		return 0;
	return read_side(j, &j->change->old_id, &j->old, err);
}

static bool is_binary(const struct side *s)
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

/* Markers. */

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

static void tell_markers(struct judging *j)
{
	for (size_t i = 0; i < j->pairs.nr_faults; i++)
		tell_fault(j, &j->pairs.faults[i]);
	tell_ids(j);
}

/* Changes that nothing explains. */

static void add_range(struct strbuf *out, size_t first, size_t last)
{
	strbuf_addf(out, "%zu", first);
	if (last > first)
		strbuf_addf(out, "-%zu", last);
}

/* "lines 3-5, 9 and 2 more places" */
static void add_ranges(struct strbuf *out, const struct changed_lines *c)
{
	const size_t shown = 4;
	bool one = c->nr == 1 && c->v[0].first == c->v[0].last;

	strbuf_addf(out, ": %s ", one ? "line" : "lines");
	for (size_t i = 0; i < c->nr && i < shown; i++) {
		if (i)
			strbuf_addstr(out, ", ");
		add_range(out, c->v[i].first ? c->v[i].first : 1,
			  c->v[i].last ? c->v[i].last : 1);
	}
	if (c->nr > shown)
		strbuf_addf(out, " and %zu more", c->nr - shown);
}

static const char *kind_of(uint32_t mode)
{
	return is_file(mode)		     ? "file"
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
	if (!is_file(ch->new_mode))
		strbuf_addf(out, "%s ", kind_of(ch->new_mode));
	strbuf_addstr(out, "modified");
	if (ch->old_mode != ch->new_mode)
		strbuf_addf(out, ", mode %o to %o", ch->old_mode & 0777,
			    ch->new_mode & 0777);
}

static int tell_unrecorded(struct judging *j, struct err *err)
{
	AUTO_CHANGED_LINES struct changed_lines lines = CHANGED_LINES_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	const struct tree_change *ch = j->change;
	bool texts = j->old.text && j->now.text;
	size_t first = 0, last = 0;

	add_event(j, &text);
	strbuf_addstr(&text, ch->status == 'D' ? ", and no entry says why"
					       : " and not recorded");
	if (j->old.too_large || j->now.too_large)
		strbuf_addstr(&text, " (too large for markers)");
	else if (is_binary(&j->old) || is_binary(&j->now))
		strbuf_addstr(&text, " (binary)");
	if (j->pairs.all_faults)
		strbuf_addstr(&text, ", its markers are not in order");
	if (ch->status == 'M' && texts &&
	    changed_lines_find(&lines, &j->old.t, &j->now.t, err) < 0)
		return err->code;
	if (lines.nr) {
		add_ranges(&text, &lines);
		first = lines.v[0].first ? lines.v[0].first : 1;
		last = lines.v[0].last;
	}
	add_finding(j, ch->status == 'D' ? DRIFT_NO_REASON : DRIFT_UNRECORDED,
		    first, last, text.buf);
	return 0;
}

/* The parts of a changed range that are in no pair; how many. */
static size_t tell_outside(const struct judging *j,
			   const struct changed_range *r, size_t told)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	size_t was = told, line = r->first;

	if (!r->added) {
		if (marker_pairs_border(&j->pairs, r->first))
			return 0;
		strbuf_addf(&text, "%zu %s removed below, outside the markers",
			    r->removed, r->removed == 1 ? "line" : "lines");
		if (told < PLACES_MAX)
			add_finding(j, DRIFT_OUTSIDE_MARKERS,
				    r->first ? r->first : 1, 0, text.buf);
		return 1;
	}
	while (line <= r->last) {
		size_t first = line;

		while (line <= r->last && !marker_pairs_hold(&j->pairs, line))
			line++;
		if (line == first) {
			line++;
			continue;
		}
		if (told++ < PLACES_MAX)
			add_finding(j, DRIFT_OUTSIDE_MARKERS, first, line - 1,
				    "changed outside the markers");
	}
	return told - was;
}

/* A text with good markers, and other lines changed than theirs. */
static int tell_places(struct judging *j, struct err *err)
{
	AUTO_CHANGED_LINES struct changed_lines lines = CHANGED_LINES_INIT;
	size_t told = 0;

	if (changed_lines_find(&lines, &j->old.t, &j->now.t, err) < 0)
		return err->code;
	for (size_t i = 0; i < lines.nr; i++)
		told += tell_outside(j, &lines.v[i], told);
	/* The diff cannot see less; but if it did, the answer stays no. */
	if (!told)
		return tell_unrecorded(j, err);
	if (told > PLACES_MAX) {
		AUTO_STRBUF struct strbuf text = STRBUF_INIT;

		strbuf_addf(&text,
			    "changed outside the markers in %zu more places",
			    told - PLACES_MAX);
		add_finding(j, DRIFT_OUTSIDE_MARKERS, 0, 0, text.buf);
	}
	return 0;
}

/* The entries for this file: one that is complete, and the reason of a 'D'. */
static bool is_recorded(const struct judging *j, bool *reasonless)
{
	const struct customizations *c = &j->check->customizations;
	const struct customization *e = customizations_find(c, j->change->path);

	*reasonless = false;
	for (; e && e < c->v + c->nr && !strcmp(e->path, j->change->path); e++) {
		if (!e->missing)
			return true;
		*reasonless |= (e->missing >> COLUMN_PROBLEM) & 1;
	}
	return false;
}

static int explain(struct judging *j, struct err *err)
{
	const struct tree_change *ch = j->change;
	bool same_mode = !ch->old_mode || ch->old_mode == ch->new_mode;

	if (read_old(j, err) < 0)
		return err->code;
	if (!same_mode || !j->pairs.nr || j->pairs.all_faults || !j->old.text ||
	    !j->now.text)
		return tell_unrecorded(j, err);
	if (!marker_pairs_cover(&j->pairs, &j->old.t, &j->now.t))
		return tell_places(j, err);
	j->verdict = DRIFT_COVERED;
	return 0;
}

int drift_judge(struct drift_check *c, git_odb *odb,
		const struct tree_change *change, enum drift_verdict *verdict,
		struct err *err)
{
	AUTO_JUDGING struct judging j = { .check = c,
					  .odb = odb,
					  .change = change };
	bool reasonless;

	/* Nobody can have put markers into what did not change. */
	if (is_file(change->new_mode) &&
	    !git_oid_equal(&change->old_id, &change->new_id) &&
	    read_side(&j, &change->new_id, &j.now, err) < 0)
		return err->code;
	if (j.now.text)
		marker_pairs_scan(&j.pairs, j.now.t.text, j.now.t.len,
				  c->settings->marker);
	if (is_recorded(&j, &reasonless))
		j.verdict = DRIFT_RECORDED;
	/* An entry without a reason is a finding where it stands. */
	else if (!(change->status == 'D' && reasonless) && explain(&j, err) < 0)
		return err->code;
	tell_markers(&j);
	*verdict = j.verdict;
	return 0;
}
