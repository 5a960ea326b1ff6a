#include "common/base/base.h"
#include "common/model/package_manifest.h"
#include "common/base/num.h"
#include "common/git/tree_bytes.h"
#include "common/git/tree_walk.h"
#include "common/model/manifest_cache.h"

/* "100644 blob <40 hex> " comes before the size. */
#define MODE_LEN    6
#define OID_AT	    (MODE_LEN + 6)
#define SIZE_AT	    (OID_AT + GIT_OID_HEXSZ + 1)
#define SIZE_COLUMN 7

/* The kept manifest of an earlier package, read alongside. */
struct known_sizes {
	const char *p, *end; /* at the next entry */
};

struct manifest_maker {
	git_repository *repo;
	git_odb *odb;
	struct known_sizes known;
	struct strbuf *out;
};

static int compare_paths(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int cmp = memcmp(a, b, a_len < b_len ? a_len : b_len);

	if (cmp)
		return cmp;
	return a_len < b_len ? -1 : a_len > b_len;
}

/*
 * True when the earlier manifest has the same object at the same path. Both
 * are in the same order, so its entries are passed once. It matched its
 * checksum, but is still only read within its bounds.
 */
static bool known_size(struct known_sizes *k, const struct tree_entry *e,
		       const char *hex, uint64_t *size)
{
	while (k->end - k->p > SIZE_AT + SIZE_COLUMN) {
		const char *nul = memchr(k->p, '\0', (size_t)(k->end - k->p));
		const char *tab = nul ? memchr(k->p, '\t', (size_t)(nul - k->p))
				      : NULL;
		const char *digits = k->p + SIZE_AT;
		int cmp;

		if (!tab || tab < digits)
			return false;
		cmp = compare_paths(tab + 1, (size_t)(nul - tab - 1), e->path,
				    e->path_len);
		if (cmp > 0)
			return false;
		if (cmp == 0) {
			while (*digits == ' ')
				digits++;
			return !memcmp(k->p + OID_AT, hex, GIT_OID_HEXSZ) &&
			       !num_parse_u64(digits, (size_t)(tab - digits),
					      size);
		}
		k->p = nul + 1;
	}
	return false;
}

static int look_up_size(const struct manifest_maker *m,
			const struct tree_entry *e, uint64_t *size,
			struct err *err)
{
	git_object_t type;
	size_t len;
	int ret = git_odb_read_header(&len, &type, m->odb, e->id);

	if (ret == GIT_ENOTFOUND)
		return object_missing(m->repo, e->id, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a file's size");
	*size = len;
	return 0;
}

/* Decimal, right-justified as ls-tree -l does it. */
static void add_size(struct strbuf *out, uint64_t size)
{
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + size % 10);
		size /= 10;
	} while (size);
	while (sizeof(digits) - at < SIZE_COLUMN)
		digits[--at] = ' ';
	strbuf_add(out, digits + at, sizeof(digits) - at);
}

static int add_entry(const struct tree_entry *e, void *ctx, struct err *err)
{
	struct manifest_maker *m = ctx;
	char hex[GIT_OID_HEXSZ + 1];
	uint64_t size = 0;
	int ret;

	git_oid_fmt(hex, e->id);
	if (e->mode == GIT_FILEMODE_COMMIT) {
		strbuf_addstr(m->out, "160000 commit ");
		strbuf_add(m->out, hex, GIT_OID_HEXSZ);
		strbuf_addstr(m->out, "       -\t");
	} else {
		if (!known_size(&m->known, e, hex, &size) &&
		    (ret = look_up_size(m, e, &size, err)) < 0)
			return ret;
		strbuf_addstr(m->out, e->mode == GIT_FILEMODE_LINK
					      ? "120000 blob "
				      : e->mode == GIT_FILEMODE_BLOB_EXECUTABLE
					      ? "100755 blob "
					      : "100644 blob ");
		strbuf_add(m->out, hex, GIT_OID_HEXSZ);
		strbuf_addch(m->out, ' ');
		add_size(m->out, size);
		strbuf_addch(m->out, '\t');
	}
	/* The NUL behind the path is part of the format. */
	if (strbuf_add(m->out, e->path, e->path_len + 1) < 0)
		return err_set(err, ERR_FAILED, "the package has too many files");
	return 0;
}

static int make(git_repository *repo, const git_oid *id, const git_oid *base,
		struct strbuf *out, struct err *err)
{
	AUTO_STRBUF struct strbuf known = STRBUF_INIT;
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_ODB git_odb *odb = NULL;
	struct manifest_maker m = { .repo = repo, .out = out };

	if (git_commit_lookup(&commit, repo, id) < 0 ||
	    git_repository_odb(&odb, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read the package");
	if (base && manifest_cache_load(repo, base, &known)) {
		m.known.p = known.buf;
		m.known.end = known.buf + known.len;
	}
	m.odb = odb;
	return tree_walk(repo, git_commit_tree_id(commit), add_entry, &m, err);
}

int package_manifest(git_repository *repo, const git_oid *id,
		     const git_oid *base, struct strbuf *out, struct err *err)
{
	AUTO_STRBUF struct strbuf made = STRBUF_INIT;
	int ret;

	if (!manifest_cache_load(repo, id, &made)) {
		strbuf_limit(&made, MANIFEST_MAX);
		if ((ret = make(repo, id, base, &made, err)) < 0)
			return err_prefix(err, "cannot list the package");
		manifest_cache_store(repo, id, made.buf, made.len);
	}
	if (!out->len && !out->max) {
		strbuf_swap(&made, out);
		strbuf_limit(out, 0);
	} else if (strbuf_add(out, made.buf, made.len) < 0) {
		return err_set(err, ERR_FAILED, "the package has too many files");
	}
	return 0;
}
