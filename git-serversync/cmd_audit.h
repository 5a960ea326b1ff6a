#ifndef CMD_AUDIT_H
#define CMD_AUDIT_H

#include "git-serversync/symmetry_audit.h"

#include <jansson.h>

/*
 * Says why nothing can go on: STOP and its list on stdout, or what is not
 * proven on stderr. The verdict must not be AUDIT_OK. Returns the exit status.
 */
struct cmd_audit_stop {
	const struct symmetry_audit *audit;
	const char *environment;
	const char *bad, *reset; /* colours, or "" */
	bool quote_path;	 /* core.quotePath */
};
int cmd_audit_stop(const struct cmd_audit_stop *s);

/* The document of "git serversync audit --json", see git-serversync(1). */
json_t *cmd_audit_json(const struct serversync_settings *settings,
		       const struct symmetry_audit *a);

#endif
