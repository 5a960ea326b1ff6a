#ifndef BYTE_REPLY_H
#define BYTE_REPLY_H

#include "common/agent/agent.h"

/* A reply that is bytes. When the client is gone: ERR_INTERRUPTED. */
struct byte_reply {
	struct agent *a;
	struct strbuf packets; /* not written yet */
};

int byte_reply_put(struct byte_reply *r, const char *data, size_t len,
		   struct err *err) MUST_CHECK;
/* Ends the reply. */
int byte_reply_end(struct byte_reply *r, struct err *err) MUST_CHECK;
void byte_reply_release(struct byte_reply *r);
#define AUTO_BYTE_REPLY CLEANUP(byte_reply_release)

#endif
