#ifndef CMD_CHECK_H
#define CMD_CHECK_H

#include "git-drift/cmd_delta.h"
#include "git-drift/drift_check.h"

/* The documents of "git drift check"; owned by the caller. */

/* --json */
json_t *cmd_check_json(const struct drift_check *c,
		       const struct delta_sides *sides);

/* --sarif: SARIF 2.1.0, for code hosts. */
json_t *cmd_check_sarif(const struct drift_check *c);

#endif
