#ifndef CMD_JSON_H
#define CMD_JSON_H

#include "git-drift/cmd_delta.h"

/* Members that the JSON documents of every command of git drift share. */
json_t *cmd_json_text(const char *text); /* null for NULL */
json_t *cmd_json_number(uint64_t nr);
json_t *cmd_json_id(const git_oid *id); /* null for all zero */
json_t *cmd_json_side(const struct delta_side *side);

#endif
