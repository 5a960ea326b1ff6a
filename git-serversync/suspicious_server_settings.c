#include "common/base/base.h"
#include "git-serversync/suspicious_signs.h"

#include "git-serversync/path_kinds.h"

/*
 * Settings that a directory gives its web server: .htaccess of Apache,
 * .user.ini of PHP. What makes PHP of something else, or runs a file in front
 * of every other.
 */

static bool parts_words(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '"' || c == '\'';
}

/* "AddHandler application/x-httpd-php81 .php .phtml" is what hosts write. */
static bool names_only_php(const char *s, const char *end)
{
	const char *p = s;
	bool any = false;

	while (p < end) {
		char name[32] = "x";
		const char *word;

		while (p < end && parts_words(*p))
			p++;
		word = p;
		while (p < end && !parts_words(*p))
			p++;
		if (word == p || *word != '.')
			continue;
		any = true;
		if ((size_t)(p - word) + 2 > sizeof(name))
			return false;
		memcpy(name + 1, word, (size_t)(p - word));
		if (!path_is_php(name) && strcmp(name, "x.inc") != 0 &&
		    strcmp(name, "x.phps") != 0)
			return false;
	}
	return any;
}

static bool turns_php_on(const struct sign_line *l, bool for_php)
{
	const char *end = l->s + l->len;

	if (!sign_contains(l->s, l->len, "php"))
		return false;
	if (sign_starts(l->s, l->len, "sethandler") ||
	    sign_starts(l->s, l->len, "forcetype"))
		return !for_php && !sign_contains(l->s, l->len, "phps") &&
		       !sign_contains(l->s, l->len, "-source");
	if (sign_starts(l->s, l->len, "addhandler") ||
	    sign_starts(l->s, l->len, "addtype"))
		return !names_only_php(l->s, end);
	return false;
}

static const char *judge(const struct sign_hunt *h, const struct sign_line *l,
			 bool for_php)
{
	if (*l->s == '#' || *l->s == ';')
		return NULL;
	if (sign_contains(l->s, l->len, "auto_prepend_file") ||
	    sign_contains(l->s, l->len, "auto_append_file"))
		return "runs a file in front of every other";
	if (turns_php_on(l, for_php))
		return "makes PHP of other files";
	if (path_in_uploads(h->path) && sign_contains(l->s, l->len, "engine") &&
	    sign_starts(l->s, l->len, "php_flag") &&
	    sign_ends(l->s, l->len, "on"))
		return "turns PHP on among uploads";
	return NULL;
}

bool suspicious_server_settings_find(struct sign_hunt *h)
{
	const char *name = path_name(h->path), *p = h->s, *end = h->s + h->len;
	bool for_php = false;

	if (strcmp(name, ".htaccess") != 0 && strcmp(name, ".user.ini") != 0)
		return false;
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end, *what;
		struct sign_line l;

		while (p < stop && (*p == ' ' || *p == '\t'))
			p++;
		while (stop > p && parts_words(stop[-1]))
			stop--;
		l = (struct sign_line){ p, (size_t)(stop - p) };
		/* <FilesMatch \.php$>: what is in it is for PHP anyway. */
		if (sign_starts(l.s, l.len, "<files"))
			for_php = sign_contains(l.s, l.len, "php");
		if (sign_starts(l.s, l.len, "</files"))
			for_php = false;
		what = l.len ? judge(h, &l, for_php) : NULL;
		if (what && sign_found(h, p, what))
			return true;
		p = (nl ? nl : end) + 1;
	}
	return false;
}
