#ifndef HOST_KEY_H
#define HOST_KEY_H

#include "common/transport/known_hosts.h"
#include "common/transport/ssh_link.h"

/*
 * Host keys, as strict as ssh: only a key on record is taken. One that is not
 * is asked for on the terminal when a person is there, accepted under
 * StrictHostKeyChecking accept-new (and "no", which we read as that), refused
 * otherwise. Nothing makes a changed or revoked key pass.
 */
struct host_key_book {
	struct known_hosts known; /* under the name with its port */
	struct known_hosts bare;  /* under the host alone, if port is not 22 */
	char *name;
};
#define HOST_KEY_BOOK_INIT                                                     \
	{                                                                      \
		.known = KNOWN_HOSTS_INIT, .bare = KNOWN_HOSTS_INIT            \
	}

void host_key_book_release(struct host_key_book *book);
#define AUTO_HOST_KEY_BOOK CLEANUP(host_key_book_release)

/* Reads the files of the settings. */
int host_key_book_read(const struct ssh_route *route,
		       struct host_key_book *book, struct err *err) MUST_CHECK;

/*
 * Appends the algorithms to offer, comma-separated: the types on record in
 * their order, so that a server with several keys shows one that can be
 * checked; all that libssh2 and the settings know when none is on record.
 * ERR_UNSUITABLE when only ssh can check what is on record.
 */
int host_key_algorithms(const struct ssh_route *route,
			const struct host_key_book *book, struct strbuf *out,
			struct err *err) MUST_CHECK;

int host_key_check(const struct ssh_route *route,
		   const struct host_key_book *book, const struct host_key *key,
		   struct err *err) MUST_CHECK;

#endif
