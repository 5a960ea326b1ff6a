#include "common/base/base.h"
#include "common/wire/scan_report.h"

#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/text/ledger_line.h"
#include "common/text/relpath.h"
#include "common/wire/index_file.h"
#include "common/wire/packed.h"

#define MAGIC	   "git-release scan 1\n"
#define TARGET_MAX 255

static const char *const kinds[] = { "sealed", "foreign", "plain" };
static const char *const keepers[] = { "nobody", "server", "client" };

static const struct {
	char letter;
	int why;
	const char *text;
} reasons[] = {
	{ 'o', 0, "cannot be read" },
	{ 'p', EACCES, "permission denied" },
	{ 'p', EPERM, "permission denied" },
	{ 'm', EXDEV, "something is mounted there" },
	{ 'c', EBADMSG, "changed while it was read" },
	{ 'l', ENAMETOOLONG, "lies too deep" },
};

void scan_report_release(struct scan_report *r)
{
	free(r->release);
	free(r->target);
	release_index_release(&r->entries);
	strvec_release(&r->unknown);
	strvec_release(&r->unknown_why);
	*r = (struct scan_report)SCAN_REPORT_INIT;
}

static void add_unknown(struct scan_report *r, const char *path, size_t reason)
{
	strvec_push(&r->unknown, path);
	strvec_push(&r->unknown_why, reasons[reason].text);
}

void scan_report_add_unknown(struct scan_report *r, const char *path, int why)
{
	size_t i = ARRAY_SIZE(reasons) - 1;

	while (i && reasons[i].why != why)
		i--;
	add_unknown(r, path, i);
}

static char letter_of(const char *text)
{
	size_t i = ARRAY_SIZE(reasons) - 1;

	while (i && strcmp(reasons[i].text, text) != 0)
		i--;
	return reasons[i].letter;
}

static void write_head(const struct scan_report *r, struct strbuf *out)
{
	strbuf_addstr(out, MAGIC);
	strbuf_addf(out, "kind %s\nrelease %s\nrevision %s\ntarget %s\n",
		    kinds[r->kind], r->release, r->revision, r->target);
	strbuf_addf(out, "looked %" PRIu64 "\nread %" PRIu64 "\nkeeps %s\n",
		    r->looked, r->read, keepers[r->keeper]);
	strbuf_addf(out, "base %s\nunknown %zu\n", r->base, r->unknown.nr);
	for (size_t i = 0; i < r->unknown.nr; i++) {
		strbuf_addch(out, letter_of(r->unknown_why.v[i]));
		strbuf_add(out, r->unknown.v[i], strlen(r->unknown.v[i]) + 1);
	}
}

int scan_report_encode(const struct scan_report *r, const struct strbuf *index,
		       struct strbuf *out, struct err *err)
{
	AUTO_STRBUF struct strbuf head = STRBUF_INIT;

	write_head(r, &head);
	return packed_add(&head, index, out, err);
}

static int out_of_order(struct err *err)
{
	return err_set(err, ERR_FAILED, "the scan's answer is not in order");
}

/* "<key> <value>" up to the end of the line, NULed; NULL when it is not that. */
static char *take_line(struct strbuf *raw, size_t *at, const char *key)
{
	size_t len = strlen(key);
	char *line = raw->buf + *at;
	char *end = memchr(line, '\n', raw->len - *at);

	if (!end || memchr(line, '\0', (size_t)(end - line)) ||
	    strncmp(line, key, len) != 0 || line[len] != ' ')
		return NULL;
	*end = '\0';
	*at += (size_t)(end - line) + 1;
	return line + len + 1;
}

static int take_word(struct strbuf *raw, size_t *at, const char *key,
		     const char *const words[3])
{
	const char *s = take_line(raw, at, key);

	for (int i = 0; s && i < 3; i++)
		if (!strcmp(s, words[i]))
			return i;
	return -1;
}

static int take_u64(struct strbuf *raw, size_t *at, const char *key, uint64_t *n)
{
	const char *s = take_line(raw, at, key);

	return s ? num_parse_u64(s, strlen(s), n) : -1;
}

/* So many lower-case hex digits, or none. */
static int take_hex(struct strbuf *raw, size_t *at, const char *key, char *out,
		    size_t digits)
{
	const char *s = take_line(raw, at, key);
	size_t len = s ? strlen(s) : 0;

	if (!s || (len && len != digits) || strspn(s, "0123456789abcdef") != len)
		return -1;
	memcpy(out, s, len + 1);
	return 0;
}

static int take_names(struct scan_report *r, struct strbuf *raw, size_t *at)
{
	const char *s = take_line(raw, at, "release");

	if (!s || (r->kind == SCAN_PLAIN ? *s : !release_id_ok(s)))
		return -1;
	r->release = xstrdup(s);
	if (take_hex(raw, at, "revision", r->revision, OID_HEXSZ) < 0)
		return -1;
	s = take_line(raw, at, "target");
	if (!s || strlen(s) > TARGET_MAX || text_control_character(s, ""))
		return -1;
	r->target = xstrdup(s);
	return 0;
}

/* As in an index, so that it can be opened below a directory. */
static bool path_ok(const char *path, size_t len)
{
	size_t from = 0;

	if (!len || len > 4095)
		return false;
	while (from <= len) {
		const char *s = path + from;
		const char *slash = memchr(s, '/', len - from);
		size_t n = slash ? (size_t)(slash - s) : len - from;

		if (!n || n > NAME_MAX || (*s == '.' && n == 1) ||
		    (n == 2 && !memcmp(s, "..", 2)))
			return false;
		from += n + 1;
	}
	return true;
}

static int take_unknown(struct scan_report *r, struct strbuf *raw, size_t *at)
{
	uint64_t nr;

	if (take_u64(raw, at, "unknown", &nr) < 0 || nr > SCAN_UNKNOWN_MAX)
		return -1;
	while (nr--) {
		const char *s = raw->buf + *at;
		const char *nul = memchr(s, '\0', raw->len - *at);
		size_t i = ARRAY_SIZE(reasons) - 1;

		if (!nul || s == nul || !path_ok(s + 1, (size_t)(nul - s - 1)))
			return -1;
		while (i && reasons[i].letter != *s)
			i--;
		add_unknown(r, s + 1, i);
		*at += (size_t)(nul - s) + 1;
	}
	return 0;
}

static int take_head(struct scan_report *r, struct strbuf *raw, size_t *at)
{
	int word;

	if (raw->len < strlen(MAGIC) ||
	    memcmp(raw->buf, MAGIC, strlen(MAGIC)) != 0)
		return -1;
	*at = strlen(MAGIC);
	word = take_word(raw, at, "kind", kinds);
	if (word < 0)
		return -1;
	r->kind = (enum scan_kind)word;
	if (take_names(r, raw, at) < 0 ||
	    take_u64(raw, at, "looked", &r->looked) < 0 ||
	    take_u64(raw, at, "read", &r->read) < 0)
		return -1;
	word = take_word(raw, at, "keeps", keepers);
	if (word < 0)
		return -1;
	r->keeper = (enum scan_keeper)word;
	if (take_hex(raw, at, "base", r->base, SHA256_HEXSZ) < 0 ||
	    (*r->base && r->kind == SCAN_SEALED))
		return -1;
	return take_unknown(r, raw, at);
}

static bool is_file(const struct release_index *x, const char *path, size_t len)
{
	const struct index_entry *e = release_index_find(x, path, len);

	return e && e->mode;
}

/* Is no directory of this path a file? Those of the path before are none. */
static bool places_ok(const struct release_index *x,
		      const struct index_entry *e, const char *before)
{
	const char *slash = e->path;

	while ((slash = strchr(slash, '/'))) {
		size_t len = (size_t)(slash - e->path);

		if (strncmp(before, e->path, len + 1) != 0 &&
		    is_file(x, e->path, len))
			return false;
		slash++;
	}
	return true;
}

static bool mode_ok(uint32_t mode)
{
	const uint32_t known = RELEASE_INDEX_ST_MODE | SCAN_OTHER_OWNER |
			       SCAN_SHARED_LINK;

	return !mode || (!(mode & ~known) && mode & S_IFMT && !S_ISDIR(mode));
}

int scan_report_check(const struct scan_report *r, struct err *err)
{
	const struct release_index *x = &r->entries;
	const char *before = "";

	if (x->nr > SCAN_FILES_MAX)
		return err_set(err, ERR_FAILED, "the scan names too many files");
	for (size_t i = 0; i < x->nr; i++) {
		const struct index_entry *e = &x->entries[i];

		if (!path_ok(e->path, e->path_len) || !mode_ok(e->mode) ||
		    (!e->mode && r->kind != SCAN_SEALED && !*r->base))
			return out_of_order(err);
		if (!e->mode)
			continue;
		if (!places_ok(x, e, before))
			return out_of_order(err);
		before = e->path;
	}
	return 0;
}

int scan_report_parse(struct scan_report *r, struct strbuf *raw, struct err *err)
{
	AUTO_STRBUF struct strbuf index = STRBUF_INIT;
	size_t at;

	if (take_head(r, raw, &at) < 0)
		return out_of_order(err);
	strbuf_add(&index, raw->buf + at, raw->len - at);
	strbuf_release(raw);
	if (index_file_parse(&r->entries, &index, err) < 0)
		return err->code;
	return scan_report_check(r, err);
}
