#ifndef BOOTSTRAP_H
#define BOOTSTRAP_H

#include "common/base/err.h"
#include "common/transport/agent_image.h"
#include "common/transport/tail.h"

/*
 * The client's side of starting an agent, over a pipe whose far end runs
 * bootstrap_line(), or the agent itself. What a login shell prints before is
 * skipped, up to a ceiling; every line that counts carries our nonce.
 */
#define BOOTSTRAP_NOISE_MAX (64 * 1024)
#define BOOTSTRAP_PROTOCOL  1
#define BOOTSTRAP_NONCE_LEN 16

struct bootstrap {
	int fd; /* a blocking socket */
	/* NULL: nothing is installed, only the greeting is awaited. */
	const struct agent_image *image;
	const char *nonce;
	int timeout_ms;	   /* for the greeting */
	struct tail *tail; /* quoted when the far end ends early */
};

/* out has room for BOOTSTRAP_NONCE_LEN + 1 bytes. */
int bootstrap_nonce(char *out, struct err *err) MUST_CHECK;

/*
 * Returns once the greeting was read, and not a byte more: what follows it is
 * still in the pipe.
 */
int bootstrap_run(const struct bootstrap *b, struct err *err) MUST_CHECK;

#endif
