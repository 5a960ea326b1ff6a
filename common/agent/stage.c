#include "common/base/base.h"
#include "common/agent/stage.h"

#include "common/agent/hooks.h"
#include "common/agent/lock.h"
#include "common/agent/prune.h"
#include "common/agent/receive_release.h"
#include "common/agent/root.h"
#include "common/agent/seal.h"
#include "common/agent/server_edits.h"
#include "common/agent/shared.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/sys/clock.h"
#include "common/sys/fault.h"

static int take_mode(const struct message *m, const char *key, mode_t *out,
		     struct err *err)
{
	const char *s = message_get(m, key);
	uint32_t mode;

	if (!s || num_parse_octal(s, strlen(s), &mode) < 0 || mode > 0777)
		return err_set(err, ERR_FAILED, "'%s' is no file mode", key);
	*out = mode;
	return 0;
}

static int take_request(struct run *run, struct message *m, struct err *err)
{
	const char *base;

	run->request = *m;
	*m = (struct message)MESSAGE_INIT;
	m = &run->request;
	run->package = message_get(m, "package");
	run->version = message_get(m, "version");
	base = message_get(m, "base");
	run->base_id = base ? base : "";
	if (!run->package || !run->version || !message_get(m, "commit") ||
	    strlen(run->package) != OID_HEXSZ ||
	    (*run->base_id && !release_id_ok(run->base_id)))
		return err_set(err, ERR_FAILED, "a stage request is not whole");
	if (take_mode(m, "file-mode", &run->file_mode, err) < 0 ||
	    take_mode(m, "directory-mode", &run->directory_mode, err) < 0 ||
	    message_u64(m, "keep", &run->keep, err) < 0 ||
	    message_u64(m, "recycle-after", &run->recycle_after, err) < 0 ||
	    message_u64(m, "timeout", &run->timeout, err) < 0)
		return err->code;
	return 0;
}

/* From the clock, but never one that was there before: ids are for ever. */
static void choose_id(struct run *run, const struct journal *j)
{
	time_t now = time(NULL);

	for (;; now++) {
		bool taken;

		clock_release_id(now, run->id);
		taken = releases_find(&run->releases, run->id) != NULL;
		for (size_t i = 0; !taken && i < j->nr; i++)
			taken = !strcmp(j->lines[i].release, run->id);
		if (!taken)
			return;
	}
}

static int make_room(struct agent *a, struct run *run, struct err *err)
{
	AUTO_FD int tmp = root_dot_dir(a, "tmp", true);

	if (tmp < 0 || fault("make staging") || mkdirat(tmp, a->token, 0700) < 0)
		return err_sys(err, "cannot make '.release/tmp/%s'", a->token);
	run->tmp_fd = openat(tmp, a->token,
			     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (run->tmp_fd < 0 || mkdirat(run->tmp_fd, "seed", 0700) < 0)
		return err_sys(err, "cannot make '.release/tmp/%s'", a->token);
	run->seed_fd = openat(run->tmp_fd, "seed",
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (run->seed_fd < 0)
		return err_sys(err, "cannot open '.release/tmp/%s'", a->token);
	return 0;
}

/* Complete on disk before its name appears: syncfs, rename, fsync. */
static int publish(struct agent *a, struct run *run, struct err *err)
{
	if (fchmod(run->tree_fd, run->directory_mode) < 0)
		return err_sys(err, "cannot finish the release");
#ifndef MUTANT_NO_SYNCFS
	if (fault("sync release") || syncfs(run->tree_fd) < 0)
		return err_sys(err, "cannot sync the release");
#endif
	if (lock_check(a, err) < 0 ||
	    run_ledger(a, run, LEDGER_STAGING, "", err) < 0)
		return err->code;
	run->visible = true;
	if (fault("publish") ||
	    renameat2(run->tmp_fd, "tree", a->releases_fd, run->id,
		      RENAME_NOREPLACE) < 0 ||
	    fsync(a->releases_fd) < 0)
		return err_sys(err, "cannot move the release to 'releases/%s'",
			       run->id);
	return run_ledger(a, run, LEDGER_STAGED, "", err);
}

static int run_hooks(struct agent *a, struct run *run, const char *point,
		     struct err *err)
{
	const struct hook_context h = {
		.m = &run->request,
		.id = run->id,
		.previous = run->releases.live_id,
		.version = run->version,
		.package = run->package,
		.timeout = run->timeout,
	};
	char key[16];
	size_t ran = 0;
	int ret;

	snprintf(key, sizeof(key), "%s-hook", point);
	if (!message_get(&run->request, key))
		return 0;
	run->hooks_ran = true;
	ret = hooks_run(a, point, &h, &ran, err);
	if (ret < 0)
		return ret;
	agent_tell(a, "phase", "%s %zu hook%s", point, ran, ran == 1 ? "" : "s");
	return agent_listen(a, 0, err);
}

static int tell_prepared(struct agent *a, struct run *run, struct err *err)
{
	size_t edits = server_edits_discarded(run);
	char note[64] = "";

	if (edits)
		snprintf(note, sizeof(note), "%zu server edit%s discarded",
			 edits, edits == 1 ? "" : "s");
	return run_ledger(a, run, LEDGER_PREPARED, note, err);
}

static int make_release(struct agent *a, struct run *run, struct err *err)
{
	int ret = receive_release(a, run, err);

	if (ret < 0)
		return ret;
	agent_tell(a, "phase", "ship %zu %zu %zu %s", run->received,
		   run->copied, run->kept, run->recycled);
	if (shared_link(a, run, err) < 0 || release_describe(a, run, err) < 0 ||
	    publish(a, run, err) < 0 || server_edits_record(a, run, err) < 0)
		return err->code;
	agent_tell(a, "phase", "link %zu shared", run->nr_shared);
	if (agent_listen(a, 0, err) < 0 || run_hooks(a, run, "pre", err) < 0 ||
	    run_hooks(a, run, "mid", err) < 0 || lock_check(a, err) < 0 ||
	    seal_write(a, run, err) < 0)
		return err->code;
	return tell_prepared(a, run, err);
}

/* The release failed: say so in its hooks, then in the reply. */
static void tell_fail_hooks(struct agent *a, struct run *run)
{
	AUTO_ERR struct err err = ERR_INIT;

	if (run->visible && run_hooks(a, run, "fail", &err) < 0)
		agent_tell(a, "warn", "%s", err.msg.buf);
}

int stage_request(struct agent *a, struct message *m, struct err *err)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	struct run *run = xcalloc(1, sizeof(*run));
	int ret;

	if (a->run)
		run_abort(a, "another one was staged");
	run->tmp_fd = run->tree_fd = run->seed_fd = -1;
	run->new.raw = (struct strbuf)STRBUF_INIT;
	run->old_index = (struct release_index)RELEASE_INDEX_INIT;
	run->request.bytes = (struct strbuf)STRBUF_INIT;
	a->run = run;
	ret = take_request(run, m, err);
	if (!ret)
		ret = releases_load(a, &run->releases, err);
	if (!ret)
		choose_id(run, &a->journal);
	if (!ret)
		ret = lock_check(a, err);
	if (!ret)
		ret = make_room(a, run, err);
	if (!ret)
		ret = shared_survey(a, run, err);
	if (!ret)
		server_edits_begin(a, run);
	if (!ret)
		ret = make_release(a, run, err);
	if (ret < 0) {
		tell_fail_hooks(a, run);
		run_abort(a, err->msg.buf);
		if (err->code == ERR_FAILED)
			err->code = ERR_UNDONE;
		return err->code;
	}
	reply_add(&out, "id", "%s", run->id);
	server_edits_reply(run, &out);
	pkt_add_flush(&out);
	agent_send(a, &out);
	return 0;
}
