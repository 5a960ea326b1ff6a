#include "common/base/base.h"
#include "git-serversync/capture_room.h"

#include "common/git/tree_walk.h"

DEFINE_AUTO(git_tree_entry *, git_tree_entry_free, NULL)
#define AUTO_ENTRY CLEANUP(git_tree_entry_free_auto)

static bool goes(const struct capture *c, const char *path)
{
	const struct capture_file *f = capture_find(c, path);

	return f && f->status == 'D' && f->taken;
}

struct stay {
	const struct capture *c;
	const char *dir;
	bool found;
};

static int look(const struct tree_entry *e, void *ctx, struct err *err)
{
	struct stay *s = ctx;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	strbuf_addf(&path, "%s/%s", s->dir, e->path);
	if (goes(s->c, path.buf))
		return 0;
	s->found = true;
	return err_set(err, ERR_FAILED, "found");
}

/* Does something of this directory stay? */
static int any_stays(const struct capture *c, const char *dir,
		     const git_tree_entry *entry, git_tree *base, bool *answer,
		     struct err *err)
{
	struct stay s = { .c = c, .dir = dir };
	AUTO_ERR struct err stop = ERR_INIT;

	if (tree_walk(git_tree_owner(base), git_tree_entry_id(entry), look, &s,
		      &stop) < 0 &&
	    !s.found)
		return err_set(err, stop.code, "%s", stop.msg.buf);
	*answer = s.found;
	return 0;
}

/* A file, or a submodule, where the path needs a directory. */
static const char *in_the_way(const struct capture *c, git_tree *base,
			      const char *path)
{
	AUTO_STRBUF struct strbuf dir = STRBUF_INIT;

	for (const char *p = path; (p = strchr(p, '/')); p++) {
		AUTO_ENTRY git_tree_entry *entry = NULL;

		strbuf_reset(&dir);
		strbuf_add(&dir, path, (size_t)(p - path));
		if (git_tree_entry_bypath(&entry, base, dir.buf) < 0)
			return NULL;
		if (git_tree_entry_type(entry) == GIT_OBJECT_COMMIT)
			return "it is in a submodule";
		if (git_tree_entry_type(entry) != GIT_OBJECT_TREE)
			return goes(c, dir.buf)
				       ? NULL
				       : "its directory is a file in git";
	}
	return NULL;
}

int capture_room(const struct capture *c, git_tree *base,
		 const struct capture_file *f, const char **why, struct err *err)
{
	AUTO_ENTRY git_tree_entry *entry = NULL;
	bool stays = false;

	*why = in_the_way(c, base, f->git_path);
	if (*why || git_tree_entry_bypath(&entry, base, f->git_path) < 0)
		return 0;
	if (git_tree_entry_type(entry) == GIT_OBJECT_COMMIT)
		*why = "it is a submodule in git";
	if (git_tree_entry_type(entry) != GIT_OBJECT_TREE)
		return 0;
	if (any_stays(c, f->git_path, entry, base, &stays, err) < 0)
		return err->code;
	if (stays)
		*why = "it is a directory in git, with files that stay";
	return 0;
}
