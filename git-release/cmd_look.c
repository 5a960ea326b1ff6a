#include "common/base/base.h"
#include "git-release/cmd_look.h"

#include "common/host/told.h"
#include "common/ui/report.h"
#include "common/ui/screen.h"
#include "git-release/session_reach.h"

static void told(void *ctx, const char *kind, const char *text)
{
	(void)ctx;
	if (told_kind(kind) == TOLD_WARNING)
		report_warning("%s", text);
}

static void verbose(void *ctx, const char *line)
{
	const struct cmd_look *look = ctx;
	AUTO_STRBUF struct strbuf safe = STRBUF_INIT;

	if (look->verbosity <= 0)
		return;
	screen_add_line(&safe, line, strlen(line));
	fprintf(stderr, "%s\n", safe.buf);
}

int cmd_look_connect(struct cmd_look *look, int verbosity, struct err *err)
{
	struct session *s = &look->session;

	look->verbosity = verbosity;
	look->listener = (struct host_listener){ .told = told, .ctx = look };
	s->server.target.verbose = verbose;
	s->server.target.ctx = look;
	if (session_target(s, err) < 0)
		return err->code;
	return session_look(s, &look->listener, &look->host, &look->view, err);
}

int cmd_look_open(struct cmd_look *look, const char *to, int verbosity,
		  struct err *err)
{
	if (session_open(&look->session, err) < 0 ||
	    session_find_environment(&look->session, to, err) < 0)
		return err->code;
	return cmd_look_connect(look, verbosity, err);
}

void cmd_look_release(struct cmd_look *look)
{
	host_close(look->host);
	host_view_release(&look->view);
	session_release(&look->session);
}
