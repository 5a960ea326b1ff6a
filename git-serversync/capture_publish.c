#include "common/base/base.h"
#include "git-serversync/capture_job.h"

#include "common/base/mem.h"
#include "common/git/git_identity.h"
#include "common/git/ref_transaction.h"
#include "common/git/remote.h"
#include "common/git/revision.h"
#include "common/sys/fault.h"
#include "common/sys/signals.h"
#include "git-serversync/capture_commit.h"

#define HEADS "refs/heads/"
/* So many may capture in the same second. */
#define NAME_TRIES 5

static const git_oid none = { { 0 } };

/* A branch with this name leaves no room for those below it. */
static int check_room(git_repository *repo, const char *name, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	git_oid id;

	strbuf_addf(&ref, HEADS "%s", name);
	if (!revision_of_ref(repo, ref.buf, &id))
		return 0;
	err_set(err, ERR_FAILED,
		"the branch '%s' is where captures have theirs, %s/...", name,
		name);
	return err_hint(err, "git branch -m %s <another name>", name);
}

static int check_identity(git_repository *repo, struct err *err)
{
	static const char *const which[] = { "GIT_AUTHOR_IDENT",
					     "GIT_COMMITTER_IDENT" };

	for (size_t i = 0; i < ARRAY_SIZE(which); i++) {
		AUTO_STRBUF struct strbuf who = STRBUF_INIT;

		if (git_identity_find(repo, which[i], &who, err) < 0)
			return err->code;
	}
	return 0;
}

int capture_job_check(const struct capture_job *job, struct err *err)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;

	if (!job->options.no_push &&
	    remote_check(job->repo, job->settings.remote, err) < 0)
		return err_hint(err, "--no-push keeps the capture here");
	strbuf_addf(&name, CAPTURE_BRANCHES "%s", job->settings.environment);
	if (check_room(job->repo, name.buf, err) < 0)
		return err->code;
	strbuf_setlen(&name, strlen(CAPTURE_BRANCHES) - 1);
	if (check_room(job->repo, name.buf, err) < 0)
		return err->code;
	return check_identity(job->repo, err);
}

static int list_branches(struct capture_job *job, struct err *err)
{
	const char *remote = job->options.no_push ? NULL : job->settings.remote;

	capture_branches_release(&job->branches);
	return capture_branches_list(job->repo, job->settings.environment,
				     remote, &job->branches, err);
}

/* "2026-11-26T12:00:00Z" as "20261126120000". */
static void only_digits(const char *stamp, struct strbuf *out)
{
	for (; *stamp; stamp++)
		if (*stamp >= '0' && *stamp <= '9')
			strbuf_addch(out, *stamp);
}

static void set_branch(struct capture_job *job, const char *name)
{
	free(job->capture.branch);
	job->capture.branch = xstrdup(name);
}

/* What was made before, by a run that did not get to its end or by another. */
static int reuse(struct capture_job *job, struct err *err)
{
	const struct capture_equal e = { .repo = job->repo,
					 .remote = job->settings.remote,
					 .base = job->base.commit,
					 .tree = job->tree,
					 .capture = &job->capture };
	const struct capture_ref *found;
	git_oid commit;

	if (capture_branches_equal(&job->branches, &e, &found, &commit, err) < 0)
		return err->code;
	if (!found)
		return 0;
	job->reused = true;
	job->capture.commit = commit;
	job->was_pushed = !git_oid_is_zero(&found->there);
	set_branch(job, found->name);
	return 0;
}

static int move_ref(struct capture_job *job, const char *ref, struct err *err)
{
	AUTO_REF_TRANSACTION struct ref_transaction tx = REF_TRANSACTION_INIT;

	if (ref_transaction_start(&tx, job->repo, "serversync: captured", err) <
		    0 ||
	    ref_transaction_move(&tx, ref, &none, &job->capture.commit, err) < 0 ||
	    ref_transaction_prepare(&tx, err) < 0)
		return err->code;
	if (fault("capture branch"))
		return err_sys(err, "cannot make '%s'", job->capture.branch);
	return ref_transaction_commit(&tx, err);
}

/* ERR_REFUSED when the name is taken, and for no other reason. */
static int create_ref(struct capture_job *job, const char *ref, struct err *err)
{
	int ret = move_ref(job, ref, err);
	git_oid id;

	/* git says no as well when the disk is full. */
	if (ret == ERR_REFUSED &&
	    git_reference_name_to_id(&id, job->repo, ref) < 0)
		err->code = ERR_FAILED;
	return ret < 0 ? err->code : 0;
}

/*
 * Until there was a branch it was garbage to anybody who collects that. "made"
 * is what became of the branch, err why not.
 */
static int check_whole(struct capture_job *job, const char *ref, int made,
		       struct err *err)
{
	const git_oid *id = &job->capture.commit;
	AUTO_ERR struct err gone = ERR_INIT, lost = ERR_INIT;

	if (signals_pending() ||
	    capture_commit_check(job->repo, id, &gone) != ERR_NOTFOUND)
		return made;
	err_set(err, ERR_FAILED, "%s", gone.msg.buf);
	if (!made && repo_ref_swap(job->repo, ref, id, &none, NULL, &lost) < 0)
		return err_hint(err, "git branch -D %s", job->capture.branch);
	return err_hint(err, "git serversync again, when no git gc "
			     "--prune=now runs here");
}

static int make_ref(struct capture_job *job, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;

	strbuf_addf(&ref, HEADS "%s", job->capture.branch);
	if (!git_reference_is_valid_name(ref.buf))
		return err_set(err, ERR_FAILED,
			       "'%s' cannot be the name of a branch",
			       job->capture.branch);
	if (fault("capture sync"))
		return err_sys(err, "cannot write '%s'", job->capture.branch);
	if (repo_sync_objects(job->repo, err) < 0)
		return err->code;
	return check_whole(job, ref.buf, create_ref(job, ref.buf, err), err);
}

static int make_commit(struct capture_job *job, struct err *err)
{
	struct capture_commit_request req = { .repo = job->repo,
					      .tree = job->tree,
					      .parents = { job->base.commit },
					      .nr_parents = 1,
					      .sign = capture_commit_signs(
						      &job->config) };
	AUTO_STRBUF struct strbuf message = STRBUF_INIT, time = STRBUF_INIT;
	AUTO_FREE char *name = NULL;

	capture_message(&job->capture, &message);
	req.message = message.buf;
	if (capture_commit_make(&req, &job->capture.commit, err) < 0)
		return err->code;
	only_digits(job->capture.captured_at, &time);
	name = capture_branch_name(&job->branches, job->settings.environment,
				   time.buf);
	set_branch(job, name);
	return make_ref(job, err);
}

static int go_on(struct capture_job *job, struct err *err)
{
	const struct capture_update_request req = { .repo = job->repo,
						    .settings = &job->settings,
						    .base = job->base.commit,
						    .tree = job->tree,
						    .sign = capture_commit_signs(
							    &job->config) };
	struct capture_update *u = &job->update;

	if (capture_update_make(u, &req, &job->capture, err) < 0)
		return err->code;
	job->reused = git_oid_is_zero(&u->to);
	if (job->reused)
		u->to = u->place.tip;
	job->capture.commit = u->to;
	set_branch(job, u->place.name);
	return 0;
}

static int find_or_make(struct capture_job *job, struct err *err)
{
	if (list_branches(job, err) < 0 || reuse(job, err) < 0 ||
	    signals_check(err) < 0)
		return err->code;
	return job->reused ? 0 : make_commit(job, err);
}

int capture_job_commit(struct capture_job *job, struct err *err)
{
	int ret;

	if (capture_tree(job->repo, &job->base.tree, &job->capture, &job->tree,
			 err) < 0 ||
	    (job->options.update && capture_job_find_review(job, err) < 0))
		return err->code;
	if (job->updating)
		return go_on(job, err);
	ret = find_or_make(job, err);
	/* By somebody who captures in the same second: it may be the same. */
	for (int i = 0; ret == ERR_REFUSED && i < NAME_TRIES; i++) {
		err_release(err);
		*err = (struct err)ERR_INIT;
		ret = find_or_make(job, err);
	}
	return ret;
}

/* What the remote has now: I14, nothing is taken for done that was not seen. */
static int read_back(struct capture_job *job, const char *ref, bool *there,
		     struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_STRVEC struct strvec patterns = STRVEC_INIT;
	const struct remote_ref *found;

	strvec_push(&patterns, ref);
	if (fault("capture read back"))
		return err_sys(err, "cannot read '%s'", job->settings.remote);
	if (remote_list_pushed(job->repo, job->settings.remote, &patterns,
			       &refs, err) < 0)
		return err->code;
	found = remote_refs_find(&refs, ref);
	*there = found && git_oid_equal(&found->id, &job->capture.commit);
	return 0;
}

static int unknown(struct capture_job *job, struct err *err)
{
	err_prefix(err, "whether the push arrived is unknown");
	err->code = ERR_UNKNOWN;
	return err_hint(err, "git ls-remote %s " HEADS "%s",
			job->settings.remote, job->capture.branch);
}

static int push(struct capture_job *job, const char *ref,
		const struct strvec *said, struct err *err)
{
	AUTO_STRVEC struct strvec options = STRVEC_INIT, specs = STRVEC_INIT;
	const struct remote_push p = { .remote = job->settings.remote,
				       .options = &options,
				       .refspecs = &specs,
				       .words = &job->words };
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), &job->capture.commit);
	/* An empty value: it must not be there. */
	strvec_pushf(&options, "--force-with-lease=%s:", ref);
	for (size_t i = 0; i < said->nr; i++)
		strvec_push(&options, said->v[i]);
	strvec_pushf(&specs, "%s:%s", hex, ref);
	if (fault("capture push"))
		return err_sys(err, "cannot push");
	return remote_push_to(job->repo, &p, err);
}

/* With what makes a GitLab open the review, if it takes that. */
static int push_and_ask(struct capture_job *job, const char *ref, struct err *err)
{
	AUTO_STRVEC struct strvec said = STRVEC_INIT, nothing = STRVEC_INIT;
	int ret;

	if (!job->options.no_review)
		capture_job_push_options(job, &said);
	ret = push(job, ref, &said, err);
	if (ret >= 0 || !said.nr || signals_pending())
		return ret;
	strbuf_reset(&job->words);
	err_release(err);
	*err = (struct err)ERR_INIT;
	return push(job, ref, &nothing, err);
}

static int move_branch(struct capture_job *job, struct err *err)
{
	const struct branch_move move = { .to = job->update.to,
					  .push = true,
					  .message = "serversync: captured",
					  .again = "git serversync --update" };

	job->was_pushed = !branch_place_pushes(&job->update.place, &move);
	if (branch_place_move(&job->update.place, &move, err) < 0)
		return err->code;
	job->pushed = true;
	return 0;
}

int capture_job_push(struct capture_job *job, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_ERR struct err looked = ERR_INIT;
	int ret;

	if (job->updating)
		return move_branch(job, err);
	job->pushed = job->was_pushed;
	if (job->pushed)
		return 0;
	strbuf_addf(&ref, HEADS "%s", job->capture.branch);
	ret = push_and_ask(job, ref.buf, err);
	if (read_back(job, ref.buf, &job->pushed, &looked) < 0) {
		if (!ret)
			err_set(err, looked.code, "%s", looked.msg.buf);
		return ret == ERR_REFUSED ? ret : unknown(job, err);
	}
	if (job->pushed)
		return 0;
	if (ret < 0)
		return err_hint(err,
				"the capture is on %s; git serversync %s "
				"pushes it",
				job->capture.branch, job->settings.environment);
	err_set(err, ERR_FAILED,
		"the remote took the push and has no such branch");
	return unknown(job, err);
}
