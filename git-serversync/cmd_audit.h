#ifndef CMD_AUDIT_H
#define CMD_AUDIT_H

#include "git-serversync/symmetry_audit.h"

#include <jansson.h>

/* The document of "git serversync audit --json", see git-serversync(1). */
json_t *cmd_audit_json(const struct serversync_settings *settings,
		       const struct symmetry_audit *a);

#endif
