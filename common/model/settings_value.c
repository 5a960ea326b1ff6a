#include "common/base/base.h"
#include "common/base/num.h"
#include "common/model/settings_keys.h"
#include "common/text/gitconfig.h"
#include "common/text/quote.h"
#include "common/text/relpath.h"

#define SHOWN_MAX     80
#define MODE_MAX      0777
#define NAME_MAX_LEN  64
#define VALUE_MAX_LEN (64u << 10)

/* "'<value>' <why>", the value cut short and fit to be shown. */
static int bad(struct err *err, const char *value, size_t len, const char *why)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, value, len < SHOWN_MAX ? len : SHOWN_MAX);
	if (len > SHOWN_MAX)
		strbuf_addstr(&shown, "...");
	return err_set(err, ERR_FAILED, "'%s' %s", shown.buf, why);
}

static int bad_value(struct err *err, const char *value, const char *why)
{
	return bad(err, value, strlen(value), why);
}

/* One relative path that is part of a value. */
static int check_path(const char *path, size_t len, struct err *err)
{
	AUTO_STRBUF struct strbuf one = STRBUF_INIT, out = STRBUF_INIT;
	const char *why;

	strbuf_add(&one, path, len);
	why = relpath_normalise(one.buf, &out, NULL);
	if (why && !len)
		return err_set(err, ERR_FAILED, "a path %s", why);
	return why ? bad_value(err, one.buf, why) : 0;
}

/* What git's check-ref-format forbids, for one name. */
static const char *ref_trouble(const char *s)
{
	size_t len = strlen(s);

	if (*s == '-' || *s == '/' || *s == '.')
		return "has a bad first character";
	if (strpbrk(s, " ~^:?*[\\") || strstr(s, "..") || strstr(s, "@{") ||
	    strstr(s, "//") || strstr(s, "/."))
		return "cannot be part of a ref";
	if (len >= 5 && !strcmp(s + len - 5, ".lock"))
		return "cannot be part of a ref";
	return NULL;
}

static int check_name(const char *value, struct err *err)
{
	const char *why = ref_trouble(value);
	size_t len = strlen(value);

	if (!why && len && strchr("/.", value[len - 1]))
		why = "has a bad last character";
	return why ? bad_value(err, value, why) : 0;
}

bool settings_environment_name(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t len = strlen(name);

	if (!len || len > NAME_MAX_LEN || !strchr(plain, *name))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!strchr(plain, name[i]) && !strchr("._-", name[i]))
			return false;
	return !ref_trouble(name) && name[len - 1] != '.';
}

static int check_number(const struct settings_key *key, const char *value,
			struct err *err)
{
	AUTO_STRBUF struct strbuf why = STRBUF_INIT;
	uint64_t n = 0;
	int ret;

	if (key->type == KEY_INT) {
		ret = num_parse_u64(value, strlen(value), &n);
		strbuf_addf(&why, "is not a number from %" PRIu32 " to %" PRIu32,
			    key->min, key->max);
	} else {
		ret = num_parse_duration(value, &n);
		strbuf_addf(&why,
			    "is not a time from %" PRIu32 "s to %" PRIu32
			    "d, such as 90s, 10m, 1h",
			    key->min, key->max / 86400);
	}
	if (ret < 0 || n < key->min || n > key->max)
		return bad_value(err, value, why.buf);
	return 0;
}

static int check_size(const char *value, struct err *err)
{
	uint64_t n;

	if (num_parse_size(value, &n) < 0)
		return bad_value(err, value, "is not a size such as 500k, 10m");
	return 0;
}

static int check_mode(const struct settings_key *key, const char *value,
		      struct err *err)
{
	AUTO_STRBUF struct strbuf why = STRBUF_INIT;
	uint32_t mode;

	if (num_parse_octal(value, strlen(value), &mode) < 0 || mode > MODE_MAX)
		return bad_value(err, value,
				 "is not an octal mode of at most 777");
	if ((mode & key->min) == key->min)
		return 0;
	strbuf_addf(&why,
		    "would lock the owner out: at least %" PRIo32 " is needed",
		    key->min);
	return bad_value(err, value, why.buf);
}

bool settings_word_in(const char *words, const char *word)
{
	size_t len = strlen(word);

	while (len && *words) {
		size_t n = strcspn(words, " ");

		if (n == len && !memcmp(words, word, n))
			return true;
		words += n + (words[n] == ' ');
	}
	return false;
}

static int check_enum(const struct settings_key *key, const char *value,
		      struct err *err)
{
	AUTO_STRBUF struct strbuf why = STRBUF_INIT;

	if (settings_word_in(key->values, value))
		return 0;
	strbuf_addstr(&why, "is not one of ");
	for (const char *p = key->values; *p; p++) {
		if (*p == ' ')
			strbuf_addstr(&why, ", ");
		else
			strbuf_addch(&why, *p);
	}
	return bad_value(err, value, why.buf);
}

static int check_link(const char *value, struct err *err)
{
	const char *colon = strchr(value, ':');
	int ret;

	if (!colon)
		return bad_value(err, value, "is not <path>:<target>");
	ret = check_path(value, (size_t)(colon - value), err);
	return ret < 0 ? ret : check_path(colon + 1, strlen(colon + 1), err);
}

static int check_cache(const char *value, struct err *err)
{
	const char *p = strchr(value, ':');
	int ret;

	if (!p)
		return bad_value(err, value,
				 "is not <path>:<key file>[,<key file>]");
	ret = check_path(value, (size_t)(p - value), err);
	while (!ret && *p) {
		size_t len = strcspn(++p, ",");

		ret = check_path(p, len, err);
		p += len;
	}
	return ret;
}

static int check_upload(const char *value, struct err *err)
{
	static const struct settings_key as_mode = { .min = 0400 };
	const char *path = strchr(value, ':'), *mode;
	size_t len;
	int ret;

	if (!path || path == value)
		return bad_value(err, value,
				 "is not <local file>:<shared path>[:<mode>]");
	path++;
	len = strcspn(path, ":");
	ret = check_path(path, len, err);
	mode = path[len] ? path + len + 1 : NULL;
	return ret < 0 || !mode ? ret : check_mode(&as_mode, mode, err);
}

/* "php = server", "composer >= 2.5", "node" */
static int check_require(const char *value, struct err *err)
{
	static const char usage[] = "is not <tool> <comparison> <version>";
	size_t name = strcspn(value, " <>=~^!");
	const char *op = value + name + strspn(value + name, " ");
	size_t len = strspn(op, "<>=~^!");
	const char *version = op + len + strspn(op + len, " ");

	if (!name || (!len && *version))
		return bad_value(err, value, usage);
	if (!len)
		return 0;
	if (len == 1 && *op == '=' && !strcmp(version, "server"))
		return 0;
	if (len > 2 || *version < '0' || *version > '9' ||
	    version[strspn(version, "0123456789.")])
		return bad_value(err, value, usage);
	return 0;
}

const char *settings_hook_command(const char *value, bool *all, bool *warn)
{
	*all = *warn = false;
	for (;;) {
		value += strspn(value, " \t");
		if (!strncmp(value, "primary:", 8)) {
			*all = false;
			value += 8;
		} else if (!strncmp(value, "all:", 4)) {
			*all = true;
			value += 4;
		} else if (!strncmp(value, "warn:", 5)) {
			*warn = true;
			value += 5;
		} else {
			return value;
		}
	}
}

/* One command a line: they are shown and recorded that way. */
static int check_command(const struct settings_key *key, const char *value,
			 struct err *err)
{
	bool all, warn;

	if (key->type == KEY_HOOK)
		value = settings_hook_command(value, &all, &warn);
	if (!value[strspn(value, " \t")])
		return err_set(err, ERR_FAILED, "holds no command");
	return 0;
}

/* The value itself is not shown: a password may be part of it. */
static int check_url(const char *value, struct err *err)
{
	if (*value == '-')
		return err_set(err, ERR_FAILED, "cannot start with '-'");
	return 0;
}

static int check_by_type(const struct settings_key *key, const char *value,
			 struct err *err)
{
	switch (key->type) {
	case KEY_PREFIX:
	case KEY_NAME:
		if (key->type == KEY_NAME)
			return check_name(value, err);
		if (*value && ref_trouble(value))
			return bad_value(err, value, ref_trouble(value));
		return 0;
	case KEY_INT:
	case KEY_DURATION: return check_number(key, value, err);
	case KEY_SIZE: return check_size(value, err);
	case KEY_MODE: return check_mode(key, value, err);
	case KEY_ENUM: return check_enum(key, value, err);
	case KEY_PATH: return check_path(value, strlen(value), err);
	case KEY_LINK: return check_link(value, err);
	case KEY_COMMAND:
	case KEY_HOOK: return check_command(key, value, err);
	case KEY_URL: return check_url(value, err);
	case KEY_CACHE: return check_cache(value, err);
	case KEY_UPLOAD: return check_upload(value, err);
	case KEY_REQUIRE: return check_require(value, err);
	case KEY_ENVIRONMENT:
		if (!settings_environment_name(value))
			return bad_value(err, value,
					 "cannot be the name of an "
					 "environment");
		return 0;
	case KEY_BOOL:
	case KEY_STRING:
	case KEY_PATTERN: return 0;
	}
	return 0;
}

/* Tabs in a command are where people indent the rest of a long line. */
static const char *control_trouble(const struct settings_key *key,
				   const char *value)
{
	if (key->type != KEY_COMMAND && key->type != KEY_HOOK)
		return text_control_character(value, "");
	if (strpbrk(value, "\n\r"))
		return "holds more than one line";
	return text_control_character(value, "\t");
}

int settings_value_check(const struct settings_key *key, const char *value,
			 struct err *err)
{
	const char *why;
	bool flag;

	if (key->type == KEY_BOOL) {
		if (gitconfig_bool(value, &flag) < 0)
			return bad_value(err, value, "is not true or false");
		return 0;
	}
	if (!value)
		return err_set(err, ERR_FAILED, "has no value");
	if (!*value && key->type != KEY_PREFIX)
		return err_set(err, ERR_FAILED, "is empty");
	if (strlen(value) > VALUE_MAX_LEN)
		return err_set(err, ERR_FAILED, "is too long");
	why = control_trouble(key, value);
	if (why)
		return err_set(err, ERR_FAILED, "%s", why);
	return check_by_type(key, value, err);
}
