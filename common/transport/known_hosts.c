#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/transport/base64.h"
#include "common/transport/known_hosts.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#define SHA1_BYTES 20
/* Beyond any real line; the rest of it cannot be a key of ours. */
#define MAX_LINE 16384
/* More entries about one host than any file has a reason to hold. */
#define MAX_ENTRIES 1024

void known_hosts_release(struct known_hosts *kh)
{
	static const struct known_hosts empty = KNOWN_HOSTS_INIT;
	size_t i;

	for (i = 0; i < kh->nr; i++) {
		free(kh->v[i].type);
		free(kh->v[i].blob);
		free(kh->v[i].file);
	}
	free(kh->v);
	*kh = empty;
}

/* Wildcards * and ?, without case; linear, so no pattern can stall us. */
static bool wild_match(const char *pat, size_t len, const char *name)
{
	const char *end = pat + len, *star = NULL, *resume = NULL;

	while (*name) {
		if (pat < end && *pat == '*') {
			star = ++pat;
			resume = name;
		} else if (pat < end && (*pat == '?' ||
					 tolower((unsigned char)*pat) ==
						 tolower((unsigned char)*name))) {
			pat++;
			name++;
		} else if (star) {
			pat = star;
			name = ++resume;
		} else {
			return false;
		}
	}
	while (pat < end && *pat == '*')
		pat++;
	return pat == end;
}

static int name_hmac(const struct strbuf *salt, const char *name,
		     unsigned char out[SHA1_BYTES])
{
	unsigned int len = SHA1_BYTES;

	return HMAC(EVP_sha1(), salt->buf, (int)salt->len,
		    (const unsigned char *)name, strlen(name), out, &len)
		       ? 0
		       : -1;
}

static bool hashed_match(const char *s, size_t len, const char *name)
{
	AUTO_STRBUF struct strbuf salt = STRBUF_INIT, hash = STRBUF_INIT;
	unsigned char got[SHA1_BYTES];
	const char *bar;

	s += 3;
	len -= 3;
	bar = memchr(s, '|', len);
	if (!bar || base64_decode(s, (size_t)(bar - s), &salt) < 0 ||
	    base64_decode(bar + 1, len - (size_t)(bar - s) - 1, &hash) < 0)
		return false;
	return salt.len == SHA1_BYTES && hash.len == SHA1_BYTES &&
	       !name_hmac(&salt, name, got) &&
	       !memcmp(got, hash.buf, SHA1_BYTES);
}

bool known_hosts_names(const char *s, size_t len, const char *name)
{
	const char *end = s + len;
	bool found = false;

	if (len > 3 && !memcmp(s, "|1|", 3))
		return hashed_match(s, len, name);
	while (s < end) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		const char *stop = comma ? comma : end;
		bool negated = *s == '!';

		if (negated)
			s++;
		if (s < stop && wild_match(s, (size_t)(stop - s), name)) {
			if (negated)
				return false; /* whatever else says */
			found = true;
		}
		s = comma ? comma + 1 : end;
	}
	return found;
}

int known_hosts_hash(const char *name, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf salt = STRBUF_INIT;
	unsigned char bytes[SHA1_BYTES], hash[SHA1_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -1;
	strbuf_add(&salt, bytes, sizeof(bytes));
	if (name_hmac(&salt, name, hash) < 0)
		return -1;
	strbuf_addstr(out, "|1|");
	base64_encode(bytes, sizeof(bytes), false, out);
	strbuf_addch(out, '|');
	base64_encode(hash, sizeof(hash), false, out);
	return 0;
}

struct field {
	const char *s;
	size_t len;
};

static struct field next_field(const char **p, const char *end)
{
	struct field f;

	while (*p < end && (**p == ' ' || **p == '\t'))
		(*p)++;
	f.s = *p;
	while (*p < end && **p != ' ' && **p != '\t')
		(*p)++;
	f.len = (size_t)(*p - f.s);
	return f;
}

static bool field_is(struct field f, const char *s)
{
	return f.len == strlen(s) && !memcmp(f.s, s, f.len);
}

/* The blob starts with its own type; one that disagrees is a bad line. */
static bool blob_has_type(const struct strbuf *blob, struct field type)
{
	const unsigned char *b = (const unsigned char *)blob->buf;

	return blob->len > 4 + type.len && !b[0] && !b[1] &&
	       (size_t)(b[2] << 8 | b[3]) == type.len &&
	       !memcmp(blob->buf + 4, type.s, type.len);
}

/* One line without its newline; false when it is not about "name". */
static bool parse_line(const char *p, const char *end, const char *name,
		       struct known_key *key)
{
	AUTO_STRBUF struct strbuf blob = STRBUF_INIT;
	struct field f = next_field(&p, end), names, type;

	if (!f.len || *f.s == '#' || memchr(f.s, '\0', (size_t)(end - f.s)))
		return false;
	key->mark = KNOWN_PLAIN;
	if (*f.s == '@') {
		if (field_is(f, "@revoked"))
			key->mark = KNOWN_REVOKED;
		else if (field_is(f, "@cert-authority"))
			key->mark = KNOWN_AUTHORITY;
		else
			return false;
		f = next_field(&p, end);
	}
	names = f;
	type = next_field(&p, end);
	f = next_field(&p, end);
	if (!f.len || !known_hosts_names(names.s, names.len, name) ||
	    base64_decode(f.s, f.len, &blob) < 0 || !blob_has_type(&blob, type))
		return false;
	key->type = xstrndup(type.s, type.len);
	key->len = blob.len;
	key->blob = strbuf_detach(&blob);
	return true;
}

void known_hosts_scan(struct known_hosts *kh, const char *file,
		      const struct strbuf *data, const char *name)
{
	const char *p = data->buf, *end = p + data->len;
	size_t line = 0;

	while (p < end && kh->nr < MAX_ENTRIES) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;
		struct known_key key = { 0 };

		line++;
		if (stop > p && stop[-1] == '\r')
			stop--;
		if (stop - p <= MAX_LINE && parse_line(p, stop, name, &key)) {
			key.file = xstrdup(file);
			key.line = line;
			ALLOC_GROW(kh->v, kh->nr + 1, kh->alloc);
			kh->v[kh->nr++] = key;
		}
		p = nl ? nl + 1 : end;
	}
}

static bool same_blob(const struct known_key *k, const struct host_key *key)
{
	return k->len == key->len && !memcmp(k->blob, key->blob, key->len);
}

enum known_verdict known_hosts_judge(const struct known_hosts *kh,
				     const struct host_key *key,
				     const struct known_key **which)
{
	const struct known_key *match = NULL, *other = NULL, *decided;
	enum known_verdict verdict;
	size_t i;

	if (!which)
		which = &decided;
	for (i = 0; i < kh->nr; i++) {
		const struct known_key *k = &kh->v[i];

		if (k->mark == KNOWN_REVOKED && same_blob(k, key)) {
			*which = k;
			return KNOWN_IS_REVOKED;
		}
		if (k->mark != KNOWN_PLAIN)
			continue;
		if (!match && same_blob(k, key))
			match = k;
		else if (!other && !strcmp(k->type, key->type))
			other = k;
	}
	verdict = match ? KNOWN_MATCH : other ? KNOWN_CHANGED : KNOWN_UNKNOWN;
	*which = match ? match : other;
	return verdict;
}

bool known_hosts_have_authority(const struct known_hosts *kh)
{
	size_t i;

	for (i = 0; i < kh->nr; i++)
		if (kh->v[i].mark == KNOWN_AUTHORITY)
			return true;
	return false;
}
