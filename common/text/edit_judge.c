#include "common/base/base.h"
#include "common/text/edit_judge.h"

#include "common/base/mem.h"

#define MODE_LEN 6

static const struct oid no_oid;

void edit_judge_release(struct edit_judge *j)
{
	ignore_rules_release(&j->exclude);
	for (size_t i = 0; i < j->nr_known; i++)
		free(j->known[i].path);
	free(j->known);
}

void edit_judge_exclude(struct edit_judge *j, const char *pattern)
{
	ignore_rules_add(&j->exclude, "", pattern, strlen(pattern));
}

bool edit_judge_excluded(const struct edit_judge *j, const char *path, bool is_dir)
{
	AUTO_STRBUF struct strbuf full = STRBUF_INIT;

	if (!j->prefix || !*j->prefix)
		return ignore_rules_match(&j->exclude, path, is_dir);
	strbuf_addf(&full, "%s/%s", j->prefix, path);
	return ignore_rules_match(&j->exclude, full.buf, is_dir);
}

uint32_t edit_kind(mode_t mode)
{
	if (S_ISLNK(mode))
		return MANIFEST_SYMLINK;
	if (!S_ISREG(mode))
		return 0;
	return mode & S_IXUSR ? MANIFEST_EXECUTABLE : MANIFEST_FILE;
}

bool edit_is_buried(const struct manifest *next, const char *path,
		    uint32_t kind, const struct oid *oid)
{
	ssize_t i = manifest_find(next, path, strlen(path));
	const struct manifest_entry *e = i < 0 ? NULL : &next->entries[i];

	if (!kind)
		return e != NULL;
	return !e || e->mode != kind || !oid_eq(&e->oid, oid);
}

static bool is_kind(uint32_t mode)
{
	return mode == MANIFEST_FILE || mode == MANIFEST_EXECUTABLE ||
	       mode == MANIFEST_SYMLINK;
}

static bool read_mode(const char *text, uint32_t *mode)
{
	*mode = 0;
	for (size_t i = 0; i < MODE_LEN; i++) {
		if (text[i] < '0' || text[i] > '7')
			return false;
		*mode = *mode << 3 | (uint32_t)(text[i] - '0');
	}
	return !*mode || is_kind(*mode);
}

bool edit_judge_know(struct edit_judge *j, const char *text)
{
	const size_t at = MODE_LEN + 1 + OID_HEXSZ + 1;
	struct known_edit e;

	if (strlen(text) <= at || !read_mode(text, &e.kind) ||
	    text[MODE_LEN] != ' ' || text[at - 1] != ' ' ||
	    oid_from_hex(text + MODE_LEN + 1, &e.oid) < 0 ||
	    !e.kind != oid_eq(&e.oid, &no_oid) ||
	    !manifest_path_ok(text + at, strlen(text + at)))
		return false;
	e.path = (char *)text + at;
	edit_judge_add_known(j, &e);
	return true;
}

void edit_judge_add_known(struct edit_judge *j, const struct known_edit *e)
{
	ALLOC_GROW(j->known, j->nr_known + 1, j->alloc_known);
	j->known[j->nr_known] = *e;
	j->known[j->nr_known++].path = xstrdup(e->path);
	j->sorted = false;
}

void known_edit_format(const struct known_edit *e, struct strbuf *out)
{
	char hex[OID_HEXSZ + 1];

	strbuf_addf(out, "%06" PRIo32 " %s %s", e->kind,
		    oid_to_hex(&e->oid, hex), e->path);
}

static int by_all(const void *va, const void *vb)
{
	const struct known_edit *a = va, *b = vb;
	int ret = strcmp(a->path, b->path);

	if (!ret)
		ret = (a->kind > b->kind) - (a->kind < b->kind);
	return ret ? ret : oid_cmp(&a->oid, &b->oid);
}

void edit_judge_sort(struct edit_judge *j)
{
	size_t kept = 0;

	if (j->sorted || !j->nr_known)
		return;
	qsort(j->known, j->nr_known, sizeof(*j->known), by_all);
	for (size_t i = 1; i < j->nr_known; i++) {
		if (!by_all(&j->known[i], &j->known[kept]))
			free(j->known[i].path);
		else
			j->known[++kept] = j->known[i];
	}
	j->nr_known = kept + 1;
	j->sorted = true;
}

bool edit_judge_knows(struct edit_judge *j, const char *path, uint32_t kind,
		      const struct oid *oid)
{
	/* What is not there has no content, whatever was asked with. */
	const struct known_edit want = {
		.path = (char *)path,
		.kind = kind,
		.oid = kind ? *oid : no_oid,
	};

	if (!j->nr_known)
		return false;
	edit_judge_sort(j);
	return bsearch(&want, j->known, j->nr_known, sizeof(*j->known), by_all);
}
