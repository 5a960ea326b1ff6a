#include "common/base/base.h"
#include "git-release/switch_job.h"

#include "common/model/package.h"
#include "git-release/deployment_record.h"
#include "git-release/session_reach.h"

/* What this repository knows of a release on the server. */
struct known {
	bool package, commit;
	git_oid package_id, commit_id;
};

static void find_tagged(git_repository *repo, const char *tag, struct known *k)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_OBJECT git_object *commit = NULL;
	AUTO_REF git_reference *r = NULL;

	strbuf_addf(&ref, "refs/tags/%s", tag);
	if (git_reference_lookup(&r, repo, ref.buf) < 0 ||
	    git_reference_peel(&commit, r, GIT_OBJECT_COMMIT) < 0)
		return;
	k->commit_id = *git_object_id(commit);
	k->commit = true;
}

static void know(git_repository *repo, const struct host_release *rel,
		 struct known *k)
{
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	memset(k, 0, sizeof(*k));
	if (!rel)
		return;
	if (*rel->package && !git_oid_fromstr(&k->package_id, rel->package) &&
	    !package_read(repo, &k->package_id, &pkg, &ignored)) {
		k->package = k->commit = true;
		k->commit_id = pkg.commit;
	} else if (*rel->version) {
		find_tagged(repo, rel->version, k);
	}
}

void switch_record(struct switch_job *job, const struct err *failure)
{
	struct session *s = &job->session;
	const struct host_release *target = job->target;
	struct known k, left;
	struct deployment_event event = {
		.session = s,
		.tag = *target->version ? target->version : NULL,
		.release = target->id,
		.previous = job->view.live,
		.host = host_name(job->host),
		.reason = failure ? failure->msg.buf : NULL,
	};

	/* Packages that others made came with it. */
	records_fetch_finish(&job->sync, &job->warnings);
	know(s->repo, target, &k);
	/* Another tool's release has no commit: told on what was left. */
	know(s->repo, host_view_live(&job->view), &left);
	event.commit = k.commit				? &k.commit_id
		       : target->foreign && left.commit ? &left.commit_id
							: NULL;
	event.package = k.package ? &k.package_id : NULL;
	event.event = failure		      ? RECORD_FAILED
		      : job->options.rollback ? RECORD_ROLLED_BACK
					      : RECORD_RELEASED;
	if (failure) {
		if (failure->code == ERR_UNDONE || failure->code == ERR_UNKNOWN)
			deployment_note(&event, &job->warnings);
		return;
	}
	if (!k.package && !target->foreign)
		strvec_pushf(&job->warnings,
			     "the package of release %s is not in this "
			     "repository: refs/deployments/%s is removed",
			     target->id, s->env.name);
	deployment_went_live(&event, &job->warnings);
	if (!job->options.no_sync && session_has_remote(s))
		deployment_push(s, NULL, &job->warnings);
}
