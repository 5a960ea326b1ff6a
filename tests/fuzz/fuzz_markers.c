#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/text/marker_pairs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void check_pairs(const struct marker_pairs *mp, const char *text,
			size_t len)
{
	const struct marker_pair *p = mp->v;

	check(!mp->nr_faults == !mp->all_faults);
	check(mp->nr_faults <= MARKER_FAULTS_MAX);
	for (size_t i = 1; i < mp->nr_faults; i++)
		check(mp->faults[i - 1].line <= mp->faults[i].line);
	for (size_t i = 0; i < mp->nr && !mp->all_faults; i++, p++) {
		check(p->id_len && p->id >= text &&
		      p->id + p->id_len <= text + len);
		check(p->first <= p->last && p->start < p->end && p->end <= len);
		check(!p->start || text[p->start - 1] == '\n');
		check(p->end == len || text[p->end - 1] == '\n');
		check(!i || p[-1].last <= p->first);
	}
}

struct line {
	const char *text;
	size_t len;
};

static size_t split(const char *text, size_t len, struct line **out)
{
	size_t nr = 0, at = 0;

	*out = xcalloc(len + 1, sizeof(**out));
	while (at < len) {
		const char *nl = memchr(text + at, '\n', len - at);
		size_t end = nl ? (size_t)(nl - text) + 1 : len;

		(*out)[nr++] = (struct line){ text + at, end - at };
		at = end;
	}
	return nr;
}

/*
 * The definition, tried the slow way: reach[j] says that the first j lines of
 * old can be had from the lines of text seen so far, where a run of lines in
 * pairs stands for any lines.
 */
static bool covers(const struct marker_pairs *mp, const struct marker_text *old,
		   const struct marker_text *text)
{
	struct line *a, *b;
	size_t na = split(old->text, old->len, &a);
	size_t nb = split(text->text, text->len, &b);
	bool *reach = xcalloc(na + 1, sizeof(*reach)), result;

	reach[0] = true;
	for (size_t i = 0; i < nb; i++) {
		bool any = false, last = false;

		for (size_t j = 0; j <= na; j++) {
			bool was = reach[j];

			any |= was;
			reach[j] = marker_pairs_hold(mp, i + 1)
					   ? any
					   : j && last &&
						     a[j - 1].len == b[i].len &&
						     !memcmp(a[j - 1].text,
							     b[i].text, b[i].len);
			last = was;
		}
	}
	result = reach[na];
	free(reach);
	free(a);
	free(b);
	return result;
}

/* The old text, a byte 0xff, the new one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_MARKER_PAIRS struct marker_pairs mp = MARKER_PAIRS_INIT;
	const char *all = (const char *)data;
	const char *cut = size ? memchr(all, 0xff, size) : NULL;
	struct marker_text old = { "", 0 }, text = { all, size };

	if (!size || size > 4096)
		return 0;
	if (cut) {
		old = (struct marker_text){ all, (size_t)(cut - all) };
		text = (struct marker_text){ cut + 1, size - old.len - 1 };
	}
	marker_pairs_scan(&mp, text.text, text.len, "Z");
	check_pairs(&mp, text.text, text.len);
	check(marker_pairs_cover(&mp, &old, &text) ==
	      (!mp.all_faults && covers(&mp, &old, &text)));
	return 0;
}
