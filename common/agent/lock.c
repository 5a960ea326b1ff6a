#include "common/base/base.h"
#include "common/agent/lock.h"

#include "common/sys/clock.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/text/quote.h"

#include <sys/file.h>
#include <sys/random.h>

/* The file always has this size: a full disk cannot stop a rollback. */
#define LOCK_SIZE 1024
#define POLL_MS	  20
/* Somebody who only looks holds a shared lock for a moment: lock_holder(). */
#define GRACE_MS 60

static void read_holder(int fd, struct strbuf *out)
{
	char text[LOCK_SIZE + 1];
	ssize_t n = pread(fd, text, LOCK_SIZE, 0);
	char *nl;

	if (n <= 0)
		return;
	text[n] = '\0';
	nl = strchr(text, '\n');
	if (!nl)
		return;
	nl[strcspn(nl + 1, "\n") + 1] = '\0';
	quote_text(out, nl + 1, strlen(nl + 1));
}

static int write_holder(struct agent *a, const char *reason)
{
	char text[LOCK_SIZE], now[CLOCK_STAMP_SIZE];
	AUTO_STRBUF struct strbuf sb = STRBUF_INIT;

	clock_stamp(time(NULL), now);
	strbuf_limit(&sb, LOCK_SIZE - 2);
	strbuf_addf(&sb, "%s\n", a->token);
	if (strbuf_addf(&sb, "%s since %s: %.200s (pid %ld)\n", a->who, now,
			reason, (long)getpid()) < 0)
		strbuf_addstr(&sb, "?\n");
	memset(text, '\n', sizeof(text));
	memcpy(text, sb.buf, sb.len);
	return pwrite_all(a->lock_fd, text, sizeof(text), 0);
}

static int make_token(struct agent *a)
{
	unsigned char random[16];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return -1;
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(a->token + 2 * i, 3, "%02x", random[i]);
	return 0;
}

static int wait_for(struct agent *a, int fd, int64_t wait_ms, struct err *err)
{
	AUTO_STRBUF struct strbuf holder = STRBUF_INIT;
	int64_t grace = clock_ms() + GRACE_MS;
	int64_t deadline = grace + wait_ms;
	bool told = false;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int ret;

		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return err_sys(err, "cannot lock the root");
		strbuf_reset(&holder);
		read_holder(fd, &holder);
		if (clock_ms() >= deadline) {
			err_set(err, ERR_LOCKED, "locked by %s",
				holder.len ? holder.buf : "somebody");
			return err_hint(err, "wait for it with --wait, or see "
					     "git release status");
		}
		if (!told && clock_ms() >= grace) {
			agent_tell(a, "note", "waiting for %s",
				   holder.len ? holder.buf : "the lock");
			told = true;
		}
		ret = agent_listen(a, POLL_MS, err);
		if (ret < 0)
			return ret;
	}
	return 0;
}

int lock_take(struct agent *a, const char *reason, int64_t wait_ms,
	      struct err *err)
{
	AUTO_FD int fd = openat(a->dot_fd, "lock",
				O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	int ret;

	if (fd < 0 || fault("lock"))
		return err_sys(err, "cannot open the lock");
	ret = wait_for(a, fd, wait_ms, err);
	if (ret < 0)
		return ret;
	if (make_token(a) < 0)
		return err_sys(err, "cannot make a token");
	a->lock_fd = TAKE_FD(fd);
	if (write_holder(a, reason) < 0 || fault("lock holder")) {
		err_sys(err, "cannot write the lock");
		lock_release(a);
		return err->code;
	}
	return 0;
}

int lock_check(struct agent *a, struct err *err)
{
	struct stat held, named;
	char token[sizeof(a->token)] = "";

	if (fstat(a->lock_fd, &held) < 0 ||
	    fstatat(a->dot_fd, "lock", &named, AT_SYMLINK_NOFOLLOW) < 0 ||
	    held.st_ino != named.st_ino || held.st_dev != named.st_dev ||
	    pread(a->lock_fd, token, sizeof(token) - 1, 0) < 0 ||
	    memcmp(token, a->token, sizeof(token) - 1))
		return err_set(err, ERR_UNDONE, "the lock was taken away");
	return 0;
}

void lock_holder(struct agent *a, struct strbuf *out)
{
	AUTO_FD int fd = a->dot_fd < 0
				 ? -1
				 : openat(a->dot_fd, "lock",
					  O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	if (flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		read_holder(fd, out);
		if (!out->len)
			strbuf_addstr(out, "somebody");
	}
}

void lock_release(struct agent *a)
{
	char blank[LOCK_SIZE];

	if (a->lock_fd < 0)
		return;
	memset(blank, '\n', sizeof(blank));
	if (pwrite_all(a->lock_fd, blank, sizeof(blank), 0) < 0)
		agent_tell(a, "warn", "the lock still names us");
	close_quietly(a->lock_fd);
	a->lock_fd = -1;
}
