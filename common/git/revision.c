#include "common/base/base.h"
#include "common/git/revision.h"

#include "common/git/tree_bytes.h"
#include "common/text/quote.h"

static int quoted(struct err *err, int code, const char *name, const char *what)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, name, strnlen(name, 200));
	return err_set(err, code, "'%s' %s", shown.buf, what);
}

int revision_commit(git_repository *repo, const char *revision, git_oid *id,
		    struct err *err)
{
	AUTO_OBJECT git_object *named = NULL;
	AUTO_OBJECT git_object *commit = NULL;
	int ret = git_revparse_single(&named, repo, revision);

	/* libgit2 calls "5" and "a^" so, too: it wants four digits of an id. */
	if (ret == GIT_EAMBIGUOUS &&
	    strspn(revision, "0123456789abcdefABCDEF") >= GIT_OID_MINPREFIXLEN)
		return quoted(err, ERR_FAILED, revision,
			      "could be more than one object");
	if (ret < 0)
		return quoted(err, ERR_NOTFOUND, revision,
			      "is no revision of this repository");
	if (git_object_peel(&commit, named, GIT_OBJECT_COMMIT) < 0)
		return quoted(err, ERR_FAILED, revision, "names no commit");
	*id = *git_object_id(commit);
	return 0;
}

int commit_tree(git_repository *repo, const git_oid *commit, git_oid *tree,
		struct err *err)
{
	AUTO_COMMIT git_commit *found = NULL;
	int ret = git_commit_lookup(&found, repo, commit);

	if (ret == GIT_ENOTFOUND)
		return object_missing(repo, commit, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a commit");
	*tree = *git_commit_tree_id(found);
	return 0;
}

bool revision_of_ref(git_repository *repo, const char *ref, git_oid *id)
{
	AUTO_REF git_reference *found = NULL;
	AUTO_OBJECT git_object *commit = NULL;

	if (git_reference_lookup(&found, repo, ref) < 0 ||
	    git_reference_peel(&commit, found, GIT_OBJECT_COMMIT) < 0)
		return false;
	*id = *git_object_id(commit);
	return true;
}
