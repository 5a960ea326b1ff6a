#include "common/base/base.h"
#include "git-drift/cmd_json.h"

#include "common/ui/json_out.h"

json_t *cmd_json_text(const char *text)
{
	return text ? json_out_text(text, strlen(text)) : json_null();
}

json_t *cmd_json_number(uint64_t nr)
{
	return json_integer((json_int_t)nr);
}

json_t *cmd_json_id(const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	if (git_oid_is_zero(id))
		return json_null();
	return json_string(git_oid_tostr(hex, sizeof(hex), id));
}

json_t *cmd_json_side(const struct delta_side *side)
{
	json_t *one = json_object();

	json_object_set_new(one, "name", cmd_json_text(side->name));
	json_object_set_new(one, "version", cmd_json_text(side->version));
	json_object_set_new(one, "commit", cmd_json_id(&side->commit));
	json_object_set_new(one, "tree", cmd_json_id(&side->tree));
	return one;
}
