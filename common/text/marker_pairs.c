#include "common/base/base.h"
#include "common/text/marker_pairs.h"

#include "common/base/mem.h"

void marker_pairs_release(struct marker_pairs *mp)
{
	free(mp->v);
	free(mp->faults);
	*mp = (struct marker_pairs)MARKER_PAIRS_INIT;
}

/* ASCII alone, whatever the locale. */
static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static bool is_word(char c)
{
	return is_alnum(c) || c == '_';
}

struct marker {
	bool begin;
	const char *id;
	size_t id_len; /* at most MARKER_ID_MAX */
	bool too_long; /* there is more of it: it is no id */
	size_t line;
	size_t at;   /* the byte it begins at */
	size_t past; /* the byte behind its keyword */
};

struct scan {
	struct marker_pairs *out;
	const char *text;
	size_t len;
	const char *word;
	size_t word_len;
	size_t at;	/* where to look on */
	size_t line;	/* of the byte "counted" */
	size_t counted; /* newlines are counted up to here */
	size_t starts;	/* where that line begins */
	size_t ends;	/* where the line ends that was last asked for */
	size_t *open;	/* indexes of pairs without an END, outermost first */
	size_t nr_open, alloc_open;
};

static void add_fault(struct scan *s, enum marker_fault_kind kind,
		      const struct marker_fault *at)
{
	struct marker_pairs *out = s->out;

	if (out->all_faults++ >= MARKER_FAULTS_MAX)
		return;
	ALLOC_GROW(out->faults, out->nr_faults + 1, out->alloc_faults);
	out->faults[out->nr_faults] = *at;
	out->faults[out->nr_faults++].kind = kind;
}

static size_t line_of(struct scan *s, size_t at)
{
	const char *nl;

	while ((nl = memchr(s->text + s->counted, '\n', at - s->counted))) {
		s->counted = s->starts = (size_t)(nl - s->text) + 1;
		s->line++;
	}
	s->counted = at;
	return s->line;
}

/* The keyword behind "ZAJ:": its length, or 0. */
static size_t keyword(const struct scan *s, size_t at, bool *begin)
{
	static const char *const words[] = { "END", "BEGIN" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t len = strlen(words[i]), past = at + len;

		if (past > s->len || memcmp(s->text + at, words[i], len) != 0)
			continue;
		if (past < s->len && is_word(s->text[past]))
			continue;
		*begin = i == 1;
		return len;
	}
	return 0;
}

static void read_id(const struct scan *s, struct marker *m)
{
	size_t from = m->past, to;

	while (from < s->len && (s->text[from] == ' ' || s->text[from] == '\t'))
		from++;
	m->id = s->text + from;
	if (from == m->past || from == s->len || !is_alnum(s->text[from]))
		return;
	for (to = from; to < s->len; to++)
		if (!is_word(s->text[to]) && !strchr(".-", s->text[to]))
			break;
	while (!is_alnum(s->text[to - 1]))
		to--;
	m->too_long = to - from > MARKER_ID_MAX;
	m->id_len = m->too_long ? MARKER_ID_MAX : to - from;
}

static bool next_marker(struct scan *s, struct marker *m)
{
	const char *hit;

	while (s->at < s->len && (hit = memmem(s->text + s->at, s->len - s->at,
					       s->word, s->word_len))) {
		size_t at = (size_t)(hit - s->text), past = at + s->word_len;
		size_t len;

		s->at = at + 1;
		if ((at && is_word(s->text[at - 1])) || past >= s->len ||
		    s->text[past] != ':')
			continue;
		*m = (struct marker){ .at = at };
		len = keyword(s, past + 1, &m->begin);
		if (!len)
			continue;
		s->at = m->past = past + 1 + len;
		m->line = line_of(s, at);
		read_id(s, m);
		return true;
	}
	return false;
}

static struct marker_fault fault_at(const struct marker *m)
{
	return (struct marker_fault){ .id = m->id,
				      .id_len = m->id_len,
				      .line = m->line };
}

/*
 * The byte behind the line that holds "at". Kept, so that very many markers
 * on one very long line take no more time than as many on short ones.
 */
static size_t line_end(struct scan *s, size_t at)
{
	const char *nl;

	if (at >= s->ends) {
		nl = memchr(s->text + at, '\n', s->len - at);
		s->ends = nl ? (size_t)(nl - s->text) + 1 : s->len;
	}
	return s->ends;
}

static void begin_pair(struct scan *s, const struct marker *m)
{
	struct marker_fault fault = fault_at(m);
	struct marker_pairs *out = s->out;

	if (!m->id_len || m->too_long)
		add_fault(s, MARKER_NO_ID, &fault);
	if (s->nr_open) {
		fault.other = out->v[s->open[s->nr_open - 1]].first;
		add_fault(s, MARKER_NESTED, &fault);
	}
	ALLOC_GROW(s->open, s->nr_open + 1, s->alloc_open);
	s->open[s->nr_open++] = out->nr;
	ALLOC_GROW(out->v, out->nr + 1, out->alloc);
	/* line_of() has just been at this line. */
	out->v[out->nr++] = (struct marker_pair){
		.id = m->id,
		.id_len = m->id_len,
		.first = m->line,
		.start = s->starts,
	};
}

static bool same_id(const struct marker_pair *p, const struct marker *m)
{
	return p->id_len == m->id_len && !memcmp(p->id, m->id, m->id_len);
}

/* What is open at depth i has no END. */
static void leave_unclosed(struct scan *s, size_t i)
{
	const struct marker_pair *p = &s->out->v[s->open[i]];

	add_fault(s, MARKER_UNCLOSED,
		  &(struct marker_fault){
			  .id = p->id, .id_len = p->id_len, .line = p->first });
}

/*
 * An END with an id goes to the innermost pair of that id; not looked for
 * through any depth, as nothing but a better message depends on it.
 */
static size_t find_open(const struct scan *s, const struct marker *m)
{
	size_t depth = s->nr_open, tries = 8;

	if (!m->id_len)
		return depth;
	while (depth && tries-- && !m->too_long) {
		if (same_id(&s->out->v[s->open[depth - 1]], m))
			return depth;
		depth--;
	}
	return 0;
}

static void end_pair(struct scan *s, const struct marker *m)
{
	struct marker_fault fault = fault_at(m);
	struct marker_pair *p;
	size_t depth = find_open(s, m);

	if (!s->nr_open) {
		add_fault(s, MARKER_UNOPENED, &fault);
		return;
	}
	if (!depth) {
		depth = s->nr_open;
		fault.other = s->out->v[s->open[depth - 1]].first;
		add_fault(s, MARKER_OTHER_ID, &fault);
	}
	while (s->nr_open > depth)
		leave_unclosed(s, --s->nr_open);
	p = &s->out->v[s->open[--s->nr_open]];
	p->last = m->line;
	p->end = line_end(s, m->at);
}

static int by_line(const void *va, const void *vb)
{
	const struct marker_fault *a = va, *b = vb;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (int)a->kind - (int)b->kind;
}

void marker_pairs_scan(struct marker_pairs *mp, const char *text, size_t len,
		       const char *word)
{
	struct scan s = { .out = mp,
			  .text = text,
			  .len = len,
			  .word = word,
			  .word_len = strlen(word),
			  .line = 1 };
	struct marker m;

	while (s.word_len && next_marker(&s, &m)) {
		if (m.begin)
			begin_pair(&s, &m);
		else
			end_pair(&s, &m);
	}
	while (s.nr_open)
		leave_unclosed(&s, --s.nr_open);
	free(s.open);
	if (mp->nr_faults)
		qsort(mp->faults, mp->nr_faults, sizeof(*mp->faults), by_line);
}

/*
 * The first place at or behind "from", where a line of old begins, at which
 * "part" stands as whole lines; SIZE_MAX when there is none. "part" is whole
 * lines of another text, with a LF in front of them there.
 */
static size_t find_lines(const struct marker_text *old, size_t from,
			 const char *part, size_t len)
{
	const char *hit;

	if (len > old->len - from)
		return SIZE_MAX;
	if (!memcmp(old->text + from, part, len))
		return from;
	if (!from)
		from = 1;
	/* With the LF in front of it, it can only begin a line. */
	hit = memmem(old->text + from - 1, old->len - from + 1, part - 1,
		     len + 1);
	return hit ? (size_t)(hit - old->text) + 1 : SIZE_MAX;
}

/* What is behind the last pair must be the end of old. */
static bool ends_with(const struct marker_text *old, size_t from,
		      const char *part, size_t len)
{
	size_t at;

	if (len > old->len - from)
		return false;
	at = old->len - len;
	if (at && len && old->text[at - 1] != '\n')
		return false;
	return !memcmp(old->text + at, part, len);
}

/*
 * What is between the pairs must stand in the old text in the same order,
 * beginning and ending with it; taking the first place that fits is right, as
 * it leaves most to what follows.
 */
bool marker_pairs_cover(const struct marker_pairs *mp,
			const struct marker_text *old,
			const struct marker_text *text)
{
	size_t done, at; /* how far in text, and in old */

	if (mp->all_faults)
		return false;
	if (!mp->nr)
		return old->len == text->len &&
		       !memcmp(old->text, text->text, old->len);
	at = mp->v[0].start;
	if (at > old->len || memcmp(old->text, text->text, at) != 0)
		return false;
	done = mp->v[0].end;
	for (size_t i = 1; i < mp->nr; i++) {
		const struct marker_pair *p = &mp->v[i];

		if (p->start > done) {
			size_t len = p->start - done;

			at = find_lines(old, at, text->text + done, len);
			if (at == SIZE_MAX)
				return false;
			at += len;
		}
		done = p->end;
	}
	return ends_with(old, at, text->text + done, text->len - done);
}

/* The last pair that begins at or above the line, or NULL. */
static const struct marker_pair *pair_above(const struct marker_pairs *mp,
					    size_t line)
{
	size_t lo = 0, hi = mp->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (mp->v[mid].first <= line)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? &mp->v[lo - 1] : NULL;
}

bool marker_pairs_hold(const struct marker_pairs *mp, size_t line)
{
	const struct marker_pair *p = pair_above(mp, line);

	return p && p->last >= line;
}

bool marker_pairs_border(const struct marker_pairs *mp, size_t line)
{
	return marker_pairs_hold(mp, line) || marker_pairs_hold(mp, line + 1);
}
