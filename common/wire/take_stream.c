#include "common/base/base.h"
#include "common/wire/take_stream.h"

#include "common/base/num.h"

#include <endian.h>

void take_want_format(const struct take_want *w, struct strbuf *out)
{
	char oid[OID_HEXSZ + 1], old[OID_HEXSZ + 1] = "-";

	oid_to_hex(&w->oid, oid);
	if (w->has_old)
		oid_to_hex(&w->old, old);
	strbuf_addf(out, "%s %s %" PRIu64 " %c %s", oid, old, w->size,
		    w->is_link ? 'l' : 'f', w->path);
}

/* Up to the blank behind it, which must be there. */
static const char *take_old(const char *s, struct take_want *w)
{
	if (*s == '-')
		return s[1] == ' ' ? s + 2 : NULL;
	if (oid_from_hex(s, &w->old) < 0 || s[OID_HEXSZ] != ' ')
		return NULL;
	w->has_old = true;
	return s + OID_HEXSZ + 1;
}

static int parse_want(const char *s, struct take_want *w)
{
	size_t digits;

	if (oid_from_hex(s, &w->oid) < 0 || s[OID_HEXSZ] != ' ')
		return -1;
	s = take_old(s + OID_HEXSZ + 1, w);
	if (!s)
		return -1;
	digits = strcspn(s, " ");
	if (num_parse_u64(s, digits, &w->size) < 0 || w->size > TAKE_FILE_MAX)
		return -1;
	s += digits;
	if (s[0] != ' ' || (s[1] != 'f' && s[1] != 'l') || s[2] != ' ' || !s[3])
		return -1;
	w->is_link = s[1] == 'l';
	w->path = s + 3;
	return w->is_link && w->size >= PATH_MAX ? -1 : 0;
}

int take_want_parse(const char *text, struct take_want *w, struct err *err)
{
	*w = (struct take_want){ 0 };
	return parse_want(text, w) < 0
		       ? err_set(err, ERR_FAILED,
				 "what is to be taken is not in order")
		       : 0;
}

static void add_u32(struct strbuf *out, uint32_t n)
{
	n = htole32(n);
	strbuf_add(out, &n, sizeof(n));
}

void take_frame_head(struct strbuf *out, const struct take_head *head)
{
	add_u32(out, head->wants);
	add_u32(out, head->olds);
	for (uint32_t i = 0; i < head->olds; i++)
		add_u32(out, head->which[i]);
}

void take_frame_data(struct strbuf *out, const char *data, size_t len)
{
	while (len) {
		size_t n = len < TAKE_CHUNK_MAX ? len : TAKE_CHUNK_MAX;

		add_u32(out, (uint32_t)n);
		strbuf_add(out, data, n);
		data += n;
		len -= n;
	}
}

void take_frame_end(struct strbuf *out)
{
	add_u32(out, 0);
}
