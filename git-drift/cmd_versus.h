#ifndef CMD_VERSUS_H
#define CMD_VERSUS_H

#include "git-drift/cmd_delta.h"
#include "git-drift/vendor_baseline.h"

/*
 * What the commands "[<baseline>] [<commit>]" begin with: the repository, its
 * settings, and the two sides. Says so when the baseline is a guess.
 */
struct cmd_versus {
	struct drift_session session;
	struct vendor_baseline baseline;
	struct delta_sides sides; /* points into these, and to the names */
};
#define CMD_VERSUS_INIT                                                         \
	{                                                                       \
		.session = DRIFT_SESSION_INIT, .baseline = VENDOR_BASELINE_INIT \
	}

/* v must be fresh, and must stay where it is. Either name may be NULL. */
int cmd_versus_open(struct cmd_versus *v, const char *baseline,
		    const char *commit, struct err *err) MUST_CHECK;
void cmd_versus_release(struct cmd_versus *v);
#define AUTO_VERSUS CLEANUP(cmd_versus_release)

#endif
