#include "common/base/base.h"
#include "git-serversync/capture_job.h"

#include "common/base/mem.h"
#include "git-serversync/review_body.h"

/* What a review is against where nothing says it. */
#define USUAL_TARGET "main"

/* The branch that the remote itself begins with, behind refs/heads/. */
static char *remote_head(const struct capture_job *job)
{
	AUTO_STRBUF struct strbuf prefix = STRBUF_INIT, name = STRBUF_INIT;
	AUTO_REF git_reference *head = NULL;
	const char *target = NULL;

	strbuf_addf(&prefix, "refs/remotes/%s/", job->settings.remote);
	strbuf_addf(&name, "%sHEAD", prefix.buf);
	if (!git_reference_lookup(&head, job->repo, name.buf))
		target = git_reference_symbolic_target(head);
	if (!target || strncmp(target, prefix.buf, prefix.len) != 0)
		return NULL;
	return xstrdup(target + prefix.len);
}

static char *target_of(const struct capture_job *job)
{
	const char *set = job->settings.target;
	char *head = set ? NULL : remote_head(job);

	return head ?: xstrdup(set ?: USUAL_TARGET);
}

/* The texts and the branch that a wish borrows. */
struct wish {
	struct review_wish w;
	char *into;
	struct strbuf title, body;
};
#define WISH_INIT                                                              \
	{                                                                      \
		.title = STRBUF_INIT, .body = STRBUF_INIT                      \
	}

static void wish_release(struct wish *w)
{
	free(w->into);
	strbuf_release(&w->title);
	strbuf_release(&w->body);
}
#define AUTO_WISH CLEANUP(wish_release)

static void wish_fill(struct wish *w, struct capture_job *job)
{
	const struct capture *c = &job->capture;

	w->into = target_of(job);
	review_title(c, &w->title);
	review_body(c, &job->audit, &w->body);
	w->w = (struct review_wish){
		.repo = job->repo,
		.settings = &job->settings,
		.access = &job->access,
		.branch = c->branch ?: "",
		.into = w->into,
		.title = w->title.buf,
		.body = w->body.buf,
		.update = job->updating,
	};
}

int capture_job_find_review(struct capture_job *job, struct err *err)
{
	struct branch_place_request place = { .repo = job->repo,
					      .remote = job->settings.remote,
					      .ask = true };
	AUTO_WISH struct wish wish = WISH_INIT;
	AUTO_STRBUF struct strbuf prefix = STRBUF_INIT;
	AUTO_FREE char *branch = NULL;
	AUTO_FREE char *url = NULL;
	int ret;

	wish_fill(&wish, job);
	strbuf_addf(&prefix, CAPTURE_BRANCHES "%s/", job->settings.environment);
	ret = capture_review_existing(&wish.w, prefix.buf, &branch, &url, err);
	if (ret == ERR_NOTFOUND) {
		strvec_pushf(&job->warnings,
			     "no review of %s is open: this is a new one",
			     job->settings.environment);
		err_release(err);
		*err = (struct err)ERR_INIT;
		return 0;
	}
	if (ret == ERR_UNSUITABLE) {
		err->code = ERR_FAILED;
		return err_prefix(err, "--update: nobody can be asked which "
				       "review is open");
	}
	if (ret < 0)
		return ret;
	place.name = branch;
	job->updating = true;
	return branch_place_find(&job->update.place, &place, err);
}

void capture_job_push_options(struct capture_job *job, struct strvec *out)
{
	AUTO_WISH struct wish wish = WISH_INIT;

	wish_fill(&wish, job);
	capture_review_options(&wish.w, out);
}

int capture_job_review(struct capture_job *job, struct err *err)
{
	AUTO_WISH struct wish wish = WISH_INIT;
	const char *words = job->was_pushed ? NULL : job->words.buf;

	wish_fill(&wish, job);
	if (capture_review_open(&wish.w, words, &job->review, err) < 0)
		return err->code;
	if (job->review.warning)
		strvec_push(&job->warnings, job->review.warning);
	return 0;
}
