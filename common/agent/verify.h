#ifndef VERIFY_H
#define VERIFY_H

#include "common/agent/agent.h"

/* The "verify" request: id, writable. Reads every byte, writes none. */
int verify_request(struct agent *a, struct message *m, struct err *err) MUST_CHECK;

/* The "log" request: the newest "limit" ledger lines, oldest first. */
int log_request(struct agent *a, struct message *m, struct err *err) MUST_CHECK;

#endif
