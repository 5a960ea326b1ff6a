#ifndef CMD_TEXT_H
#define CMD_TEXT_H

#include "common/base/base.h"

#include <jansson.h>

/* Small pieces of output that several commands print alike. */

/* A member of any text; "" and NULL become null. */
void cmd_text_json(json_t *doc, const char *key, const char *text);

/* The first digits of an object id in hex; "" stays empty. */
const char *cmd_text_short(const char *hex, char out[8]);

#endif
