#include "common/base/base.h"
#include "common/sys/fault.h"

#ifdef FAULT_POINTS

#	include "common/base/num.h"

#	include <signal.h>

static const char *this_program = "";
static const char *kind;
static uint64_t wanted, passed;
static int log_fd = -1;

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
}

static bool strike(void)
{
	if (!strcmp(kind, "enospc")) {
		errno = ENOSPC;
		return true;
	}
	if (!strcmp(kind, "hang")) {
		for (;;)
			pause();
	}
	if (!strcmp(kind, "kill"))
		(void)raise(SIGKILL);
	errno = EIO;
	return true;
}

bool fault(const char *name)
{
	char line[160];
	int n;

	passed++;
	if (log_fd >= 0) {
		n = snprintf(line, sizeof(line), "%s %s\n", this_program, name);
		if (write(log_fd, line, (size_t)n) < 0)
			log_fd = -1;
	}
	if (!kind)
		return false;
	if (!strcmp(kind, "after")) {
		if (passed == wanted + 1)
			(void)raise(SIGKILL);
		return false;
	}
	return passed == wanted && strike();
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
