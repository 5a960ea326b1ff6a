#include "common/base/base.h"
#include "git-drift/drift_session.h"

#include "git-drift/vendor_baseline.h"

void drift_session_release(struct drift_session *s)
{
	drift_settings_release(&s->settings);
	config_release(&s->config);
	git_repository_free(s->repo);
	*s = (struct drift_session)DRIFT_SESSION_INIT;
}

int drift_session_open(struct drift_session *s, struct err *err)
{
	AUTO_PROC struct proc git = PROC_INIT;

	/* libgit2 takes as long to start as git to read. */
	if (config_start(&git, err) < 0 || repo_open(&s->repo, err) < 0 ||
	    config_finish(&s->config, &git, err) < 0 ||
	    drift_settings_load(s->repo, &s->config, &s->settings, err) < 0)
		return err->code;
	s->quote_path = config_quote_path(&s->config);
	return 0;
}

int drift_session_commit(const struct drift_session *s, const char *revision,
			 git_oid *id, struct err *err)
{
	const struct baseline_query q = { .pattern = s->settings.baseline,
					  .revision = revision };

	if (revision)
		return vendor_revision_commit(s->repo, &q, id, err);
	if (git_reference_name_to_id(id, s->repo, "HEAD") < 0)
		return err_set(err, ERR_FAILED, "there is no commit yet");
	return 0;
}
