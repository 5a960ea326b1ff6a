#include "common/base/base.h"
#include "git-release/cmd_text.h"

#include "common/ui/json_out.h"

void cmd_text_json(json_t *doc, const char *key, const char *text)
{
	json_object_set_new(doc, key,
			    text && *text ? json_out_text(text, strlen(text))
					  : json_null());
}

const char *cmd_text_short(const char *hex, char out[8])
{
	snprintf(out, 8, "%s", hex);
	return out;
}
