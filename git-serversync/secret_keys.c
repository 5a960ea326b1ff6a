#include "common/base/base.h"
#include "git-serversync/secret_signs.h"

/* How far behind the first line of a key its text may begin. */
#define KEY_LOOK 1024
/* What no example in prose and no constant in code has in one piece. */
#define KEY_LETTERS 40

static bool is_base64(char c)
{
	return (sign_is_word(c) && c != '_') || c == '+' || c == '/' || c == '=';
}

/*
 * Text of a key: code that deals with keys has the first line as well, but
 * nothing like a key behind it. "\n" written as two characters, as JSON and
 * .env files do, ends a piece as a line does.
 */
static bool has_key_text(const char *s, const char *end)
{
	size_t run = 0;

	for (; s < end; s++) {
		if (*s == '\\' && s + 1 < end) {
			run = 0;
			s++;
		} else if (*s == '-' && run < KEY_LETTERS &&
			   sign_starts(s, (size_t)(end - s), "-----END")) {
			return false;
		} else {
			run = is_base64(*s) ? run + 1 : 0;
		}
		if (run >= KEY_LETTERS)
			return true;
	}
	return false;
}

/* Where a key that begins there ends; the key of ssh is 3 kB at most. */
static const char *block_end(const char *s, const char *end)
{
	size_t len = (size_t)(end - s) < 16384 ? (size_t)(end - s) : 16384;
	const char *stop = memmem(s, len, "-----END", 8);

	return stop ? stop : s + len;
}

/* Behind "-----BEGIN ": "RSA PRIVATE KEY-----" or "PGP PRIVATE KEY BLOCK-----" */
static const char *private_label_end(const char *s, const char *end)
{
	size_t len = (size_t)(end - s) < 64 ? (size_t)(end - s) : 64;
	const char *dashes = memmem(s, len, "-----", 5);

	if (!dashes || !memmem(s, (size_t)(dashes - s), "PRIVATE KEY", 11))
		return NULL;
	return dashes + 5;
}

bool secret_keys_find(struct sign_hunt *h)
{
	const char *p = h->s, *end = h->s + h->len, *text, *stop;

	while ((p = memmem(p, (size_t)(end - p), "-----BEGIN ", 11))) {
		const char *begin = p;

		p += 11;
		text = private_label_end(p, end);
		if (!text)
			continue;
		stop = end - text < KEY_LOOK ? end : text + KEY_LOOK;
		/* A file that begins so is nothing else. */
		if (begin != h->s && !has_key_text(text, stop))
			continue;
		stop = block_end(text, end);
		if (sign_found_block(h,
				     &(struct sign_line){
					     begin, (size_t)(stop - begin) },
				     "a private key"))
			return true;
		p = stop;
	}
	/* Code that deals with such keys has the words, but not in front. */
	if (sign_starts(h->s, h->len, "PuTTY-User-Key-File-") &&
	    sign_found_block(h, &(struct sign_line){ h->s, h->len },
			     "a private key"))
		return true;
	p = memmem(h->s, h->len, "AGE-SECRET-KEY-1", 16);
	return p && p + 40 < end && is_base64(p[20]) && is_base64(p[40]) &&
	       sign_found(h, p, "a private key");
}
