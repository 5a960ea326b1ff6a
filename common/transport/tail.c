#include "common/base/base.h"
#include "common/text/quote.h"
#include "common/transport/tail.h"

void tail_init(struct tail *t)
{
	pthread_mutex_init(&t->lock, NULL);
	t->len = 0;
}

void tail_destroy(struct tail *t)
{
	pthread_mutex_destroy(&t->lock);
}

void tail_add(struct tail *t, const char *data, size_t len)
{
	if (len > TAIL_MAX) {
		data += len - TAIL_MAX;
		len = TAIL_MAX;
	}
	pthread_mutex_lock(&t->lock);
	if (t->len + len > TAIL_MAX) {
		size_t drop = t->len + len - TAIL_MAX;

		memmove(t->bytes, t->bytes + drop, t->len - drop);
		t->len -= drop;
	}
	memcpy(t->bytes + t->len, data, len);
	t->len += len;
	pthread_mutex_unlock(&t->lock);
}

/* Line by line, so that the line breaks themselves stay. */
static void add_lines(const char *s, size_t len, struct strbuf *out)
{
	while (len) {
		const char *nl = memchr(s, '\n', len);
		size_t line = nl ? (size_t)(nl - s) : len;
		size_t shown = line && s[line - 1] == '\r' ? line - 1 : line;

		quote_text(out, s, shown);
		if (!nl)
			return;
		strbuf_addch(out, '\n');
		s += line + 1;
		len -= line + 1;
	}
}

static void strip_end(struct strbuf *sb)
{
	while (sb->len && strchr(" \n", sb->buf[sb->len - 1]))
		strbuf_setlen(sb, sb->len - 1);
}

void tail_show(struct tail *t, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	pthread_mutex_lock(&t->lock);
	add_lines(t->bytes, t->len, &text);
	pthread_mutex_unlock(&t->lock);
	strip_end(&text);
	strbuf_add(out, text.buf, text.len);
}

void tail_show_last(struct tail *t, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	const char *nl;

	tail_show(t, &text);
	nl = strrchr(text.buf, '\n');
	strbuf_addstr(out, nl ? nl + 1 : text.buf);
}
