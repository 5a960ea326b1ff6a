#include "common/base/base.h"
#include "common/text/deployer_log.h"

#include "common/text/relpath.h"

#define VALUE_MAX 256

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/*
 * A string, or a plain word; NULL when it is neither. One that is too long, or
 * has escapes other than those of a character by itself, comes out empty: no
 * id, tag or branch needs them.
 */
static const char *take_value(const char *p, const char *end, char out[VALUE_MAX])
{
	bool quoted = p < end && *p == '"', odd = false;
	size_t n = 0;

	for (p += quoted; p < end; p++) {
		if (quoted ? *p == '"' : strchr(",: {}[]\t\r", *p) != NULL)
			break;
		if (*p == '\\') {
			if (++p == end)
				return NULL;
			odd |= *p != '"' && *p != '\\' && *p != '/';
		}
		odd |= !*p || n + 1 >= VALUE_MAX;
		if (!odd)
			out[n++] = *p;
	}
	out[odd ? 0 : n] = '\0';
	if (quoted)
		return p < end ? p + 1 : NULL;
	return n ? p : NULL;
}

struct line {
	char release[VALUE_MAX], revision[VALUE_MAX], target[VALUE_MAX];
};

/* "key": value; the end of it, or NULL. */
static const char *take_member(const char *p, const char *end, struct line *l)
{
	char key[VALUE_MAX], value[VALUE_MAX];

	p = take_value(p, end, key);
	p = p ? skip_blanks(p, end) : NULL;
	if (!p || p == end || *p != ':')
		return NULL;
	p = take_value(skip_blanks(p + 1, end), end, value);
	if (!p)
		return NULL;
	if (!strcmp(key, "release_name"))
		memcpy(l->release, value, sizeof(value));
	else if (!strcmp(key, "revision"))
		memcpy(l->revision, value, sizeof(value));
	else if (!strcmp(key, "target"))
		memcpy(l->target, value, sizeof(value));
	return skip_blanks(p, end);
}

static bool take_line(const char *p, const char *end, struct line *l)
{
	memset(l, 0, sizeof(*l));
	p = skip_blanks(p, end);
	if (p == end || *p++ != '{')
		return false;
	for (;;) {
		p = take_member(skip_blanks(p, end), end, l);
		if (!p || p == end)
			return false;
		if (*p == '}')
			return skip_blanks(p + 1, end) == end;
		if (*p++ != ',')
			return false;
	}
}

static bool is_commit(const char *s)
{
	struct oid oid;

	return strlen(s) == OID_HEXSZ && !oid_from_hex(s, &oid);
}

static void fill(const struct line *l, struct deployer_release *out)
{
	memset(out, 0, sizeof(*out));
	if (is_commit(l->revision))
		memcpy(out->revision, l->revision, OID_HEXSZ + 1);
	else if (is_commit(l->target))
		memcpy(out->revision, l->target, OID_HEXSZ + 1);
	if (!text_control_character(l->target, ""))
		memcpy(out->target, l->target, sizeof(out->target));
}

bool deployer_log_find(const char *text, size_t len, const char *release,
		       struct deployer_release *out)
{
	const char *end = text + len;
	bool found = false;

	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		const char *stop = nl ? nl : end;
		struct line l;

		if (take_line(text, stop, &l) && !strcmp(l.release, release)) {
			fill(&l, out);
			found = true;
		}
		text = stop + (nl != NULL);
	}
	return found;
}
