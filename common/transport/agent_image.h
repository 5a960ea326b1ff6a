#ifndef AGENT_IMAGE_H
#define AGENT_IMAGE_H

#include "common/base/err.h"
#include "common/sys/hash.h"

/* The agent program of this machine, as it is sent to a server. */
struct agent_image {
	const char *path;
	struct strbuf bytes;
	char hash[SHA256_HEXSZ + 1]; /* SHA-256, hex */
	char machine[32]; /* "x86_64": from the name agent-<machine> */
};
#define AGENT_IMAGE_INIT                                                       \
	{                                                                      \
		.bytes = STRBUF_INIT                                           \
	}

void agent_image_release(struct agent_image *image);
#define AUTO_AGENT_IMAGE CLEANUP(agent_image_release)

/* path is borrowed. */
int agent_image_read(const char *path, struct agent_image *image,
		     struct err *err) MUST_CHECK;

/*
 * The bytes as "gzip -d" takes them, from the file <path>.gz that is made with
 * the agent: packing it takes longer than sending it. False when there is none
 * or it was made from another agent.
 */
bool agent_image_packed(const struct agent_image *image, struct strbuf *out);

#endif
