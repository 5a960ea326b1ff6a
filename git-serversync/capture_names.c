#include "common/base/base.h"
#include "git-serversync/capture_names.h"

#include "common/git/repo.h"
#include "git-serversync/capture_branch.h"

/* "serversync/..." of a full ref; NULL when it is no branch of a capture. */
static const char *branch_of(const char *ref)
{
	static const char here[] = "refs/heads/", remotes[] = "refs/remotes/";
	AUTO_STRBUF struct strbuf environment = STRBUF_INIT;
	const char *name;

	if (!strncmp(ref, here, strlen(here)))
		name = ref + strlen(here);
	else if (!strncmp(ref, remotes, strlen(remotes)) &&
		 (name = strstr(ref, "/" CAPTURE_BRANCH_PREFIX)))
		name++;
	else
		return NULL;
	return capture_branch_environment(name, &environment) ? name : NULL;
}

static bool has(const struct strvec *names, const char *name)
{
	for (size_t i = 0; i < names->nr; i++)
		if (!strcmp(names->v[i], name))
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_iterator(git_reference_iterator **it)
{
	git_reference_iterator_free(*it);
}

int capture_names(struct strvec *out, struct err *err)
{
	CLEANUP(free_iterator) git_reference_iterator *it = NULL;
	AUTO_REPO git_repository *repo = NULL;
	const char *ref, *name;

	if (repo_open(&repo, err) < 0)
		return err->code;
	if (git_reference_iterator_glob_new(
		    &it, repo, "refs/*/" CAPTURE_BRANCH_PREFIX "*") < 0)
		return err_git(err, ERR_FAILED, "cannot list the branches");
	while (!git_reference_next_name(&ref, it))
		if ((name = branch_of(ref)) && !has(out, name))
			strvec_push(out, name);
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_name);
	return 0;
}
