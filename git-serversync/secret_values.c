#include "common/base/base.h"
#include "git-serversync/secret_signs.h"

#include "git-serversync/path_kinds.h"
#include "git-serversync/secret_placeholder.h"

#include <strings.h>

/*
 * Settings with a value that is written down: 'password' => 'x',
 * define('DB_PASSWORD', 'x'), DB_PASSWORD=x, "password": "x", password: x,
 * <password>x</password>, $db_password = 'x'.
 *
 * Where settings are kept any value is one, if it is no placeholder; elsewhere
 * only what no person would write as an example or a label.
 */
enum form {
	FORM_PHP,
	FORM_CODE,
	FORM_ENV, /* KEY=value: .env, ini, properties, shell */
	FORM_YAML,
	FORM_XML,
	FORM_TEXT, /* KEY=value if the key is in capitals */
};

struct place {
	enum form form;
	bool settings, sample, prose;
};

#define VALUE_MAX 512

struct assignment {
	enum secret_word word;
	const char *s;
	size_t len;
	bool quoted, comment;
};

static const struct {
	const char *ext;
	enum form form;
	bool settings;
} exts[] = {
	{ "php", FORM_PHP, false },	  { "inc", FORM_PHP, false },
	{ "phtml", FORM_PHP, false },	  { "module", FORM_PHP, false },
	{ "js", FORM_CODE, false },	  { "mjs", FORM_CODE, false },
	{ "cjs", FORM_CODE, false },	  { "ts", FORM_CODE, false },
	{ "tsx", FORM_CODE, false },	  { "jsx", FORM_CODE, false },
	{ "vue", FORM_CODE, false },	  { "json", FORM_CODE, false },
	{ "json5", FORM_CODE, false },	  { "py", FORM_CODE, false },
	{ "rb", FORM_CODE, false },	  { "pl", FORM_CODE, false },
	{ "pm", FORM_CODE, false },	  { "java", FORM_CODE, false },
	{ "go", FORM_CODE, false },	  { "neon", FORM_YAML, true },
	{ "yml", FORM_YAML, true },	  { "yaml", FORM_YAML, true },
	{ "ini", FORM_ENV, true },	  { "env", FORM_ENV, true },
	{ "cnf", FORM_ENV, true },	  { "conf", FORM_ENV, true },
	{ "properties", FORM_ENV, true }, { "toml", FORM_ENV, true },
	{ "npmrc", FORM_ENV, true },	  { "sh", FORM_ENV, false },
	{ "bash", FORM_ENV, false },	  { "xml", FORM_XML, false },
	{ "config", FORM_XML, false },
};

/* A file of settings, not a class that deals with them: "Config.php". */
static bool settings_name(const char *name)
{
	static const char *const words[] = {
		"config",	"settings",  "parameters", "credential",
		"secret",	"database",  "connection", "auth.json",
		"services.php", "local.php", "env.php",	   "sensitive"
	};
	size_t len = strlen(name);

	if (*name >= 'A' && *name <= 'Z')
		return !strncmp(name, "LocalSettings", 13);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (sign_contains(name, len, words[i]))
			return true;
	return false;
}

static bool name_has(const char *path, const char *const *words, size_t nr)
{
	const char *name = path_name(path);

	for (size_t i = 0; i < nr; i++)
		if (sign_contains(name, strlen(name), words[i]))
			return true;
	return false;
}

/* "config.php.dist" */
static bool is_sample(const char *path)
{
	static const char *const words[] = { "example", "sample", ".dist" };

	return name_has(path, words, ARRAY_SIZE(words)) || path_in_samples(path);
}

/* Documentation shows how to write a password: nothing here is one. */
static bool is_prose(const char *path)
{
	static const char *const words[] = { ".md",   ".rst",
					     ".adoc", ".markdown",
					     ".pod",  ".examples.json" };

	return name_has(path, words, ARRAY_SIZE(words));
}

static struct place place_of(const char *path)
{
	const char *name = path_name(path), *dot = strrchr(name, '.');
	struct place p = { .form = FORM_TEXT };

	for (size_t i = 0; dot && i < ARRAY_SIZE(exts); i++) {
		if (strcasecmp(dot + 1, exts[i].ext) != 0)
			continue;
		p.form = exts[i].form;
		p.settings = exts[i].settings;
	}
	if (!strncmp(name, ".env", 4))
		return (struct place){ .form = FORM_ENV, .settings = true };
	p.settings |= settings_name(name) || path_has_dir(path, "config") ||
		      path_has_dir(path, "conf") || path_has_dir(path, "etc") ||
		      path_has_dir(path, "settings");
	p.sample = is_sample(path);
	p.prose = is_prose(path);
	if (p.sample || path_in_translations(path))
		p.settings = false;
	return p;
}

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

/* "define(" and the quote in front of the word. */
static bool after_define(const struct sign_hunt *h, const char *word)
{
	const char *p = word - 1; /* the quote */

	while (p > h->s && p[-1] == ' ')
		p--;
	if (p == h->s || *--p != '(')
		return false;
	while (p > h->s && p[-1] == ' ')
		p--;
	return sign_ends(h->s, (size_t)(p - h->s), "define");
}

/* Behind the word: the place where the value begins, or NULL. */
static const char *separator_end(const struct sign_hunt *h, enum form form,
				 const struct sign_line *word)
{
	const char *end = h->s + h->len, *p = word->s + word->len;
	bool quoted = false;

	if (p < end && *p == '\\')
		p++;
	if (p < end && (*p == '"' || *p == '\'')) {
		quoted = word->s > h->s && word->s[-1] == *p;
		p++;
	}
	if (p < end && *p == ']')
		p++;
	p = skip_blanks(p, end);
	if (end - p < 2)
		return NULL;
	if (*p == '=' && p[1] == '>')
		return p + 2;
	if (*p == '=' && p[1] != '=' && p[1] != '~')
		return p + 1;
	if (*p == ':' && p[1] != ':' && p[1] != '=' && form != FORM_PHP)
		return p + 1;
	if (*p == ',' && quoted && after_define(h, word->s))
		return p + 1;
	if (*p == '>' && form == FORM_XML && word->s > h->s && word->s[-1] == '<')
		return p + 1;
	return NULL;
}

/* Up to the same quote, if nothing is put together with it. */
static bool read_quoted(const char *p, const char *end, struct assignment *a)
{
	char quote = *p++;
	const char *s = p;

	while (p < end && *p != quote && *p != '\n' && p - s < VALUE_MAX)
		p += 1 + (*p == '\\' && p + 1 < end);
	if (p >= end || *p != quote)
		return false;
	a->s = s;
	a->len = (size_t)(p - s);
	a->quoted = true;
	p = skip_blanks(p + 1, end);
	return p == end || !strchr(".+?%([", *p) || !*p;
}

/* Up to the end of the line, or a comment. */
static bool read_plain(const char *p, const char *end, struct assignment *a)
{
	const char *s = p;

	while (p < end && *p != '\n' && p - s < VALUE_MAX &&
	       !((*p == '#' || *p == ';') && p > s && p[-1] == ' '))
		p++;
	while (p > s && strchr(" \t\r,}", p[-1]))
		p--;
	a->s = s;
	a->len = (size_t)(p - s);
	return a->len != 0;
}

static bool is_upper(const struct sign_line *word)
{
	for (size_t i = 0; i < word->len; i++)
		if (word->s[i] >= 'a' && word->s[i] <= 'z')
			return false;
	return true;
}

/* Is the word the key of its line? In comments, too: they hold the old one. */
static bool leads_line(const struct sign_hunt *h, const char *word,
		       struct assignment *a)
{
	const char *p = word;

	while (p > h->s && word - p < VALUE_MAX && p[-1] != '\n' &&
	       (sign_is_word(p[-1]) || strchr(" \t.-:/#;@{[\"'", p[-1])))
		p--;
	if (p > h->s && p[-1] != '\n')
		return false;
	p = skip_blanks(p, word);
	a->comment = *p == '#' || *p == ';';
	return true;
}

static bool read_value(const struct sign_hunt *h, enum form form,
		       const struct sign_line *word, struct assignment *a)
{
	const char *end = h->s + h->len, *p = separator_end(h, form, word);

	if (!p)
		return false;
	p = skip_blanks(p, end);
	if (p < end && *p == '\\')
		p++;
	if (p >= end)
		return false;
	if (*p == '"' || *p == '\'')
		return read_quoted(p, end, a);
	if (form == FORM_XML) {
		const char *stop = memchr(p, '<',
					  end - p < VALUE_MAX ? (size_t)(end - p)
							      : VALUE_MAX);

		*a = (struct assignment){ .s = p, .quoted = true };
		a->len = stop ? (size_t)(stop - p) : 0;
		return stop != NULL;
	}
	if (form == FORM_YAML && strchr("|>&*!{[", *p))
		return false;
	if (form == FORM_ENV || form == FORM_YAML ||
	    (form == FORM_TEXT && is_upper(word)))
		return leads_line(h, word->s, a) && read_plain(p, end, a);
	return false;
}

/*
 * Nobody's label, path, pattern, number or piece of code; ASCII, as labels of
 * many languages have no blanks in them.
 */
static bool is_password_text(const struct assignment *a)
{
	bool letters = false;

	for (size_t i = 0; i < a->len; i++) {
		unsigned char c = (unsigned char)a->s[i];

		if (c <= ' ' || c >= 0x7f || strchr("<>{}()|,;\\", c))
			return false;
		letters |= (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
	}
	return letters && !sign_contains(a->s, a->len, "://") &&
	       !sign_starts(a->s, a->len, "urn:") && !strchr("/.#", a->s[0]);
}

/* Tokens and keys: of a random text about every sixth is a digit. */
static bool is_random_secret(const struct assignment *a)
{
	size_t digits = 0;

	for (size_t i = 0; i < a->len; i++)
		digits += a->s[i] >= '0' && a->s[i] <= '9';
	return a->len >= 16 && digits >= 3 && is_password_text(a) &&
	       secret_looks_random(a->s, a->len);
}

static bool is_secret(const struct assignment *a, const struct place *p)
{
	if (!a->len || secret_is_placeholder(a->s, a->len))
		return false;
	if (a->word == SECRET_WORD_RANDOM)
		return !p->sample && is_random_secret(a);
	if (!p->settings || a->comment)
		return a->len >= 8 && a->len <= 128 && is_password_text(a) &&
		       secret_looks_random(a->s, a->len);
	/* A file that has it, text to a person, code. */
	return !(a->s[0] == '/' && memchr(a->s + 1, '/', a->len - 1)) &&
	       !(a->quoted && memchr(a->s, ' ', a->len)) &&
	       !sign_starts(a->s, a->len, "urn:") &&
	       !memchr(a->s, '|', a->len) && !memmem(a->s, a->len, "->", 2);
}

bool secret_values_find(struct sign_hunt *h)
{
	struct place place = place_of(h->path);
	const char *p = h->s, *end = h->s + h->len;

	while (!h->binary && !place.prose && p < end) {
		struct sign_line word = { .s = p };
		struct assignment a = { 0 };

		while (p < end && sign_is_word(*p))
			p++;
		word.len = (size_t)(p - word.s);
		/* Longer ones are data. */
		a.word = word.len && word.len <= 64
				 ? secret_word_of(word.s, word.len)
				 : SECRET_WORD_NONE;
		if (a.word != SECRET_WORD_NONE &&
		    read_value(h, place.form, &word, &a) &&
		    is_secret(&a, &place) &&
		    sign_found(h, word.s,
			       a.word == SECRET_WORD ? "a password or secret"
						     : "a token or key"))
			return true;
		p += !word.len;
	}
	return false;
}
