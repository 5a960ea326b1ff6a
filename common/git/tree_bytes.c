#include "common/base/base.h"
#include "common/git/tree_bytes.h"

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static int note_promisor(const git_config_entry *entry, void *ctx)
{
	bool *partial = ctx;

	*partial |= !strcmp(entry->name, "extensions.partialclone") ||
		    (!strncmp(entry->name, "remote.", 7) &&
		     ends_in(entry->name, ".promisor"));
	return 0;
}

/* git_config_foreach_match() leaks in libgit2 1.5 built with PCRE2. */
static bool is_partial(git_repository *repo)
{
	git_config *config = NULL;
	bool partial = false;

	if (!git_repository_config_snapshot(&config, repo))
		(void)git_config_foreach(config, note_promisor, &partial);
	git_config_free(config);
	return partial;
}

int object_missing(git_repository *repo, const git_oid *id, struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	if (is_partial(repo)) {
		err_set(err, ERR_NOTFOUND,
			"object %s was left out of this partial clone", hex);
		return err_hint(err, "git fetch --refetch --no-filter");
	}
	err_set(err, ERR_NOTFOUND, "object %s is missing", hex);
	return err_hint(err, "git fsck");
}

/* As git reads them: old tools wrote 100664 and the like. */
static uint32_t canonical(uint32_t mode)
{
	if (S_ISREG(mode))
		return mode & 0100 ? GIT_FILEMODE_BLOB_EXECUTABLE
				   : GIT_FILEMODE_BLOB;
	if (S_ISLNK(mode))
		return GIT_FILEMODE_LINK;
	return S_ISDIR(mode) ? GIT_FILEMODE_TREE : GIT_FILEMODE_COMMIT;
}

static int corrupt(struct err *err, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	return err_set(err, ERR_FAILED, "tree %s is corrupt", hex);
}

void tree_bytes_release(struct tree_bytes *t)
{
	git_odb_object_free(t->object);
	memset(t, 0, sizeof(*t));
}

int tree_bytes_open(struct tree_bytes *t, const struct tree_source *from,
		    const git_oid *id, struct err *err)
{
	git_odb_object *object;
	int ret = git_odb_read(&object, from->odb, id);

	if (ret == GIT_ENOTFOUND)
		return object_missing(from->repo, id, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a tree");
	if (git_odb_object_type(object) != GIT_OBJECT_TREE) {
		git_odb_object_free(object);
		return corrupt(err, id);
	}
	memset(t, 0, sizeof(*t));
	t->object = object;
	t->p = git_odb_object_data(object);
	t->end = t->p + git_odb_object_size(object);
	return 0;
}

int tree_bytes_next(struct tree_bytes *t, struct err *err)
{
	const char *p = t->p, *nul;
	uint32_t mode = 0;

	t->name = NULL;
	if (p == t->end)
		return 0;
	nul = memchr(p, '\0', (size_t)(t->end - p));
	if (!nul || t->end - nul <= GIT_OID_RAWSZ)
		return corrupt(err, git_odb_object_id(t->object));
	for (; *p >= '0' && *p <= '7' && mode < 0777777; p++)
		mode = mode << 3 | (uint32_t)(*p - '0');
	if (*p != ' ')
		return corrupt(err, git_odb_object_id(t->object));
	t->mode = canonical(mode);
	t->name = p + 1;
	t->name_len = (size_t)(nul - t->name);
	git_oid_fromraw(&t->id, (const unsigned char *)nul + 1);
	t->p = nul + 1 + GIT_OID_RAWSZ;
	return 1;
}
