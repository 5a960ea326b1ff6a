#include "common/base/base.h"
#include "common/base/strbuf.h"
#include "common/base/mem.h"

char strbuf_empty[1];

int strbuf_grow(struct strbuf *sb, size_t extra)
{
	size_t want, alloc;
	char *p;

	if (extra > SIZE_MAX / 2 - sb->len - 1)
		mem_exhausted();
	want = sb->len + extra;
	if (sb->max && want > sb->max)
		return -1;
	if (want < sb->alloc)
		return 0;

	alloc = sb->alloc + sb->alloc / 2 + 32;
	if (alloc < want + 1)
		alloc = want + 1;
	p = xreallocarray(sb->alloc ? sb->buf : NULL, alloc, 1);
	p[sb->len] = '\0';
	sb->buf = p;
	sb->alloc = alloc;
	return 0;
}

void strbuf_release(struct strbuf *sb)
{
	if (sb->alloc)
		free(sb->buf);
	*sb = (struct strbuf)STRBUF_INIT;
}

void strbuf_limit(struct strbuf *sb, size_t max)
{
	sb->max = max;
}

int strbuf_add(struct strbuf *sb, const void *data, size_t len)
{
	if (strbuf_grow(sb, len) < 0)
		return -1;
	if (len)
		memcpy(sb->buf + sb->len, data, len);
	sb->len += len;
	sb->buf[sb->len] = '\0';
	return 0;
}

int strbuf_addch(struct strbuf *sb, int c)
{
	char byte = (char)c;

	return strbuf_add(sb, &byte, 1);
}

int strbuf_addstr(struct strbuf *sb, const char *s)
{
	return strbuf_add(sb, s, strlen(s));
}

int strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap)
{
	va_list measure;
	int need;

	va_copy(measure, ap);
	need = vsnprintf(NULL, 0, fmt, measure);
	va_end(measure);
	if (need < 0 || strbuf_grow(sb, (size_t)need) < 0)
		return -1;
	if (need)
		vsnprintf(sb->buf + sb->len, (size_t)need + 1, fmt, ap);
	sb->len += (size_t)need;
	return 0;
}

int strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = strbuf_vaddf(sb, fmt, ap);
	va_end(ap);
	return ret;
}

void strbuf_reset(struct strbuf *sb)
{
	sb->len = 0;
	if (sb->alloc)
		sb->buf[0] = '\0';
}

void strbuf_setlen(struct strbuf *sb, size_t len)
{
	if (len < sb->len) {
		sb->len = len;
		sb->buf[len] = '\0';
	}
}

void strbuf_remove(struct strbuf *sb, size_t len)
{
	if (len > sb->len)
		len = sb->len;
	if (!len)
		return;
	memmove(sb->buf, sb->buf + len, sb->len - len + 1);
	sb->len -= len;
}

void strbuf_swap(struct strbuf *a, struct strbuf *b)
{
	struct strbuf t = *a;

	*a = *b;
	*b = t;
}

char *strbuf_detach(struct strbuf *sb)
{
	char *owned;

	(void)strbuf_grow(sb, 0); /* adds nothing, so never over max */
	owned = sb->buf;
	*sb = (struct strbuf)STRBUF_INIT;
	return owned;
}
