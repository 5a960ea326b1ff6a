#include "common/base/base.h"
#include "git-serversync/secret_signs.h"

#include "git-serversync/secret_placeholder.h"

/*
 * Tokens that are known by their form. The forms are those that the services
 * publish for scanners of secrets.
 */
enum alphabet { ALNUM, WORD, DASH, UPPER, HEX, BASE64 };

static const struct token_form {
	const char *prefix;
	enum alphabet of;
	unsigned short min, max;
	const char *what;
} forms[] = {
	{ "AKIA", UPPER, 16, 16, "an AWS key" },
	{ "ASIA", UPPER, 16, 16, "an AWS key" },
	{ "ghp_", ALNUM, 36, 255, "a GitHub token" },
	{ "gho_", ALNUM, 36, 255, "a GitHub token" },
	{ "ghu_", ALNUM, 36, 255, "a GitHub token" },
	{ "ghs_", ALNUM, 36, 255, "a GitHub token" },
	{ "ghr_", ALNUM, 36, 255, "a GitHub token" },
	{ "github_pat_", WORD, 36, 255, "a GitHub token" },
	{ "glpat-", DASH, 20, 300, "a GitLab token" },
	{ "gldt-", DASH, 20, 300, "a GitLab token" },
	{ "glrt-", DASH, 20, 300, "a GitLab token" },
	{ "glptt-", DASH, 40, 300, "a GitLab token" },
	{ "glcbt-", DASH, 20, 300, "a GitLab token" },
	{ "ATATT3", DASH, 60, 300, "an Atlassian token" },
	{ "ATBB", ALNUM, 28, 40, "a Bitbucket password" },
	{ "xoxb-", DASH, 20, 300, "a Slack token" },
	{ "xoxp-", DASH, 20, 300, "a Slack token" },
	{ "xoxa-", DASH, 20, 300, "a Slack token" },
	{ "xoxr-", DASH, 20, 300, "a Slack token" },
	{ "xoxs-", DASH, 20, 300, "a Slack token" },
	{ "xoxe-", DASH, 20, 300, "a Slack token" },
	{ "xapp-", DASH, 30, 300, "a Slack token" },
	{ "sk_live_", ALNUM, 16, 255, "a Stripe key" },
	{ "rk_live_", ALNUM, 16, 255, "a Stripe key" },
	{ "whsec_", BASE64, 24, 255, "a Stripe secret" },
	{ "AIza", DASH, 35, 35, "a Google API key" },
	{ "GOCSPX-", DASH, 28, 28, "a Google client secret" },
	{ "ya29.", DASH, 60, 2048, "a Google token" },
	{ "npm_", ALNUM, 36, 36, "an npm token" },
	{ "pypi-AgEI", DASH, 50, 2048, "a PyPI token" },
	{ "dop_v1_", HEX, 64, 64, "a DigitalOcean token" },
	{ "shpat_", HEX, 32, 32, "a Shopify token" },
	{ "shpca_", HEX, 32, 32, "a Shopify token" },
	{ "shpss_", HEX, 32, 32, "a Shopify secret" },
	{ "xkeysib-", DASH, 64, 100, "a Brevo key" },
	{ "sk-ant-", DASH, 60, 255, "an API key" },
	{ "sk-proj-", DASH, 40, 255, "an API key" },
	{ "sk-", ALNUM, 48, 48, "an API key" },
	{ "key-", HEX, 32, 32, "a Mailgun key" },
	{ "hf_", ALNUM, 34, 40, "a Hugging Face token" },
	{ "EAAA", DASH, 60, 60, "a Square token" },
	{ "sq0csp-", DASH, 43, 43, "a Square secret" },
	{ "base64:", BASE64, 44, 44, "an application key" },
};

static bool in_alphabet(enum alphabet of, char c)
{
	bool digit = c >= '0' && c <= '9';

	switch (of) {
	case ALNUM: return sign_is_word(c) && c != '_';
	case WORD: return sign_is_word(c);
	case DASH: return sign_is_word(c) || c == '-';
	case UPPER: return digit || (c >= 'A' && c <= 'Z');
	case HEX: return digit || (c >= 'a' && c <= 'f');
	case BASE64:
		return (sign_is_word(c) && c != '_') || c == '+' || c == '/' ||
		       c == '=';
	}
	return false;
}

static size_t run_of(enum alphabet of, const char *s, const char *end)
{
	const char *p = s;

	while (p < end && in_alphabet(of, *p))
		p++;
	return (size_t)(p - s);
}

/* A token is random: letters of a word are not, nor are rows of x. */
static bool is_token(const struct token_form *f, const char *s, const char *end)
{
	size_t len = strlen(f->prefix), run;
	const char *text = s + len;

	if ((size_t)(end - s) < len + f->min || memcmp(s, f->prefix, len) != 0)
		return false;
	if ((size_t)(end - text) > (size_t)f->max + 1)
		end = text + f->max + 1;
	run = run_of(f->of, text, end);
	return run >= f->min && run <= f->max && secret_looks_random(text, run);
}

/* SG.<22>.<43> */
static bool is_sendgrid(const char *s, const char *end)
{
	if (end - s < 69 || memcmp(s, "SG.", 3) != 0)
		return false;
	return run_of(DASH, s + 3, s + 26) == 22 && s[25] == '.' &&
	       run_of(DASH, s + 26, s + 69) == 43 &&
	       secret_looks_random(s + 26, 43);
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' || c == '+' ? 62 : 63;
}

/* Is the first part JSON that names an algorithm? */
static bool is_jwt_header(const char *s, size_t len)
{
	char text[256] = { 0 };
	size_t nr = 0;
	unsigned int bits = 0, have = 0;

	for (size_t i = 0; i < len && nr < sizeof(text); i++) {
		bits = (bits << 6 | (unsigned int)base64_value(s[i])) & 0xffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			text[nr++] = (char)(bits >> have & 0xff);
		}
	}
	return nr && text[0] == '{' && memmem(text, nr, "\"alg\"", 5);
}

#define JWT_MAX 4096
/* {"sub":"1234567890: of the example that every documentation has. */
#define JWT_SAMPLE "eyJzdWIiOiIxMjM0NTY3ODkw"

/* header.payload.signature (RFC 7519) */
static bool is_jwt(const char *s, const char *end)
{
	const char *stop = end - s > JWT_MAX ? s + JWT_MAX : end;
	size_t header, body;

	if (stop - s < 40 || memcmp(s, "eyJ", 3) != 0)
		return false;
	header = run_of(DASH, s, stop);
	if (s + header >= stop || s[header] != '.')
		return false;
	s += header + 1;
	body = run_of(DASH, s, stop);
	if (body < 8 || s + body >= stop || s[body] != '.' ||
	    memcmp(s, "eyJ", 3) != 0 || sign_starts(s, body, JWT_SAMPLE))
		return false;
	return run_of(DASH, s + body + 1, stop) >= 20 &&
	       is_jwt_header(s - header - 1, header);
}

static bool is_url_part(char c)
{
	return (unsigned char)c > ' ' && (unsigned char)c < 0x7f &&
	       !strchr("/?#\"'<>`\\|^,;()[]", c);
}

/* Behind "://": user:password@host; the password is no placeholder. */
static bool has_login(const char *s, const char *end)
{
	const char *stop = end - s > 512 ? s + 512 : end;
	const char *colon = NULL, *at = NULL, *p = s;

	for (; p < stop && is_url_part(*p); p++) {
		if (*p == ':' && !colon)
			colon = p;
		if (*p == '@')
			at = p;
	}
	if (!colon || !at || colon > at || colon + 1 == at || at + 1 >= p)
		return false;
	if (secret_is_placeholder(colon + 1, (size_t)(at - colon - 1)) ||
	    secret_is_placeholder(s, (size_t)(colon - s)))
		return false;
	return !secret_is_sample_host(at + 1, (size_t)(p - at - 1));
}

static const char *token_at(const char *p, const char *end)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (*p == forms[i].prefix[0] && is_token(&forms[i], p, end))
			return forms[i].what;
	if (is_sendgrid(p, end))
		return "a SendGrid key";
	return is_jwt(p, end) ? "a JSON web token" : NULL;
}

bool secret_tokens_find(struct sign_hunt *h)
{
	const char *end = h->s + h->len, *what;
	char before = '\0';

	for (const char *p = h->s; p < end; before = *p++) {
		what = NULL;
		if (*p == ':' && end - p > 3 && !memcmp(p, "://", 3)) {
			if (!h->binary && sign_is_word(before) &&
			    has_login(p + 3, end))
				what = "a URL with a password";
		} else if (!sign_is_word(before) && before != '-' &&
			   sign_is_word(*p)) {
			what = token_at(p, end);
		}
		if (what && sign_found(h, p, what))
			return true;
	}
	return false;
}
