#ifndef CMD_TEXT_H
#define CMD_TEXT_H

#include "common/base/base.h"
#include "common/git/config.h"

#include <jansson.h>

/* Small pieces of output that several commands print alike. */

/* A member of any text; "" and NULL become null. */
void cmd_text_json(json_t *doc, const char *key, const char *text);

/*
 * "M <path>" and a line end, the path as core.quotePath has it shown; with nul
 * as it is, and NUL behind it.
 */
struct cmd_text_paths {
	const struct config *config;
	const char *indent;
	bool nul;
};
void cmd_text_change(const struct cmd_text_paths *how, char status,
		     const char *path);
/* The same as a member of a list. */
void cmd_text_change_json(json_t *list, char status, const char *path);

/* The first digits of an object id in hex; "" stays empty. */
const char *cmd_text_short(const char *hex, char out[8]);

#endif
