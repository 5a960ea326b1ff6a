#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/transport/base64.h"
#include "common/transport/identity.h"

#define MAX_KEY_FILE (64 * 1024)

void key_info_release(struct key_info *info)
{
	strbuf_release(&info->blob);
}

void identities_release(struct identities *ids)
{
	size_t i;

	for (i = 0; i < ids->nr; i++) {
		struct identity *id = &ids->v[i];

		free(id->path);
		if (id->file.alloc)
			explicit_bzero(id->file.buf, id->file.alloc);
		strbuf_release(&id->file);
		key_info_release(&id->info);
	}
	free(ids->v);
	ids->v = NULL;
	ids->nr = ids->alloc = 0;
}

/* Takes one length-prefixed string off the front; NULL when there is none. */
static const char *take_string(const char **p, size_t *left, size_t *len)
{
	const unsigned char *b = (const unsigned char *)*p;
	const char *s;

	if (*left < 4)
		return NULL;
	*len = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
	if (*len > *left - 4)
		return NULL;
	s = *p + 4;
	*p += 4 + *len;
	*left -= 4 + *len;
	return s;
}

bool key_blob_type(const struct strbuf *blob, char *type, size_t size)
{
	const char *p = blob->buf;
	size_t left = blob->len, len;
	const char *s = take_string(&p, &left, &len);

	if (!s || !len || len >= size || memchr(s, '\0', len))
		return false;
	memcpy(type, s, len);
	type[len] = '\0';
	return true;
}

bool key_type_usable(const char *type)
{
	return !strcmp(type, "ssh-ed25519") ||
	       !strcmp(type, "ecdsa-sha2-nistp256") ||
	       !strcmp(type, "ecdsa-sha2-nistp384") ||
	       !strcmp(type, "ecdsa-sha2-nistp521");
}

/* "openssh-key-v1": cipher, kdf, its options, a count, the public key. */
static void parse_openssh(const struct strbuf *body, struct key_info *info)
{
	static const char magic[] = "openssh-key-v1";
	const char *p = body->buf + sizeof(magic), *cipher, *blob;
	size_t left, len, unused;

	if (body->len < sizeof(magic) ||
	    memcmp(body->buf, magic, sizeof(magic)) != 0)
		return;
	left = body->len - sizeof(magic);
	cipher = take_string(&p, &left, &len);
	if (!cipher || !take_string(&p, &left, &unused) ||
	    !take_string(&p, &left, &unused) || left < 4)
		return;
	info->encrypted = len != 4 || memcmp(cipher, "none", 4) != 0;
	p += 4;
	left -= 4;
	blob = take_string(&p, &left, &len);
	if (!blob)
		return;
	info->has_private = true;
	strbuf_reset(&info->blob);
	strbuf_add(&info->blob, blob, len);
}

/* The base64 between the lines that start with five dashes. */
static void decode_body(const char *s, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	s = strchr(s, '\n');
	while (s && *++s && *s != '-') {
		size_t len = strcspn(s, "\r\n");

		strbuf_add(&text, s, len);
		s = strchr(s, '\n');
	}
	if (base64_decode(text.buf, text.len, out) < 0)
		strbuf_reset(out);
	if (text.alloc)
		explicit_bzero(text.buf, text.alloc);
}

static void parse_private(const char *s, struct key_info *info)
{
	AUTO_STRBUF struct strbuf body = STRBUF_INIT;

	if (!strncmp(s, "-----BEGIN OPENSSH PRIVATE KEY-----", 35)) {
		decode_body(s, &body);
		parse_openssh(&body, info);
		if (body.alloc)
			explicit_bzero(body.buf, body.alloc);
		return;
	}
	info->has_private = strstr(s, " PRIVATE KEY-----") != NULL;
	info->encrypted = strstr(s, "ENCRYPTED") != NULL;
	info->ecdsa_pem = !strncmp(s, "-----BEGIN EC PRIVATE KEY-----", 30);
}

/* "ssh-ed25519 AAAA... comment" */
static void parse_public(const char *s, struct key_info *info)
{
	AUTO_STRBUF struct strbuf blob = STRBUF_INIT;
	size_t type = strcspn(s, " \t\r\n");
	const char *key = s + type + strspn(s + type, " \t");
	char found[64];

	if (base64_decode(key, strcspn(key, " \t\r\n"), &blob) < 0 ||
	    !key_blob_type(&blob, found, sizeof(found)) ||
	    strlen(found) != type || memcmp(found, s, type) != 0)
		return;
	strbuf_swap(&info->blob, &blob);
}

void key_info_parse(const struct strbuf *file, struct key_info *info)
{
	if (strlen(file->buf) != file->len)
		return;
	if (!strncmp(file->buf, "-----BEGIN ", 11))
		parse_private(file->buf, info);
	else if (!info->blob.len)
		parse_public(file->buf, info);
}

/* Read into one allocation, so that wiping it leaves no copy behind. */
static bool read_key(const char *path, struct strbuf *out)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > MAX_KEY_FILE)
		return false;
	strbuf_grow(out, (size_t)st.st_size);
	n = read(fd, out->buf, (size_t)st.st_size);
	if (n <= 0)
		return false;
	out->len = (size_t)n;
	out->buf[n] = '\0';
	return true;
}

static void add_identity(struct identities *ids, const char *path)
{
	struct identity id = { .file = STRBUF_INIT, .info = KEY_INFO_INIT };
	AUTO_STRBUF struct strbuf pub = STRBUF_INIT, pub_path = STRBUF_INIT;
	bool have = read_key(path, &id.file);

	if (have)
		key_info_parse(&id.file, &id.info);
	strbuf_addf(&pub_path, "%s.pub", path);
	if (!id.info.blob.len && read_key(pub_path.buf, &pub))
		parse_public(pub.buf, &id.info);
	if (!id.info.blob.len && !id.info.has_private) {
		strbuf_release(&id.file);
		return;
	}
	id.path = xstrdup(path);
	ALLOC_GROW(ids->v, ids->nr + 1, ids->alloc);
	ids->v[ids->nr++] = id;
}

int identities_read(const struct ssh_config *c, const struct ssh_tokens *t,
		    struct identities *out, struct err *err)
{
	size_t i;

	for (i = 0; i < c->identity_files.nr; i++) {
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;

		if (ssh_config_expand(c, t, c->identity_files.v[i], &path) < 0)
			return err_set(err, ERR_UNSUITABLE,
				       "only ssh can expand the IdentityFile "
				       "'%s'",
				       c->identity_files.v[i]);
		add_identity(out, path.buf);
	}
	return 0;
}
