#include "common/base/base.h"
#include "git-drift/page_text.h"

#include "common/sys/hash.h"
#include "common/text/quote.h"
#include "common/transport/base64.h"

static const char *reference(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

static bool is_plain(char c)
{
	return c == '\t' || (c >= ' ' && c < 0x7f);
}

static size_t span(const char *s, size_t len, bool plain)
{
	size_t n = 0;

	while (n < len && is_plain(s[n]) == plain && !(plain && reference(s[n])))
		n++;
	return n;
}

void page_add_text(struct strbuf *out, const char *text, size_t len)
{
	while (len) {
		size_t n = span(text, len, true);
		const char *as;

		strbuf_add(out, text, n);
		text += n;
		len -= n;
		if (len && (as = reference(*text))) {
			strbuf_addstr(out, as);
			text++;
			len--;
		}
		/* What quote_text() gives back has nothing HTML would mind. */
		n = span(text, len, false);
		quote_text(out, text, n);
		text += n;
		len -= n;
	}
}

void page_add_source_hash(struct strbuf *out, const char *text, size_t len)
{
	unsigned char raw[SHA256_HEXSZ / 2];
	char hex[SHA256_HEXSZ + 1];
	struct sha256 h;

	sha256_init(&h);
	sha256_update(&h, text, len);
	sha256_final_hex(&h, hex);
	for (size_t i = 0; i < sizeof(raw); i++) {
		const char digits[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		raw[i] = (unsigned char)strtoul(digits, NULL, 16);
	}
	strbuf_addstr(out, "sha256-");
	base64_encode(raw, sizeof(raw), false, out);
}
