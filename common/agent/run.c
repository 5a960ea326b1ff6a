#include "common/base/base.h"
#include "common/agent/run.h"

#include "common/agent/prune.h"
#include "common/agent/root.h"
#include "common/agent/server_edits.h"
#include "common/sys/rmtree.h"

mode_t run_mode(const struct run *run, uint32_t manifest_mode)
{
	mode_t mode = run->file_mode;

	if (manifest_mode == MANIFEST_EXECUTABLE)
		mode |= (mode & 0444) >> 2;
	return mode;
}

int run_ledger(struct agent *a, struct run *run, enum ledger_event event,
	       const char *note, struct err *err)
{
	const struct ledger_line line = {
		.event = event,
		.release = run->id,
		.package = run->package,
		.version = run->version,
		.who = a->who,
		.note = note,
	};

	return journal_append(&a->journal, a->dot_fd, &line, err);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close_quietly(*fd);
	*fd = -1;
}

void run_free(struct run *run)
{
	if (!run)
		return;
	server_edits_free(run->edits); /* it reads in what follows */
	close_fd(&run->tmp_fd);
	close_fd(&run->tree_fd);
	close_fd(&run->seed_fd);
	message_release(&run->request);
	releases_release(&run->releases);
	manifest_release(&run->new);
	strvec_release(&run->made);
	free(run->shared);
	free(run->places);
	free(run->records);
	free(run->done);
	release_index_release(&run->old_index);
	free(run->lines);
	free(run);
}

void run_close(struct agent *a)
{
	AUTO_FD int tmp = root_dot_dir(a, "tmp", false);
	AUTO_ERR struct err err = ERR_INIT;

	if (tmp >= 0 && rmtree(tmp, a->token, &err) < 0)
		agent_tell(a, "warn", "cannot clean up: %s", err.msg.buf);
	run_free(a->run);
	a->run = NULL;
}

void run_abort(struct agent *a, const char *why)
{
	struct run *run = a->run;
	char live[129];
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_ERR struct err unsaid = ERR_INIT;

	if (!run)
		return;
	/* Whatever went wrong before: what is live is never removed. */
	if (run->visible &&
	    (releases_current(a, live, &err) < 0 || !strcmp(live, run->id))) {
		run_close(a);
		return;
	}
	if (run->visible) {
		/* A line less is mended by the next run. */
		if (!run->failed &&
		    run_ledger(a, run, LEDGER_FAILED, why, &unsaid) < 0)
			agent_tell(a, "warn", "%s", unsaid.msg.buf);
		if (release_to_trash(a, run->id, &err) < 0)
			agent_tell(a, "warn", "cannot clean up: %s", err.msg.buf);
		else
			release_forget(a, run->id);
	}
	run_close(a);
	trash_empty(a);
}
