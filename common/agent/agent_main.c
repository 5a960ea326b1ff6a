#include "common/base/base.h"
#include "common/agent/agent.h"

#include "common/agent/activate.h"
#include "common/agent/fetch.h"
#include "common/agent/lock.h"
#include "common/agent/open.h"
#include "common/agent/prune.h"
#include "common/agent/run.h"
#include "common/agent/scan_request.h"
#include "common/agent/stage.h"
#include "common/agent/take_request.h"
#include "common/agent/verify.h"
#include "common/base/num.h"
#include "common/sys/clock.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"

#include <signal.h>

/*
 * The agent: "serve <nonce> <request> [unlink]" greets and obeys; "check
 * <sha256>" tells by its exit status whether this program has arrived whole.
 */

static int prune_verb(struct agent *a, struct message *m, struct err *err)
{
	return prune_request(a, m, err);
}

static const struct {
	const char *verb;
	int (*serve)(struct agent *a, struct message *m, struct err *err);
	bool locked; /* only for the holder of the lock */
} verbs[] = {
	{ "open", open_request, false },
	{ "stage", stage_request, true },
	{ "activate", activate_request, true },
	{ "prune", prune_verb, false },
	{ "verify", verify_request, false },
	{ "log", log_request, false },
	{ "fetch", fetch_request, false },
	{ "scan", scan_request, false },
	{ "take", take_request, false },
};

static int serve_one(struct agent *a, const char *verb, struct message *m,
		     struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(verb, verbs[i].verb))
			continue;
		if (i && a->root_fd < 0 && verbs[i].locked)
			return err_set(err, ERR_FAILED, "no root is open");
		if (verbs[i].locked && a->lock_fd < 0)
			return err_set(err, ERR_FAILED,
				       "the root was opened to look only");
		return verbs[i].serve(a, m, err);
	}
	return err_set(err, ERR_FAILED, "this agent cannot '%s'", verb);
}

static void serve(struct agent *a)
{
	AUTO_STRBUF struct strbuf verb = STRBUF_INIT;

	while (!a->gone && !a->cancelled) {
		AUTO_MESSAGE struct message m = MESSAGE_INIT;
		AUTO_ERR struct err err = ERR_INIT;
		int type = message_read_request(&a->in, AGENT_PATIENCE_MS,
						&verb, &m, &err);

		if (type != PKT_DATA)
			break;
		a->heard_at = clock_ms();
		if (serve_one(a, verb.buf, &m, &err) < 0)
			agent_send_error(a, &err);
	}
	if (a->run)
		run_abort(a, "the client went away before the decision");
	lock_release(a);
}

static void unlink_self(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n <= 0)
		return;
	path[n] = '\0';
	/* Only a copy that was brought for this one run. */
	if (strstr(path, "/.git-release-"))
		(void)unlink(path);
}

static int greet(int out, const char *nonce)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	strbuf_addf(&line, "\ngit-release-agent %s %d\n", nonce, AGENT_PROTOCOL);
	return write_all(out, line.buf, line.len);
}

/*
 * The first request comes as the last word of the command line, every byte
 * but the plainest as =ooo, or "-" for none: read as if it had come through the pipe.
 */
static int take_first(struct pkt_reader *in, const char *word)
{
	if (!strcmp(word, "-"))
		return 0;
	while (*word) {
		uint32_t byte = (unsigned char)*word++;

		if (in->have >= sizeof(in->buf))
			return -1;
		if (byte == '=') {
			if (strnlen(word, 3) < 3 ||
			    num_parse_octal(word, 3, &byte) < 0 || byte > 255)
				return -1;
			word += 3;
		}
		in->buf[in->have++] = (char)byte;
	}
	return 0;
}

/* Big, and needed until the end of the process: not on the stack. */
static struct agent the_agent;

int main(int argc, char **argv)
{
	struct agent *a = &the_agent;

	if (argc == 3 && !strcmp(argv[1], "check"))
		return !self_is(argv[2]);
	if (argc < 3 || argc > 5 || strcmp(argv[1], "serve")) {
		fprintf(stderr, "usage: agent serve <nonce> [<request> "
				"[unlink]] | check <sha256>\n");
		return 129;
	}
	if (argc == 5)
		unlink_self();
	fault_init("agent");
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	a->login_umask = umask(077);
	a->out = STDOUT_FILENO;
	a->root_fd = a->dot_fd = a->releases_fd = a->shared_fd = -1;
	a->lock_fd = -1;
	a->journal.raw = (struct strbuf)STRBUF_INIT;
	a->heard_at = clock_ms();
	pthread_mutex_init(&a->out_lock, NULL);
	pkt_reader_init(&a->in, STDIN_FILENO);
	if (argc > 3 && take_first(&a->in, argv[3]) < 0)
		return 129;
	if (greet(a->out, argv[2]) < 0 || fcntl(a->out, F_SETFL, O_NONBLOCK) < 0)
		return 1;
	agent_start_alive(a);
	serve(a);
	return 0;
}
