#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/ui/json_out.h"

void json_out_add(const json_t *doc, struct strbuf *out)
{
	AUTO_FREE char *text = json_dumps(
		doc, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII);

	if (!text)
		mem_exhausted();
	/* jansson escapes what is below a blank and above DEL, but not that. */
	for (const char *p = text;;) {
		size_t len = strcspn(p, "\x7f");

		strbuf_add(out, p, len);
		p += len;
		if (!*p)
			break;
		strbuf_addstr(out, "\\u007f");
		p++;
	}
	strbuf_addch(out, '\n');
}

void json_out_print(const json_t *doc, FILE *out)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	json_out_add(doc, &text);
	fputs(text.buf, out);
}

json_t *json_out_text(const char *text, size_t len)
{
	json_t *s = json_stringn(text, len);

	/* The only failure besides memory is text that is no UTF-8. */
	if (!s) {
		AUTO_STRBUF struct strbuf ok = STRBUF_INIT;

		for (size_t i = 0; i < len; i++) {
			if ((unsigned char)text[i] < 0x80)
				strbuf_addch(&ok, text[i]);
			else
				strbuf_addstr(&ok, "\xef\xbf\xbd");
		}
		s = json_stringn(ok.buf, ok.len);
	}
	if (!s)
		mem_exhausted();
	return s;
}
