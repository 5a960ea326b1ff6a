#include "common/base/base.h"
#include "git-serversync/sign_hunt.h"

#include "common/base/mem.h"

#include <strings.h>

/* As git tells what is binary: a NUL this early. */
#define BINARY_LOOK 8000

/* 1: little, 2: big endian, 0: no UTF-16. */
static int utf16_order(const char *s, size_t len)
{
	size_t zeros[2] = { 0 }, look = len < 256 ? len & ~(size_t)1 : 256;

	if (len < 4)
		return 0;
	if (!memcmp(s, "\xff\xfe", 2))
		return 1;
	if (!memcmp(s, "\xfe\xff", 2))
		return 2;
	for (size_t i = 0; i < look; i++)
		zeros[i & 1] += !s[i];
	if (zeros[1] > look / 2 * 3 / 4 && !zeros[0])
		return 1;
	return zeros[0] > look / 2 * 3 / 4 && !zeros[1] ? 2 : 0;
}

/*
 * Signs are ASCII: of UTF-16 one byte of each pair is enough, and what is
 * beyond is "?". Lines stay lines.
 */
static const char *as_bytes(struct strbuf *out, const char *s, size_t *len)
{
	int order = utf16_order(s, *len);

	if (!order)
		return s;
	for (size_t i = 0; i + 1 < *len; i += 2) {
		char low = s[i + (order == 2)], high = s[i + (order == 1)];

		strbuf_addch(out, high || low < 0 ? '?' : low);
	}
	*len = out->len;
	return out->buf;
}

void sign_hunt_begin(struct sign_hunt *h, const struct sign_content *c)
{
	*h = (struct sign_hunt){ .path = c->path,
				 .len = c->len,
				 .old_len = c->old_len,
				 .plain = STRBUF_INIT,
				 .old_plain = STRBUF_INIT };
	h->s = as_bytes(&h->plain, c->s ? c->s : "", &h->len);
	if (c->old)
		h->old = as_bytes(&h->old_plain, c->old, &h->old_len);
	h->binary = memchr(h->s, '\0',
			   h->len < BINARY_LOOK ? h->len : BINARY_LOOK) != NULL;
}

void sign_hunt_end(struct sign_hunt *h)
{
	free(h->lines);
	strbuf_release(&h->plain);
	strbuf_release(&h->old_plain);
	*h = (struct sign_hunt){ 0 };
}

/* Lines. */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct sign_line trimmed(const char *s, const char *end)
{
	while (s < end && is_blank(*s))
		s++;
	while (end > s && is_blank(end[-1]))
		end--;
	return (struct sign_line){ s, (size_t)(end - s) };
}

static int by_bytes(const void *va, const void *vb)
{
	const struct sign_line *a = va, *b = vb;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->s, b->s, a->len);
}

static const char *line_end(const char *s, const char *end)
{
	const char *nl = memchr(s, '\n', (size_t)(end - s));

	return nl ? nl : end;
}

static void sort_old(struct sign_hunt *h)
{
	const char *p = h->old, *end = h->old + h->old_len;

	while (p < end) {
		const char *stop = line_end(p, end);

		ALLOC_GROW(h->lines, h->nr + 1, h->alloc);
		h->lines[h->nr++] = trimmed(p, stop);
		p = stop + 1;
	}
	if (h->nr)
		qsort(h->lines, h->nr, sizeof(*h->lines), by_bytes);
	h->sorted = true;
}

/* The answer is kept, as a line of a megabyte may hold many signs. */
static bool line_is_old(struct sign_hunt *h, const char *at)
{
	const char *start = at;
	struct sign_line line;

	if (!h->old)
		return false;
	if (h->seen && at >= h->seen && at < h->seen_end)
		return h->seen_old;
	if (!h->sorted)
		sort_old(h);
	while (start > h->s && start[-1] != '\n')
		start--;
	h->seen = start;
	h->seen_end = line_end(at, h->s + h->len);
	line = trimmed(start, h->seen_end);
	h->seen_old = !line.len ||
		      (h->nr && bsearch(&line, h->lines, h->nr,
					sizeof(*h->lines), by_bytes));
	return h->seen_old;
}

bool sign_found_block(struct sign_hunt *h, const struct sign_line *block,
		      const char *what)
{
	const char *at = block->s, *end = block->s + block->len;

	while (at < end && line_is_old(h, at))
		at = line_end(at, end) + 1;
	if (at >= end)
		return false;
	h->what = what;
	h->line = 1;
	for (const char *p = h->s; p < at; p++)
		h->line += *p == '\n';
	return true;
}

bool sign_found(struct sign_hunt *h, const char *at, const char *what)
{
	return sign_found_block(h, &(struct sign_line){ at, 1 }, what);
}

/* Text. */

bool sign_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

bool sign_starts(const char *s, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && !strncasecmp(s, with, n);
}

bool sign_ends(const char *s, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && !strncasecmp(s + len - n, with, n);
}

bool sign_equals(const char *s, size_t len, const char *what)
{
	return len == strlen(what) && !strncasecmp(s, what, len);
}

bool sign_contains(const char *s, size_t len, const char *what)
{
	size_t n = strlen(what);

	for (; len >= n; s++, len--)
		if (!strncasecmp(s, what, n))
			return true;
	return false;
}
