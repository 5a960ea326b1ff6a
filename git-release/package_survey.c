#include "common/base/base.h"
#include "git-release/package_survey.h"
#include "common/git/tree_bytes.h"
#include "common/git/tree_walk.h"
#include "common/text/link_target.h"
#include "common/text/quote.h"

struct surveyor {
	git_odb *odb;
	git_repository *repo;
	struct package_survey *out;
};

void package_survey_release(struct package_survey *survey)
{
	strvec_release(&survey->leaving);
	strvec_release(&survey->submodules);
}

void survey_note(struct strvec *items, size_t *nr, const char *path,
		 const char *target, size_t target_len)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	if ((*nr)++ >= SURVEY_LIST_MAX)
		return;
	quote_path(&shown, path, strlen(path), false);
	if (target) {
		strbuf_addstr(&shown, " -> ");
		quote_path(&shown, target, target_len, false);
	}
	strvec_push(items, shown.buf);
}

void survey_list(struct strbuf *out, const struct strvec *items, size_t nr)
{
	for (size_t i = 0; i < items->nr; i++)
		strbuf_addf(out, "\n  %s", items->v[i]);
	if (nr > items->nr)
		strbuf_addf(out, "\n  and %zu more", nr - items->nr);
}

/*
 * The attributes that git archive acts upon. A word in a comment or a pattern
 * may be taken for one of them: then the slow way is taken once too often.
 */
static bool may_convert(const char *text, size_t len)
{
	static const char *const words[] = { "export-ignore",
					     "export-subst",
					     "crlf",
					     "ident",
					     "filter",
					     "[attr]",
					     "working-tree-encoding" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (memmem(text, len, words[i], strlen(words[i])))
			return true;
	return false;
}

static int read_blob(const struct surveyor *s, const git_oid *id,
		     git_odb_object **out, struct err *err)
{
	int ret = git_odb_read(out, s->odb, id);

	if (ret == GIT_ENOTFOUND)
		return object_missing(s->repo, id, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a file");
	return 0;
}

static int look(const struct tree_entry *e, void *ctx, struct err *err)
{
	struct surveyor *s = ctx;
	bool attributes = !strcmp(e->name, ".gitattributes");
	git_odb_object *blob;
	int ret;

	s->out->files++;
	if (e->mode == GIT_FILEMODE_COMMIT) {
		survey_note(&s->out->submodules, &s->out->submodules_nr,
			    e->path, NULL, 0);
		return 0;
	}
	if (!attributes && e->mode != GIT_FILEMODE_LINK)
		return 0;
	if ((ret = read_blob(s, e->id, &blob, err)) < 0)
		return ret;
	const char *data = git_odb_object_data(blob);
	size_t len = git_odb_object_size(blob);

	if (attributes)
		s->out->converts |= e->mode == GIT_FILEMODE_LINK ||
				    may_convert(data, len);
	if (e->mode == GIT_FILEMODE_LINK && !link_stays_inside(e->path, data, len))
		survey_note(&s->out->leaving, &s->out->leaving_nr, e->path,
			    data, len);
	git_odb_object_free(blob);
	return 0;
}

/* Attributes of the directories above count for what is below them. */
static int look_above(struct surveyor *s, git_tree *tree, struct err *err)
{
	const git_tree_entry *e = git_tree_entry_byname(tree, ".gitattributes");
	git_odb_object *blob;
	int ret;

	if (!e)
		return 0;
	if (git_tree_entry_type(e) != GIT_OBJECT_BLOB) {
		s->out->converts = true;
		return 0;
	}
	if ((ret = read_blob(s, git_tree_entry_id(e), &blob, err)) < 0)
		return ret;
	s->out->converts |= may_convert(git_odb_object_data(blob),
					git_odb_object_size(blob));
	git_odb_object_free(blob);
	return 0;
}

static int no_directory(struct err *err, const char *subdirectory)
{
	return err_set(err, ERR_REFUSED,
		       "the tag has no directory '%s' (release.subdirectory)",
		       subdirectory);
}

/* Goes down to the subdirectory, component by component. */
static int descend(struct surveyor *s, git_oid *id, const char *subdirectory,
		   struct err *err)
{
	const char *p = subdirectory;
	int ret;

	while (*p) {
		AUTO_TREE git_tree *tree = NULL;
		AUTO_STRBUF struct strbuf name = STRBUF_INIT;
		size_t n = strcspn(p, "/");
		const git_tree_entry *e;

		if (git_tree_lookup(&tree, s->repo, id) < 0)
			return err_git(err, ERR_FAILED, "cannot read a tree");
		if ((ret = look_above(s, tree, err)) < 0)
			return ret;
		strbuf_add(&name, p, n);
		e = git_tree_entry_byname(tree, name.buf);
		if (!e || git_tree_entry_type(e) != GIT_OBJECT_TREE)
			return no_directory(err, subdirectory);
		*id = *git_tree_entry_id(e);
		p += n;
		p += strspn(p, "/");
	}
	return 0;
}

int package_survey(git_repository *repo, const git_oid *commit,
		   const char *subdirectory, struct package_survey *out,
		   struct err *err)
{
	AUTO_COMMIT git_commit *object = NULL;
	AUTO_ODB git_odb *odb = NULL;
	struct surveyor s = { .repo = repo, .out = out };
	int ret;

	if (git_commit_lookup(&object, repo, commit) < 0 ||
	    git_repository_odb(&odb, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read the tag's commit");
	s.odb = odb;
	out->tree = *git_commit_tree_id(object);
	if (subdirectory && (ret = descend(&s, &out->tree, subdirectory, err)) < 0)
		return ret;
	return tree_walk(repo, &out->tree, look, &s, err);
}
