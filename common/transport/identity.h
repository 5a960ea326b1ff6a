#ifndef IDENTITY_H
#define IDENTITY_H

#include "common/transport/ssh_config.h"

/* What a key file holds, told without any passphrase. */
struct key_info {
	struct strbuf blob; /* the public key; empty when not told */
	bool has_private;
	bool encrypted;
	bool ecdsa_pem; /* "EC PRIVATE KEY": an ecdsa key without a blob */
};
#define KEY_INFO_INIT                                                          \
	{                                                                      \
		.blob = STRBUF_INIT                                            \
	}

void key_info_release(struct key_info *info);
#define AUTO_KEY_INFO CLEANUP(key_info_release)

/*
 * Reads the outside of a key file: OpenSSH's own format (PROTOCOL.key in its
 * source), PEM, or a public key line. Pure. A file that is no key leaves info
 * as it was.
 */
void key_info_parse(const struct strbuf *file, struct key_info *info);

/* The type a blob names, as "ssh-ed25519"; false when it names none. */
bool key_blob_type(const struct strbuf *blob, char *type, size_t size);
/* ed25519 and ecdsa: what libssh2 1.10 signs and servers accept. */
bool key_type_usable(const char *type);

/* One IdentityFile that exists. */
struct identity {
	char *path;
	struct strbuf file; /* wiped on release */
	struct key_info info;
};

struct identities {
	struct identity *v;
	size_t nr, alloc;
};
#define IDENTITIES_INIT                                                        \
	{                                                                      \
		0                                                              \
	}

void identities_release(struct identities *ids);
#define AUTO_IDENTITIES CLEANUP(identities_release)

/*
 * Reads the key files of the settings, "<file>.pub" included. One whose name
 * only ssh can expand gives ERR_UNSUITABLE.
 */
int identities_read(const struct ssh_config *c, const struct ssh_tokens *t,
		    struct identities *out, struct err *err) MUST_CHECK;

#endif
