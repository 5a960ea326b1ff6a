/*
 * A hostile client: the agent's verbs over a root in memory, fed with fields
 * and streams. Each input is cut into packets (a length byte, then bytes; 0
 * is a flush, 255 a delimiter) behind an honest "open"; fields that would run
 * a program are left out. Afterwards nothing may be where the root is not.
 */
#include "common/base/base.h"
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
#include "common/base/mem.h"
#include "common/sys/clock.h"
#include "common/sys/rmtree.h"

#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int tmp_fd = -1;
static char tmp_path[] = "/dev/shm/fuzz-agent-XXXXXX";

static void leave(void)
{
	AUTO_ERR struct err err = ERR_INIT;

	(void)!rmtree(tmp_fd, "root", &err);
	(void)rmdir(tmp_path);
}

static int prune(struct agent *a, struct message *m, struct err *err)
{
	return prune_request(a, m, err);
}

static const struct {
	const char *verb;
	int (*serve)(struct agent *a, struct message *m, struct err *err);
} verbs[] = {
	{ "open", open_request },	  { "stage", stage_request },
	{ "activate", activate_request }, { "prune", prune },
	{ "verify", verify_request },	  { "log", log_request },
	{ "fetch", fetch_request },	  { "scan", scan_request },
	{ "take", take_request },
};

static void serve(struct agent *a)
{
	AUTO_STRBUF struct strbuf verb = STRBUF_INIT;

	for (;;) {
		AUTO_MESSAGE struct message m = MESSAGE_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		if (message_read_request(&a->in, 0, &verb, &m, &err) != PKT_DATA)
			break;
		for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
			if (!strcmp(verb.buf, verbs[i].verb) &&
			    (!i || a->lock_fd >= 0) &&
			    verbs[i].serve(a, &m, &err) < 0)
				break;
	}
	if (a->run)
		run_abort(a, "the end");
	lock_release(a);
}

/* Runs no program, and opens no other root. */
static bool harmless(const uint8_t *data, size_t len)
{
	return len && !memmem(data, len, "-hook", 5) &&
	       !memmem(data, len, "root=", 5);
}

static void add_packets(struct strbuf *out, const uint8_t *data, size_t size)
{
	static const char *const fields[] = {
		"stage",
		"package=0123456789012345678901234567890123456789",
		"version=v1",
		"commit=x",
		"file-mode=644",
		"directory-mode=755",
		"keep=5",
		"recycle-after=0",
		"timeout=1",
		"base=",
		"guard=refuse",
		"guard-known=100644 "
		"0123456789012345678901234567890123456789 file",
		"guard-known=000000 "
		"0000000000000000000000000000000000000000 dir/link",
	};

	while (size) {
		size_t len = *data++;

		size--;
		if (!len) {
			pkt_add_flush(out);
		} else if (len == 255) {
			pkt_add_delim(out);
		} else if (len == 254) { /* a request that is nearly whole */
			for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
				pkt_add(out, fields[i], strlen(fields[i]));
		} else {
			len = len < size ? len : size;
			if (harmless(data, len))
				pkt_add(out, data, len);
			data += len;
			size -= len;
		}
	}
	pkt_add_flush(out);
}

static void close_all(struct agent *a)
{
	const int fds[] = { a->root_fd, a->dot_fd, a->releases_fd, a->shared_fd,
			    a->in.fd };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		if (fds[i] >= 0)
			close_quietly(fds[i]);
	delta_base_free(a->base);
	journal_release(&a->journal);
	pthread_mutex_destroy(&a->out_lock);
}

static void run(const struct strbuf *bytes)
{
	static struct agent agent;
	struct agent *a = &agent;
	int fd = memfd_create("requests", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes->buf, bytes->len) != (ssize_t)bytes->len ||
	    lseek(fd, 0, SEEK_SET) < 0)
		abort();
	*a = (struct agent){ .out = open("/dev/null", O_WRONLY | O_CLOEXEC) };
	a->root_fd = a->dot_fd = a->releases_fd = a->shared_fd = a->lock_fd = -1;
	a->journal.raw = (struct strbuf)STRBUF_INIT;
	a->heard_at = clock_ms();
	pthread_mutex_init(&a->out_lock, NULL);
	pkt_reader_init(&a->in, fd);
	serve(a);
	close_all(a);
	close_quietly(a->out);
}

/* A live release of another tool, for what looks at one. */
static void make_live(void)
{
	static const char *const dirs[] = { "root", "root/releases",
					    "root/releases/r1",
					    "root/releases/r1/dir" };
	AUTO_FD int fd = -1;

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		(void)mkdirat(tmp_fd, dirs[i], 0700);
	(void)symlinkat("releases/r1", tmp_fd, "root/current");
	(void)symlinkat("../../../shared", tmp_fd, "root/releases/r1/dir/link");
	fd = openat(tmp_fd, "root/releases/r1/file",
		    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0 && write(fd, "hello", 5) != 5)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct stat st;

	if (tmp_fd < 0) {
		if (!mkdtemp(tmp_path))
			abort();
		tmp_fd = open(tmp_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		(void)atexit(leave);
	}
	if (size && data[0] & 2)
		make_live();
	request_begin(&bytes, "open");
	request_add(&bytes, "root", "%s/root", tmp_path);
	request_add(&bytes, "mode", "change");
	request_add(&bytes, "who", "fuzz");
	request_end(&bytes);
	add_packets(&bytes, data, size);
	run(&bytes);
	/* The root is all there is: two names and a link to itself. */
	if (fstat(tmp_fd, &st) < 0 || st.st_nlink > 3)
		abort();
	if (size && data[0] & 1 && rmtree(tmp_fd, "root", &err) < 0)
		abort();
	return 0;
}
