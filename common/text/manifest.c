#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/text/manifest.h"
#include "common/text/quote.h"

/* "100644 blob ", 40 digits, a blank and at least 7 columns of size. */
#define OID_AT	     12
#define SIZE_AT	     (OID_AT + OID_HEXSZ + 1)
#define SIZE_COLUMNS 7
#define ENTRY_MIN    (SIZE_AT + SIZE_COLUMNS + 2)

void manifest_release(struct manifest *m)
{
	strbuf_release(&m->raw);
	free(m->entries);
	*m = (struct manifest)MANIFEST_INIT;
}

static int parse_mode(const char *s, uint32_t *mode)
{
	if (!memcmp(s, "100644 blob ", OID_AT))
		*mode = MANIFEST_FILE;
	else if (!memcmp(s, "100755 blob ", OID_AT))
		*mode = MANIFEST_EXECUTABLE;
	else if (!memcmp(s, "120000 blob ", OID_AT))
		*mode = MANIFEST_SYMLINK;
	else
		return -1;
	return 0;
}

/* The size column and its tab; returns what follows them, or NULL. */
static const char *parse_size(const char *s, const char *end, uint64_t *size)
{
	const char *start = s, *digits;

	while (s < end && *s == ' ')
		s++;
	digits = s;
	*size = 0;
	while (s < end && *s >= '0' && *s <= '9') {
		*size = *size * 10 + (uint64_t)(*s++ - '0');
		if (*size > MANIFEST_MAX_FILESIZE)
			return NULL;
	}
	if (s == digits || s == end || *s != '\t')
		return NULL;
	if (*digits == '0' && s - digits > 1)
		return NULL;
	/* Padded to the width, and no further. */
	if (s - start < SIZE_COLUMNS ||
	    (s - start > SIZE_COLUMNS && digits != start))
		return NULL;
	return s + 1;
}

static bool component_ok(const char *s, size_t len)
{
	if (!len || len > 255)
		return false;
	if (s[0] != '.')
		return true;
	if (len == 1 || (len == 2 && s[1] == '.'))
		return false;
	return len != 4 || strncasecmp(s, ".git", 4);
}

/* Looks at the components from "from" on; earlier ones are known. */
static bool components_ok(const char *path, size_t len, size_t from)
{
	size_t deep = 0;

	/* A shorter one has no room for that many. */
	for (size_t i = 0; len > 2 * MANIFEST_MAX_DEPTH && i < len; i++)
		deep += path[i] == '/';
	while (from <= len && deep <= MANIFEST_MAX_DEPTH) {
		const char *slash = memchr(path + from, '/', len - from);
		size_t end = slash ? (size_t)(slash - path) : len;

		if (!component_ok(path + from, end - from))
			return false;
		from = end + 1;
	}
	return deep <= MANIFEST_MAX_DEPTH;
}

bool manifest_path_ok(const char *path, size_t len)
{
	return len <= MANIFEST_MAX_PATH && !memchr(path, '\0', len) &&
	       components_ok(path, len, 0);
}

static int bad_entry(struct err *err, size_t nr, const char *path, size_t len,
		     const char *why)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_path(&shown, path, len > 4096 ? 4096 : len, true);
	return err_set(err, ERR_FAILED, "manifest entry %zu, '%s': %s", nr + 1,
		       shown.buf, why);
}

/*
 * Everything before an entry's path. Returns the path's start, or NULL.
 * "end" is the entry's NUL.
 */
static const char *parse_head(const char *s, const char *end,
			      struct manifest_entry *e)
{
	if ((size_t)(end - s) < ENTRY_MIN - 1 || parse_mode(s, &e->mode) < 0 ||
	    oid_from_hex(s + OID_AT, &e->oid) < 0 || s[SIZE_AT - 1] != ' ')
		return NULL;
	return parse_size(s + SIZE_AT, end, &e->size);
}

/*
 * What the order of paths depends on. A file whose path begins another one
 * stays on the stack while those it begins go by: they all follow it directly,
 * so that "a", "a-b", "a/b" is seen to hold "a" twice.
 */
struct order {
	const char *prev;
	size_t prev_len;
	size_t depth;
	uint16_t begins[MANIFEST_MAX_PATH + 1]; /* lengths, ascending */
};

static size_t shared_length(const struct order *o, const char *path, size_t len)
{
	size_t max = len < o->prev_len ? len : o->prev_len;
	size_t i = 0;

	while (i + 8 <= max && !memcmp(o->prev + i, path + i, 8))
		i += 8;
	while (i < max && o->prev[i] == path[i])
		i++;
	return i;
}

static const char *check_path(struct order *o, const char *path, size_t len)
{
	size_t shared, from;

	if (!len)
		return "empty path";
	if (len > MANIFEST_MAX_PATH)
		return "path too long";
	shared = o->prev ? shared_length(o, path, len) : 0;
	if (o->prev &&
	    (shared == len ||
	     (shared < o->prev_len &&
	      (unsigned char)path[shared] < (unsigned char)o->prev[shared])))
		return "not in ascending order";
	while (o->depth && o->begins[o->depth - 1] > shared)
		o->depth--;
	if (o->depth && o->begins[o->depth - 1] == shared && path[shared] == '/')
		return "its directory is a file";

	/* What comes before the first differing component was checked. */
	for (from = shared; from && path[from - 1] != '/';)
		from--;
	if (!components_ok(path, len, from))
		return "not a path that can be checked out";

	o->begins[o->depth++] = (uint16_t)len;
	o->prev = path;
	o->prev_len = len;
	return NULL;
}

static int parse_entry(struct manifest *m, struct order *order, const char *s,
		       const char *end, struct err *err)
{
	struct manifest_entry *e;
	const char *path, *why;

	if (m->nr == MANIFEST_MAX_ENTRIES)
		return err_set(err, ERR_FAILED,
			       "manifest has more than %zu entries",
			       MANIFEST_MAX_ENTRIES);
	ALLOC_GROW(m->entries, m->nr + 1, m->alloc);
	e = &m->entries[m->nr];
	path = parse_head(s, end, e);
	if (!path)
		return bad_entry(err, m->nr, s, (size_t)(end - s), "malformed");
	e->path = path;
	e->path_len = (uint32_t)(end - path);
	why = check_path(order, path, (size_t)(end - path));
	if (why)
		return bad_entry(err, m->nr, path, (size_t)(end - path), why);
	m->nr++;
	return 0;
}

static int parse_all(struct manifest *m, struct err *err)
{
	AUTO_FREE struct order *order = xcalloc(1, sizeof(*order));
	const char *s = m->raw.buf, *end = s + m->raw.len;
	int ret;

	if (m->raw.len > MANIFEST_MAX_BYTES)
		return err_set(err, ERR_FAILED, "manifest is too large");
	while (s < end) {
		/* The path cannot start before ENTRY_MIN - 1. */
		const char *nul = memchr(s, '\0', (size_t)(end - s));

		if (!nul)
			return err_set(err, ERR_FAILED,
				       "manifest ends within entry %zu",
				       m->nr + 1);
		ret = parse_entry(m, order, s, nul, err);
		if (ret < 0)
			return ret;
		s = nul + 1;
	}
	return 0;
}

int manifest_parse(struct manifest *m, struct strbuf *raw, struct err *err)
{
	int ret;

	strbuf_swap(&m->raw, raw);
	strbuf_release(raw);
	ret = parse_all(m, err);
	if (ret < 0)
		manifest_release(m);
	return ret;
}

int manifest_format_entry(struct strbuf *out, const struct manifest_entry *e)
{
	char head[ENTRY_MIN + 32], hex[OID_HEXSZ + 1];
	size_t start = out->len;
	int n;

	n = snprintf(head, sizeof(head), "%06o blob %s %*" PRIu64 "\t", e->mode,
		     oid_to_hex(&e->oid, hex), SIZE_COLUMNS, e->size);
	if (strbuf_add(out, head, (size_t)n) < 0)
		return -1;
	if (strbuf_add(out, e->path, e->path_len) < 0 ||
	    strbuf_addch(out, '\0') < 0) {
		strbuf_setlen(out, start);
		return -1;
	}
	return 0;
}
