#include "common/base/base.h"
#include "git-release/branch-sync/sync_words.h"
#include "common/git/repo.h"

#define REMOTES "refs/remotes/"

static void add_name(const char *ref, struct strvec *out)
{
	const char *name = strchr(ref + strlen(REMOTES), '/');

	if (!name || !strcmp(++name, "HEAD"))
		return;
	for (size_t i = 0; i < out->nr; i++)
		if (!strcmp(out->v[i], name))
			return;
	strvec_push(out, name);
}

int sync_words(const char *what, struct strvec *out, struct err *err)
{
	AUTO_REPO git_repository *repo = NULL;
	git_reference_iterator *it = NULL;
	const char *ref;
	int ret;

	if (strcmp(what, "branches") != 0)
		return err_set(err, ERR_USAGE,
			       "--completion needs verbs or branches");
	if ((ret = repo_open(&repo, err)) < 0)
		return ret;
	if (git_reference_iterator_glob_new(&it, repo, REMOTES "*") < 0)
		return err_git(err, ERR_FAILED, "cannot list the branches");
	while (!git_reference_next_name(&ref, it))
		add_name(ref, out);
	git_reference_iterator_free(it);
	return 0;
}
