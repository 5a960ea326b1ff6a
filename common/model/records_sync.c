#include "common/base/base.h"
#include "common/model/records_sync.h"
#include "common/base/mem.h"
#include "common/git/remote.h"
#include "common/git/run_git.h"
#include "common/model/records.h"
#include "common/text/quote.h"

/* Where the remote's notes wait to be merged with ours. */
#define SIDE_REF "refs/git-release/remote-notes"
#define FETCH_OPTIONS                                                          \
	"--quiet", "--no-tags", "--no-write-fetch-head",                       \
		"--no-recurse-submodules", "--no-auto-maintenance", "--refmap="
#define PUSH_TRIES 3
#define ERRORS_MAX (64u << 10)
/* A remote that does not answer must not hold up a release for ever. */
#define TIMEOUT_MS (120 * 1000)

void records_sync_release(struct records_sync *sync)
{
	proc_release(&sync->fetch);
	free(sync->remote);
	free(sync->warning);
	*sync = (struct records_sync)RECORDS_SYNC_INIT;
}

static void warn(struct strvec *warnings, const char *what, const struct err *err)
{
	strvec_pushf(warnings, "%s: %s", what, err->msg.buf);
}

void records_fetch_start(struct records_sync *sync, git_repository *repo,
			 const char *remote)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	sync->repo = repo;
	sync->remote = xstrdup(remote);
	if (!remote_exists(repo, remote)) {
		sync->warning = xstrdup("there is no such remote");
		return;
	}
	/*
	 * A package that is here already is never overwritten (no "+"): the
	 * same tag built differently is refused, and said so. What is live
	 * and the notes come as the remote has them.
	 */
	strvec_pushl(&cmd.argv, "fetch", FETCH_OPTIONS, remote,
		     "refs/releases/*:refs/releases/*",
		     "+refs/deployments/*:refs/deployments/*",
		     "+refs/notes/deployments*:" SIDE_REF "*", NULL);
	cmd.repo = repo;
	spec.errors = PROC_PIPE;
	spec.out = PROC_NULL;
	if (git_cmd_start(&cmd, &spec, &sync->fetch, &err) < 0)
		sync->warning = strbuf_detach(&err.msg);
}

static int merge_notes(git_repository *repo, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_ERR struct err none = ERR_INIT;
	git_oid theirs, ours;
	int ret;

	ret = repo_ref_id(repo, SIDE_REF, &theirs, &none);
	if (ret == ERR_NOTFOUND)
		return 0;
	if (ret < 0)
		return err_set(err, ret, "%s", none.msg.buf);
	ret = repo_ref_id(repo, RECORDS_NOTES_REF, &ours, &none);
	if (ret == ERR_NOTFOUND) {
		memset(&ours, 0, sizeof(ours));
		return repo_ref_swap(repo, RECORDS_NOTES_REF, &ours, &theirs,
				     NULL, err);
	}
	if (!ret && git_oid_equal(&ours, &theirs))
		return 0;
	strvec_pushl(&cmd.argv, "notes", "--ref=" RECORDS_NOTES_REF, "merge",
		     "--quiet", "-s", "cat_sort_uniq", SIDE_REF, NULL);
	cmd.repo = repo;
	return git_cmd_run(&cmd, NULL, err);
}

static int finish_fetch(struct records_sync *sync, struct err *err)
{
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	struct proc_talk talk = { .errors = &errors, .timeout_ms = TIMEOUT_MS };
	int ret, status;

	strbuf_limit(&errors, ERRORS_MAX);
	if ((ret = proc_talk(&sync->fetch, &talk, &status, err)) < 0)
		return ret;
	/* Part of it may have come: the notes are merged all the same. */
	if (status) {
		AUTO_ERR struct err ignored = ERR_INIT;

		if (merge_notes(sync->repo, &ignored) < 0)
			ignored.code = 0;
		return git_cmd_failed(err, ERR_FAILED, "git fetch failed",
				      &errors);
	}
	return merge_notes(sync->repo, err);
}

static void say_what(struct strbuf *what, const char *verb, const char *remote)
{
	strbuf_addf(what, "%s '", verb);
	quote_text(what, remote, strnlen(remote, 200));
	strbuf_addch(what, '\'');
}

void records_fetch_finish(struct records_sync *sync, struct strvec *warnings)
{
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (!sync->remote)
		return;
	say_what(&what, "cannot fetch packages and records from", sync->remote);
	if (sync->warning)
		strvec_pushf(warnings, "%s: %s", what.buf, sync->warning);
	else if (sync->fetch.pid && finish_fetch(sync, &err) < 0)
		warn(warnings, what.buf, &err);
	records_sync_release(sync);
}

static bool ref_exists(git_repository *repo, const char *ref)
{
	git_oid id;

	return !git_reference_name_to_id(&id, repo, ref);
}

static int push_once(git_repository *repo, const char *remote,
		     const struct strvec *refs, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;

	strvec_pushl(&cmd.argv, "push", "--quiet", "--no-follow-tags",
		     "--recurse-submodules=no", remote, NULL);
	for (size_t i = 0; i < refs->nr; i++) {
		bool force = *refs->v[i] == '+';
		const char *ref = refs->v[i] + force;

		/* One that is gone here goes there too. */
		strvec_pushf(&cmd.argv, "%s%s:%s", force ? "+" : "",
			     ref_exists(repo, ref) ? ref : "", ref);
	}
	if (ref_exists(repo, RECORDS_NOTES_REF))
		strvec_push(&cmd.argv, RECORDS_NOTES_REF ":" RECORDS_NOTES_REF);
	cmd.repo = repo;
	cmd.timeout_ms = TIMEOUT_MS;
	return git_cmd_run(&cmd, NULL, err);
}

/* Only the notes: what is live here is what is about to be told. */
static int fetch_notes(git_repository *repo, const char *remote, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	int ret;

	strvec_pushl(&cmd.argv, "fetch", FETCH_OPTIONS, remote,
		     "+refs/notes/deployments*:" SIDE_REF "*", NULL);
	cmd.repo = repo;
	cmd.timeout_ms = TIMEOUT_MS;
	if ((ret = git_cmd_run(&cmd, NULL, err)) < 0)
		return ret;
	return merge_notes(repo, err);
}

void records_push(git_repository *repo, const char *remote,
		  const struct strvec *refs, struct strvec *warnings)
{
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	say_what(&what, "cannot push packages and records to", remote);
	if (!remote_exists(repo, remote)) {
		strvec_pushf(warnings, "%s: there is no such remote", what.buf);
		return;
	}
	for (int i = 0; i < PUSH_TRIES; i++) {
		AUTO_ERR struct err fetched = ERR_INIT;

		if (!push_once(repo, remote, refs, &err))
			return;
		/* Where fetching fails too, trying again is no use. */
		if (fetch_notes(repo, remote, &fetched) < 0)
			break;
	}
	warn(warnings, what.buf, &err);
}
