#include "common/base/base.h"
#include "git-serversync/suspicious_signs.h"

#include "common/text/php_tokens.h"

/* A text of data as long as no key, hash or small picture is. */
#define LONG_TEXT 8192

static bool is_mark(const struct php_tokens *t, size_t i, const char *mark)
{
	return i < t->nr && php_token_is(&t->v[i], mark);
}

/* Names that nobody writes in pieces, in escapes, backwards or rotated. */
static const char *const hidden[] = { "base64_decode",
				      "gzinflate",
				      "gzuncompress",
				      "str_rot13",
				      "eval",
				      "assert",
				      "create_function",
				      "system",
				      "shell_exec",
				      "passthru",
				      "proc_open",
				      "preg_replace",
				      "call_user_func",
				      "file_put_contents",
				      "_GET",
				      "_POST",
				      "_REQUEST",
				      "_COOKIE",
				      NULL };
static const char *const turned[] = { "edoced_46esab",
				      "etalfnizg",
				      "sserpmocnuzg",
				      "31tor_rts",
				      "lave",
				      "tressa",
				      "metsys",
				      "cexe_llehs",
				      "urhtssap",
				      "onfr64_qrpbqr",
				      "tmvasyngr",
				      "riny",
				      "nffreg",
				      "flfgrz",
				      "furyy_rkrp",
				      "cnffgueh",
				      "noitcnuf_etaerc",
				      NULL };

static bool is_listed(const char *s, size_t len, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) == len && !memcmp(s, *list, len))
			return true;
	return false;
}

/* 'base' . '64_decode', "\x65val" */
static bool is_hidden_name(const struct php_tokens *t, size_t i)
{
	char text[32];
	size_t len = 0, pieces = 0;
	bool escaped = false;

	if (i && is_mark(t, i - 1, ".") && i > 1 && t->v[i - 2].kind == PHP_TEXT)
		return false;
	for (;; i += 2) {
		const struct php_token *k = &t->v[i];

		if (k->kind != PHP_TEXT || len + k->text_len > sizeof(text))
			return false;
		memcpy(text + len, t->text.buf + k->text, k->text_len);
		len += k->text_len;
		escaped |= memchr(k->at, '\\', k->len) != NULL;
		pieces++;
		if (i + 2 >= t->nr || !is_mark(t, i + 1, "."))
			break;
	}
	return (pieces > 1 || escaped) && is_listed(text, len, hidden);
}

static bool is_data(char c)
{
	return sign_is_word(c) || c == '+' || c == '/' || c == '=';
}

/* Letters and digits without a word in between: nothing a person wrote. */
static bool is_long_data(const struct php_tokens *t, const struct php_token *k)
{
	const char *s = t->text.buf + k->text;
	size_t run = 0, digits = 0;

	for (size_t i = 0; i < k->text_len; i++) {
		run = is_data(s[i]) ? run + 1 : 0;
		digits = run ? digits + (s[i] >= '0' && s[i] <= '9') : 0;
		if (run >= LONG_TEXT && digits > run / 16)
			return true;
		/* "data:image/png;base64,...": a picture. */
		if (s[i] == ',' && i > 7 && !memcmp(s + i - 6, "base64", 6))
			return false;
	}
	return false;
}

const char *suspicious_php_text(const struct php_tokens *t, size_t i)
{
	const struct php_token *k = &t->v[i];

	if (is_hidden_name(t, i))
		return "the name of a function that is hidden";
	if (is_listed(t->text.buf + k->text, k->text_len, turned))
		return "the name of a function, turned around";
	return k->text_len >= LONG_TEXT && is_long_data(t, k)
		       ? "a very long encoded text"
		       : NULL;
}
