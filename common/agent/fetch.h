#ifndef FETCH_H
#define FETCH_H

#include "common/agent/agent.h"

/*
 * The "fetch" request: what a release was made from goes back to a client that
 * does not have it. Fields: id; want, any number of times, "<first> <number>"
 * of entries of its package manifest, ascending.
 *
 * The reply is bytes, not fields: without "want" the package manifest as it
 * came, with it the contents of those files, one right after the other; their
 * sizes are in the manifest. A file that is not there as it was installed ends
 * the reply with an error. The client proves every byte. Writes nothing.
 */
int fetch_request(struct agent *a, struct message *m, struct err *err) MUST_CHECK;

#endif
