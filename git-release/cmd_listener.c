#include "common/base/base.h"
#include "git-release/cmd_listener.h"

#include "common/host/told.h"
#include "common/sys/signals.h"
#include "common/ui/phases.h"
#include "common/ui/report.h"
#include "git-release/job_view.h"

static void told(void *ctx, const char *kind, const char *text)
{
	struct cmd_listener *l = ctx;
	const char *name, *rest;

	switch (told_kind(kind)) {
	case TOLD_PHASE:
		name = told_phase(text, &rest);
		if (name && l->phase)
			l->phase(l->ctx, l->phases, name, rest);
		break;
	case TOLD_LINE:
		phases_output(l->phases, text, strlen(text));
		phases_output(l->phases, "\n", 1);
		break;
	case TOLD_WARNING: report_warning("%s", text); break;
	case TOLD_NOTE: phases_say(l->phases, "  %s", text); break;
	case TOLD_OTHER: break;
	}
}

static bool stop(void *ctx)
{
	(void)ctx;
	return signals_pending() != 0;
}

static bool leave(void *ctx)
{
	(void)ctx;
	return signals_repeated();
}

static void sent(void *ctx, uint64_t bytes)
{
	struct cmd_listener *l = ctx;

	phases_progress(l->phases, bytes, 0);
}

void cmd_listener_init(struct cmd_listener *l, struct phases *phases,
		       int verbosity)
{
	*l = (struct cmd_listener){
		.listener = { .told = told,
			      .stop = stop,
			      .sent = sent,
			      .leave = leave,
			      .ctx = l },
		.phases = phases,
		.verbosity = verbosity,
	};
}
