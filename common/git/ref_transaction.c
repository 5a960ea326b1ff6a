#include "common/base/base.h"
#include "common/git/ref_transaction.h"
#include "common/git/run_git.h"
#include "common/sys/fileio.h"

#include <poll.h>

/* Locks are waited for by git itself: core.filesRefLockTimeout, 100 ms. */
#define REPLY_MS   (60 * 1000)
#define ERRORS_MAX (64u << 10)

static void close_input(struct ref_transaction *tx)
{
	if (tx->git.in >= 0)
		close_quietly(TAKE_FD(tx->git.in));
}

/* The end of its input makes git give the locks back. */
void ref_transaction_release(struct ref_transaction *tx)
{
	const struct proc_talk talk = { .timeout_ms = REPLY_MS };
	AUTO_ERR struct err ignored = ERR_INIT;
	int status;

	close_input(tx);
	if (tx->git.pid > 0 && proc_talk(&tx->git, &talk, &status, &ignored) < 0)
		err_release(&ignored);
	proc_release(&tx->git);
}

static int refused(struct ref_transaction *tx, struct err *err)
{
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;

	close_input(tx);
	strbuf_limit(&errors, ERRORS_MAX);
	if (read_rest(tx->git.errors, &errors) < 0 && errno != EFBIG)
		return err_sys(err, "cannot read from git update-ref");
	return git_cmd_failed(err, ERR_REFUSED, "git cannot move the branches",
			      &errors);
}

/* Waits for "<word>: ok"; what comes instead is the end, and a reason. */
static int hear(struct ref_transaction *tx, const char *word, struct err *err)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT, want = STRBUF_INIT;
	struct pollfd pfd = { .fd = tx->git.out, .events = POLLIN };

	strbuf_addf(&want, "%s: ok\n", word);
	while (line.len < want.len) {
		char byte;
		ssize_t n;
		int ready = poll(&pfd, 1, REPLY_MS);

		if (!ready)
			return err_set(err, ERR_FAILED,
				       "git update-ref does not answer");
		if (ready < 0 && errno == EINTR)
			continue;
		n = read(tx->git.out, &byte, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return refused(tx, err);
		strbuf_addch(&line, byte);
	}
	return strcmp(line.buf, want.buf) ? refused(tx, err) : 0;
}

static int say(struct ref_transaction *tx, const char *text, struct err *err)
{
	return proc_write(&tx->git, text, strlen(text)) < 0 ? refused(tx, err)
							    : 0;
}

int ref_transaction_start(struct ref_transaction *tx, git_repository *repo,
			  const char *message, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	int ret;

	strvec_pushl(&cmd.argv, "update-ref", "--create-reflog", "-m", message,
		     "--stdin", NULL);
	cmd.repo = repo;
	spec.in = PROC_PIPE;
	spec.out = PROC_PIPE;
	spec.errors = PROC_PIPE;
	if ((ret = git_cmd_start(&cmd, &spec, &tx->git, err)) < 0 ||
	    (ret = say(tx, "start\n", err)) < 0)
		return ret;
	return hear(tx, "start", err);
}

int ref_transaction_move(struct ref_transaction *tx, const char *ref,
			 const git_oid *old, const git_oid *id, struct err *err)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	char from[GIT_OID_HEXSZ + 1] = "", to[GIT_OID_HEXSZ + 1];

	git_oid_tostr(to, sizeof(to), id);
	if (old)
		git_oid_tostr(from, sizeof(from), old);
	/* No ref that git takes holds a blank or a newline. */
	strbuf_addf(&line, "update %s %s%s%s\n", ref, to, old ? " " : "", from);
	return say(tx, line.buf, err);
}

int ref_transaction_prepare(struct ref_transaction *tx, struct err *err)
{
	int ret = say(tx, "prepare\n", err);

	return ret < 0 ? ret : hear(tx, "prepare", err);
}

int ref_transaction_commit(struct ref_transaction *tx, struct err *err)
{
	int ret = say(tx, "commit\n", err);

	if (ret < 0 || (ret = hear(tx, "commit", err)) < 0)
		return ret;
	close_input(tx);
	return 0;
}
