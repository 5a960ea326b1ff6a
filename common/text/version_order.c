#include "common/base/base.h"
#include "common/text/version_order.h"

#define DIGITS "0123456789"
#define WORDS                                                                  \
	DIGITS "-abcdefghijklmnopqrstuvwxyz"                                   \
	       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* The part of a version that is looked at, and where it ends. */
struct piece {
	const char *p, *end;
};

/* Dot-separated, none of them empty: where the list ends, or NULL. */
static const char *skip_list(const char *p, const char *of)
{
	for (;;) {
		size_t n = strspn(p, of);

		if (!n)
			return NULL;
		p += n;
		if (*p != '.')
			return p;
		p++;
	}
}

static bool split(const char *version, struct piece *core, struct piece *pre)
{
	const char *p = skip_list(version, DIGITS);

	if (!p)
		return false;
	*core = (struct piece){ version, p };
	*pre = (struct piece){ p, p };
	if (*p == '-') {
		pre->p = p + 1;
		p = pre->end = skip_list(pre->p, WORDS);
		if (!p)
			return false;
	}
	if (*p == '+')
		p = skip_list(p + 1, WORDS);
	return p && !*p;
}

bool version_has_order(const char *version)
{
	struct piece core, pre;

	return split(version, &core, &pre);
}

/* Cuts off what stands before the next dot; empty at the end. */
static struct piece next(struct piece *list)
{
	const char *dot = memchr(list->p, '.', (size_t)(list->end - list->p));
	struct piece one = { list->p, dot ? dot : list->end };

	list->p = dot ? dot + 1 : list->end;
	return one;
}

static int compare_bytes(struct piece a, struct piece b)
{
	size_t m = (size_t)(a.end - a.p), n = (size_t)(b.end - b.p);
	int order = memcmp(a.p, b.p, m < n ? m : n);

	return order ? order : (m > n) - (m < n);
}

static int compare_numbers(struct piece a, struct piece b)
{
	ptrdiff_t m, n;

	while (a.p < a.end && *a.p == '0')
		a.p++;
	while (b.p < b.end && *b.p == '0')
		b.p++;
	m = a.end - a.p;
	n = b.end - b.p;
	return m == n ? compare_bytes(a, b) : (m > n) - (m < n);
}

static bool is_number(struct piece word)
{
	while (word.p < word.end && *word.p >= '0' && *word.p <= '9')
		word.p++;
	return word.p == word.end;
}

/* Numbers come before words. */
static int compare_words(struct piece a, struct piece b)
{
	bool a_is = is_number(a), b_is = is_number(b);

	if (a_is && b_is)
		return compare_numbers(a, b);
	return a_is == b_is ? compare_bytes(a, b) : b_is - a_is;
}

static bool is_left(struct piece list)
{
	return list.p < list.end;
}

/* One that has no words is later than any that has: 1.0.0-rc.1, 1.0.0. */
static int compare_pre(struct piece a, struct piece b)
{
	int order = 0;

	if (!is_left(a) || !is_left(b))
		return is_left(b) - is_left(a);
	while (!order && is_left(a) && is_left(b))
		order = compare_words(next(&a), next(&b));
	return order ? order : is_left(a) - is_left(b);
}

int version_compare(const char *a, const char *b)
{
	struct piece core_a, core_b, pre_a, pre_b;
	int order = 0;

	if (!split(a, &core_a, &pre_a) || !split(b, &core_b, &pre_b))
		return strcmp(a, b);
	while (!order && (is_left(core_a) || is_left(core_b)))
		order = compare_numbers(next(&core_a), next(&core_b));
	return order ? order : compare_pre(pre_a, pre_b);
}
