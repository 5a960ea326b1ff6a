#include "common/base/base.h"
#include "common/text/edit_judge.h"

void edit_judge_release(struct edit_judge *j)
{
	ignore_rules_release(&j->exclude);
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
