#ifndef KNOWN_HOSTS_H
#define KNOWN_HOSTS_H

#include "common/base/strbuf.h"

/*
 * known_hosts files as sshd(8) describes them ("SSH_KNOWN_HOSTS FILE
 * FORMAT"): plain and hashed names, [host]:port, wildcards, negation,
 * @revoked and @cert-authority. Pure: the caller reads the files. libssh2's
 * own reader is not used, because 1.10 takes "@revoked" for a host name and
 * so trusts the key behind it.
 */
enum known_mark {
	KNOWN_PLAIN,
	KNOWN_REVOKED,
	KNOWN_AUTHORITY /* signs host certificates; no key of a host */
};

struct known_key {
	enum known_mark mark;
	char *type; /* "ssh-ed25519" */
	char *blob; /* the key as the server sends it */
	size_t len;
	char *file; /* where it was found, for messages */
	size_t line;
};

/* The entries that are about one host, in the order of the files. */
struct known_hosts {
	struct known_key *v;
	size_t nr, alloc;
};
#define KNOWN_HOSTS_INIT                                                       \
	{                                                                      \
		0                                                              \
	}

void known_hosts_release(struct known_hosts *kh);
#define AUTO_KNOWN_HOSTS CLEANUP(known_hosts_release)

/*
 * Adds the entries of one file that match "name": the host in lower case,
 * "[host]:port" when the port is not 22, or a HostKeyAlias. Lines that make
 * no sense are skipped, as ssh does.
 */
void known_hosts_scan(struct known_hosts *kh, const char *file,
		      const struct strbuf *data, const char *name);

enum known_verdict {
	KNOWN_UNKNOWN, /* no entry of this type */
	KNOWN_MATCH,
	KNOWN_CHANGED, /* another key of this type is on record */
	KNOWN_IS_REVOKED
};

struct host_key {
	const char *type;
	const char *blob;
	size_t len;
};

/* *which, unless NULL, gets the entry that decided; NULL when none did. */
enum known_verdict known_hosts_judge(const struct known_hosts *kh,
				     const struct host_key *key,
				     const struct known_key **which);

/* True when a host certificate could prove this host. */
bool known_hosts_have_authority(const struct known_hosts *kh);

/* Whether an entry's first field names the host; s need not be NULed. */
bool known_hosts_names(const char *s, size_t len, const char *name);

/* Appends "|1|salt|hash" of a name (ssh_config(5), HashKnownHosts). */
int known_hosts_hash(const char *name, struct strbuf *out) MUST_CHECK;

#endif
