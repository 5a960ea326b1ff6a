#include "common/base/base.h"
#include "common/text/url_text.h"

bool url_is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

void url_add_encoded(struct strbuf *out, const char *text, const char *except)
{
	for (; *text; text++) {
		if (url_is_plain(*text) || strchr(except, *text))
			strbuf_addch(out, *text);
		else
			strbuf_addf(out, "%%%02X", (unsigned char)*text);
	}
}

size_t url_length(const char *p)
{
	size_t len = 0;

	while (p[len] &&
	       (url_is_plain(p[len]) || strchr(":/?#@!$&()*+,;=%", p[len])))
		len++;
	return len;
}

bool url_is_web(const char *text)
{
	size_t len = url_length(text);
	size_t scheme = strspn(text, "https");

	if (strncmp(text, "http://", 7) != 0 && strncmp(text, "https://", 8) != 0)
		return false;
	return !text[len] && len > scheme + 3;
}
