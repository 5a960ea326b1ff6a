#ifndef SSH_CONFIG_H
#define SSH_CONFIG_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/*
 * What ssh would do for one host, read from "ssh -G" (ssh(1)): one
 * "keyword value" per line, keywords in lower case. So Host and Match blocks,
 * Include and the defaults are ssh's own business. Pure: the caller runs ssh.
 */
struct ssh_config {
	char *hostname, *user;
	uint32_t port;
	uint32_t connect_timeout; /* seconds; 0: none given */
	struct strvec identity_files, certificate_files;
	struct strvec user_known_hosts, global_known_hosts;
	bool identities_only;
	bool pubkey, gssapi; /* may be used to log in */
	bool hash_known_hosts;
	char *identity_agent; /* NULL: $SSH_AUTH_SOCK */
	char *proxy_jump, *proxy_command;
	char *host_key_alias;
	char *strict; /* "yes", "no", "ask" or "accept-new" */
	char *host_key_algorithms, *kex, *ciphers, *macs;
	char *address_family; /* "any", "inet", "inet6" */
	char *control_path;
	/* An option that is set and that only the ssh program knows. */
	char *needs_ssh;
};
#define SSH_CONFIG_INIT                                                        \
	{                                                                      \
		0                                                              \
	}

void ssh_config_release(struct ssh_config *c);
#define AUTO_SSH_CONFIG CLEANUP(ssh_config_release)

/* Ceiling for what "ssh -G" may print; the caller's strbuf_limit(). */
#define SSH_CONFIG_MAX (256 * 1024)

int ssh_config_parse(const struct strbuf *text, struct ssh_config *out,
		     struct err *err) MUST_CHECK;

/* Whether a comma-separated list such as "ciphers" has a name. */
bool ssh_config_lists(const char *list, const char *name);

/*
 * Expands "~/" and the percent signs of ssh_config(5), "TOKENS". Returns -1
 * for one that we do not know and for ${VARIABLES}: leave those to ssh.
 */
struct ssh_tokens {
	const char *original; /* %n: as given to us */
	const char *home;
};
int ssh_config_expand(const struct ssh_config *c, const struct ssh_tokens *t,
		      const char *text, struct strbuf *out) MUST_CHECK;

#endif
