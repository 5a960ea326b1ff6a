#include "common/base/base.h"
#include "common/agent/event_log.h"

#include "common/agent/root.h"
#include "common/sys/clock.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/text/quote.h"

void event_log(struct agent *a, const char *event, const char *id,
	       const char *version, const char *detail)
{
	AUTO_FD int fd = openat(a->root_fd, "deployment.log",
				O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW |
					O_NONBLOCK | O_CLOEXEC,
				0640);
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	char now[CLOCK_STAMP_SIZE];

	clock_stamp(time(NULL), now);
	strbuf_addf(&text, "%s %s %s", now, event, id);
	if (*version)
		strbuf_addf(&text, " (%s)", version);
	strbuf_addf(&text, " by %s: ", a->who);
	quote_text(&text, detail, strlen(detail));
	strbuf_addch(&text, '\n');
	/* For people on the server: our umask is for what is ours alone. */
	if (fd < 0 || fault("event log") || fchmod(fd, 0644) < 0 ||
	    write_all(fd, text.buf, text.len) < 0)
		agent_tell(a, "warn", "cannot write deployment.log: %s",
			   strerror(errno));
}

int release_log_open(struct agent *a, const char *id)
{
	AUTO_FD int dir = root_dot_dir(a, "log", true);

	return dir < 0 ? -1
		       : openat(dir, id,
				O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW |
					O_CLOEXEC,
				0600);
}
