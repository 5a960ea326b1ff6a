#ifndef CMD_CAPTURE_H
#define CMD_CAPTURE_H

#include "git-serversync/capture_job.h"

#include <jansson.h>

/* How the result of a capture is shown, on stdout. */
struct cmd_capture_view {
	const struct capture_job *job;
	bool quote_path; /* core.quotePath */
	bool colour;
	int verbosity;
};

/* What was found, by class; what is not taken, and why. */
void cmd_capture_list(const struct cmd_capture_view *v);
/* What became of it: the branch and the review. */
void cmd_capture_outcome(const struct cmd_capture_view *v);

/* The document of --json, see git-serversync(1). */
json_t *cmd_capture_json(const struct capture_job *job);

#endif
