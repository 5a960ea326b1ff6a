#include "common/base/base.h"
#include "git-release/release_job.h"

#include "git-release/deployment_record.h"
#include "git-release/session_reach.h"

/* Worth remembering: a server was changed, though it was undone. */
static bool was_attempted(const struct err *failure)
{
	return failure->code == ERR_UNDONE || failure->code == ERR_UNKNOWN;
}

void release_record(struct release_job *job, const struct err *failure)
{
	struct session *s = &job->session;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	const struct deployment_event event = {
		.session = s,
		.event = failure ? RECORD_FAILED : RECORD_RELEASED,
		.tag = job->package.tag,
		.commit = &job->package.commit,
		.package = &job->package.id,
		.release = job->id,
		.previous = job->view.live,
		.host = job->host ? host_name(job->host) : NULL,
		.reason = failure ? failure->msg.buf : NULL,
		.discarded_edits = failure ? 0 : job->edits.nr,
	};

	if (failure) {
		if (was_attempted(failure))
			deployment_note(&event, &job->warnings);
		return;
	}
	records_fetch_finish(&job->sync, &job->warnings);
	deployment_went_live(&event, &job->warnings);
	deployment_prune_packages(s, &job->warnings);
	if (job->options.no_sync || !session_has_remote(s))
		return;
	strbuf_addf(&ref, "%s" PACKAGE_REF_PREFIX "%s",
		    job->build.replaced ? "+" : "", job->package.tag);
	deployment_push(s, ref.buf, &job->warnings);
}
