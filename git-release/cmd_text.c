#include "common/base/base.h"
#include "git-release/cmd_text.h"

#include "common/text/quote.h"
#include "common/ui/json_out.h"

void cmd_text_json(json_t *doc, const char *key, const char *text)
{
	json_object_set_new(doc, key,
			    text && *text ? json_out_text(text, strlen(text))
					  : json_null());
}

void cmd_text_change(const struct cmd_text_paths *how, char status,
		     const char *path)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	strbuf_addf(&out, "%s%c ", how->indent, status);
	if (how->nul)
		strbuf_add(&out, path, strlen(path) + 1);
	else
		quote_path(&out, path, strlen(path),
			   config_quote_path(how->config));
	if (!how->nul)
		strbuf_addch(&out, '\n');
	fwrite(out.buf, 1, out.len, stdout);
}

void cmd_text_change_json(json_t *list, char status, const char *path)
{
	const char text[2] = { status, '\0' };
	json_t *one = json_object();

	cmd_text_json(one, "status", text);
	cmd_text_json(one, "path", path);
	json_array_append_new(list, one);
}

const char *cmd_text_short(const char *hex, char out[8])
{
	snprintf(out, 8, "%s", hex);
	return out;
}
