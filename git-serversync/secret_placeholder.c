#include "common/base/base.h"
#include "git-serversync/secret_placeholder.h"

#include "git-serversync/sign_hunt.h"

/* A value that is this, in any case. */
static const char *const whole[] = {
	"null",
	"nil",
	"none",
	"false",
	"true",
	"yes",
	"no",
	"on",
	"off",
	"undefined",
	"empty",
	"default",
	"password",
	"passwd",
	"pass",
	"pwd",
	"passphrase",
	"secret",
	"token",
	"key",
	"apikey",
	"test",
	"testing",
	"foo",
	"bar",
	"baz",
	"foobar",
	"todo",
	"string",
	"text",
	"integer",
	"int",
	"bool",
	"boolean",
	"hashed",
	"encrypted",
	"required",
	"nullable",
	"sometimes",
	"hidden",
	"optional",
	"varchar",
	"plain",
	"username",
	"user",
	"passwort",
	"user_password",
	"mypassword",
	"my-password",
	"my_password",
	"pw",
	"array",
	"object",
	"unset",
	"ask",
	"prompt",
	"stdin",
	"file",
	"any",
	"auto",
	"login",
	"secrettoken",
	"me",
};

/* A value with this in it. */
static const char *const parts[] = {
	"change_me",   "changeme",     "change-me",    "changethis",
	"change_this", "changeit",     "change it",    "change me",
	"your",	       "example",      "placeholder",  "replace",
	"redacted",    "dummy",	       "_here",	       "-here",
	"insert",      "sosecret",     "notsecret",    "xxxx",
	"****",	       "....",	       "\xe2\x80\xa6", "unique phrase",
	"env(",	       "process.env",  "{{",	       "${",
	"#{",	       "<?",	       "getenv",       "todo",
	"sample",      "not-a-secret",
};

static size_t different(const char *s, size_t len)
{
	bool seen[256] = { false };
	size_t nr = 0;

	for (size_t i = 0; i < len; i++) {
		nr += !seen[(unsigned char)s[i]];
		seen[(unsigned char)s[i]] = true;
	}
	return nr;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "<password>", "%db_password%", "$password", "[secret]", ":token" */
static bool is_variable(const char *s, size_t len)
{
	char first = s[0], last = s[len - 1], second = len > 1 ? s[1] : '\0';

	if (first == '$' || first == ':')
		return is_letter(second) || second == '_' || second == '(' ||
		       second == '{';
	if (first == '%')
		return last == '%' || (len <= 3 && is_letter(last));
	return (first == '<' && last == '>') || (first == '[' && last == ']') ||
	       (first == '{' && last == '}') || (first == '_' && last == '_') ||
	       (first == '@' && last == '@');
}

/* "new-password", "client_secret": the name of a field. */
static bool is_field_name(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_letter(s[i]) && s[i] != '_' && s[i] != '-' && s[i] != '.')
			return false;
	return secret_word_of(s, len) != SECRET_WORD_NONE;
}

bool secret_is_placeholder(const char *s, size_t len)
{
	/* "xxx", "********", "-" */
	if (!len || (len > 2 && different(s, len) <= 2) ||
	    (len <= 2 && !sign_is_word(s[0])) || is_variable(s, len) ||
	    is_field_name(s, len))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++)
		if (sign_equals(s, len, whole[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (sign_contains(s, len, parts[i]))
			return true;
	return false;
}

bool secret_looks_random(const char *s, size_t len)
{
	size_t digits = 0;

	for (size_t i = 0; i < len; i++)
		digits += s[i] >= '0' && s[i] <= '9';
	return digits && different(s, len) >= (len < 16 ? 6 : 8) &&
	       !sign_contains(s, len, "example") &&
	       !sign_contains(s, len, "xxxx") &&
	       !sign_contains(s, len, "0123456789") &&
	       !sign_contains(s, len, "abcdefghij");
}

bool secret_is_sample_host(const char *s, size_t len)
{
	static const char *const hosts[] = {
		"example.com", "example.org", "example.net", "example",
		"host",	       "hostname",    "server",	     "domain",
		"domain.com",  "proxy",	      "address",     "website.com",
		"foo.com",     "test.com",    "url",	     "a.com",
	};
	const char *colon = memchr(s, ':', len);
	const char *dot;

	if (colon)
		len = (size_t)(colon - s);
	if (!len || is_variable(s, len))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		if (sign_equals(s, len, hosts[i]))
			return true;
		dot = len > strlen(hosts[i]) ? s + len - strlen(hosts[i]) - 1
					     : NULL;
		if (dot && *dot == '.' && strchr(hosts[i], '.') &&
		    sign_ends(s, len, hosts[i]))
			return true;
	}
	return false;
}

/* Words. */

struct word_end {
	const char *word;
	enum secret_word means;
	bool alone; /* ends other words, too: "bypass", "monkey" */
};

static const struct word_end ends[] = {
	{ "password", SECRET_WORD, false },
	{ "passwd", SECRET_WORD, false },
	{ "passphrase", SECRET_WORD, false },
	{ "secret", SECRET_WORD, false },
	{ "pass", SECRET_WORD, true },
	{ "dbpass", SECRET_WORD, false },
	{ "mailpass", SECRET_WORD, false },
	{ "smtppass", SECRET_WORD, false },
	{ "ftppass", SECRET_WORD, false },
	{ "userpass", SECRET_WORD, false },
	{ "pwd", SECRET_WORD, true },
	{ "passwort", SECRET_WORD, false },
	{ "secret_key", SECRET_WORD_RANDOM, false },
	{ "secretkey", SECRET_WORD_RANDOM, false },
	{ "api_key", SECRET_WORD_RANDOM, false },
	{ "apikey", SECRET_WORD_RANDOM, false },
	{ "access_key", SECRET_WORD_RANDOM, false },
	{ "accesskey", SECRET_WORD_RANDOM, false },
	{ "private_key", SECRET_WORD_RANDOM, false },
	{ "encryption_key", SECRET_WORD_RANDOM, false },
	{ "app_key", SECRET_WORD_RANDOM, false },
	{ "auth_key", SECRET_WORD_RANDOM, false },
	{ "logged_in_key", SECRET_WORD_RANDOM, false },
	{ "nonce_key", SECRET_WORD_RANDOM, false },
	{ "auth_salt", SECRET_WORD_RANDOM, false },
	{ "logged_in_salt", SECRET_WORD_RANDOM, false },
	{ "nonce_salt", SECRET_WORD_RANDOM, false },
	{ "hash_salt", SECRET_WORD_RANDOM, false },
	{ "token", SECRET_WORD_RANDOM, true },
};

/* "db_pass", "dbPass", "db-pass" and "pass", but not "bypass". */
static bool begins_word(const char *s, const char *start)
{
	char before = start > s ? start[-1] : '_';

	return !is_letter(before) || (*start >= 'A' && *start <= 'Z' &&
				      before >= 'a' && before <= 'z');
}

enum secret_word secret_word_of(const char *s, size_t len)
{
	/* "DB_PASSWORD_2", "password1" */
	while (len &&
	       ((s[len - 1] >= '0' && s[len - 1] <= '9') || s[len - 1] == '_'))
		len--;
	if (len < 3 || sign_contains(s, len < 64 ? len : 64, "csrf") ||
	    sign_contains(s, len < 64 ? len : 64, "xsrf"))
		return SECRET_WORD_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (!sign_ends(s, len, ends[i].word))
			continue;
		if (!ends[i].alone ||
		    begins_word(s, s + len - strlen(ends[i].word)))
			return ends[i].means;
	}
	return SECRET_WORD_NONE;
}
