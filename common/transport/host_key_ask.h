#ifndef HOST_KEY_ASK_H
#define HOST_KEY_ASK_H

#include "common/transport/host_key.h"

/* "SHA256:..." as ssh shows it. */
void host_key_fingerprint(const struct host_key *key, struct strbuf *out);

/* Asks on /dev/tty. 1 for yes, 0 for no or when there is no terminal. */
int host_key_ask(const struct host_key_book *book, const struct host_key *key,
		 struct err *err) MUST_CHECK;

/*
 * Appends the key to the first UserKnownHostsFile, its name hashed when the
 * settings say so. Failing to write it is only told with verbose().
 */
int host_key_record(const struct ssh_route *route,
		    const struct host_key_book *book,
		    const struct host_key *key, struct err *err) MUST_CHECK;

#endif
