#include "common/base/base.h"
#include "git-drift/drift_words.h"

#include "git-drift/drift_session.h"

struct words {
	struct strvec *out;
	size_t skip; /* bytes of a ref's name that are not shown */
};

static int add_word(const char *ref, void *ctx)
{
	const struct words *w = ctx;

	strvec_push(w->out, ref + w->skip);
	return 0;
}

/* "refs/tags/author-v*": what is behind the folder. */
static int add_refs(git_repository *repo, const char *folder, const char *glob,
		    struct strvec *out, struct err *err)
{
	AUTO_STRBUF struct strbuf pattern = STRBUF_INIT;
	struct words w = { .out = out, .skip = strlen(folder) };

	strbuf_addf(&pattern, "%s%s", folder, glob);
	if (git_reference_foreach_glob(repo, pattern.buf, add_word, &w) < 0)
		return err_git(err, ERR_FAILED, "cannot list refs");
	return 0;
}

static int add_revisions(git_repository *repo, struct strvec *out, struct err *err)
{
	static const char *const folders[] = { "refs/heads/", "refs/tags/",
					       "refs/remotes/" };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (add_refs(repo, folders[i], "*", out, err) < 0)
			return err->code;
	return 0;
}

int drift_words(const char *what, struct strvec *out, struct err *err)
{
	AUTO_DRIFT_SESSION struct drift_session s = DRIFT_SESSION_INIT;

	if (drift_session_open(&s, err) < 0)
		return err->code;
	if (!strcmp(what, "baselines"))
		return add_refs(s.repo, "refs/tags/", s.settings.baseline, out,
				err);
	if (!strcmp(what, "revisions"))
		return add_revisions(s.repo, out, err);
	if (!strcmp(what, "environments"))
		return add_refs(s.repo, "refs/deployments/", "*", out, err);
	return err_set(err, ERR_USAGE,
		       "--completion needs verbs, baselines, revisions or "
		       "environments");
}
