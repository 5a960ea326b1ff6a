#ifndef CMD_SWITCH_H
#define CMD_SWITCH_H

#include "common/base/base.h"

/* What "rollback" and "activate" have in common: everything but the words. */
struct switch_words {
	const char *const *usage;
	bool rollback;
	const char *doing; /* "Rolling back" */
	const char *done;  /* "Rolled back to" */
};

int cmd_switch(int argc, char **argv, const struct switch_words *words);

#endif
