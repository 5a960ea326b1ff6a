#ifndef STREAM_H
#define STREAM_H

#include "common/agent/agent.h"

/*
 * The next part of a stream: PKT_DATA with *data and *len borrowed until the
 * next call, PKT_DELIM at the end of a frame, PKT_FLUSH at the end. Signs of
 * life are swallowed. ERR_INTERRUPTED when the client is gone or gave up.
 */
int stream_read(struct agent *a, const char **data, size_t *len,
		struct err *err) MUST_CHECK;

#endif
