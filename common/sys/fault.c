#include "common/base/base.h"
#include "common/sys/fault.h"

#ifdef FAULT_POINTS

#	include "common/base/num.h"

#	include <signal.h>

static const char *this_program = "";
static const char *kind;
static uint64_t wanted, passed, written;
static int log_fd = -1;

/* There is no next step: all is done, and then killed. */
static void at_end(void)
{
	if (!strcmp(kind, "after") && passed == wanted)
		(void)raise(SIGKILL);
}

void fault_init(const char *program)
{
	const char *spec = getenv("GIT_RELEASE_FAULT");
	const char *log = getenv("GIT_RELEASE_FAULT_LOG");
	size_t len = strlen(program);
	const char *colon;

	this_program = program;
	if (log)
		log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
			      0666);
	if (!spec || strncmp(spec, program, len) || spec[len] != ':')
		return;
	spec += len + 1;
	colon = strchr(spec, ':');
	if (!colon || num_parse_u64(spec, (size_t)(colon - spec), &wanted) < 0)
		return;
	kind = colon + 1;
	(void)atexit(at_end);
}

static void log_line(const char *kind_of, const char *name)
{
	char line[160];
	int n;

	if (log_fd < 0)
		return;
	n = snprintf(line, sizeof(line), "%s%s %s\n", this_program, kind_of,
		     name);
	if (write(log_fd, line, (size_t)n) < 0)
		log_fd = -1;
}

/* Until a test wakes us, which reads from the log whom. */
static void stand_still(void)
{
	char line[32];
	int n = snprintf(line, sizeof(line), "hang %ld\n", (long)getpid());

	if (log_fd < 0 || write(log_fd, line, (size_t)n) == n)
		(void)raise(SIGSTOP);
}

static bool strike(void)
{
	if (!strcmp(kind, "enospc")) {
		errno = ENOSPC;
		return true;
	}
	if (!strcmp(kind, "hang")) {
		stand_still();
		return false;
	}
	if (!strcmp(kind, "kill"))
		(void)raise(SIGKILL);
	errno = EIO;
	return true;
}

static bool of_writes(void)
{
	return !strcmp(kind, "short") || !strcmp(kind, "torn");
}

bool fault(const char *name)
{
	passed++;
	log_line("", name);
	if (!kind || of_writes())
		return false;
	if (!strcmp(kind, "after")) {
		if (passed == wanted + 1)
			(void)raise(SIGKILL);
		return false;
	}
	return passed == wanted && strike();
}

bool fault_short(const char *name, size_t *len)
{
	written++;
	log_line("/write", name);
	if (!kind || !of_writes())
		return false;
	if (written == wanted + 1 && !strcmp(kind, "torn")) {
		errno = ENOSPC;
		return true;
	}
	if (written == wanted)
		*len -= *len / 2;
	return false;
}

int fault_wait(const char *variable, int ms)
{
	const char *s = getenv(variable);
	uint64_t n;

	if (s && !num_parse_u64(s, strlen(s), &n) && n < INT_MAX)
		return (int)n;
	return ms;
}

#endif
