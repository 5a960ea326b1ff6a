#ifndef MANIFEST_SCRIPT_H
#define MANIFEST_SCRIPT_H

#include "common/text/manifest.h"

/*
 * How to make one manifest from another. Two byte strings, sent one behind
 * the other: what to do, and the object ids it needs, which do not compress.
 *
 * Numbers are little-endian base 128 (LEB128). The first three are the number
 * of entries of the old manifest, the number of steps, and the number of ids.
 * A step is the number of old entries to take over before it, an operation
 * byte, and what that operation needs:
 *
 *	DELETE	-
 *	EDIT	size difference			next old entry, new id
 *	MODE	mode byte, size difference	the same with another mode
 *	ADD	mode byte, path, size		new id
 *	MOVE	mode byte, path, old index	size and id of that entry
 *
 * Size differences are zigzag-coded. A path is the number of bytes it shares
 * with the path of the ADD or MOVE before it, the number of bytes that
 * follow, and those. Old entries left at the end are taken over.
 */
enum manifest_op { OP_DELETE, OP_EDIT, OP_MODE, OP_ADD, OP_MOVE };

/* The mode byte is an index into this. */
static const uint32_t manifest_script_modes[] = { MANIFEST_FILE,
						  MANIFEST_EXECUTABLE,
						  MANIFEST_SYMLINK };

struct manifest_script {
	struct strbuf ops, oids;
};
#define MANIFEST_SCRIPT_INIT                                                   \
	{                                                                      \
		.ops = STRBUF_INIT, .oids = STRBUF_INIT                        \
	}

void manifest_script_release(struct manifest_script *s);
/* old may be NULL in both. */
void manifest_script_write(struct manifest_script *s, const struct manifest *old,
			   const struct manifest *new);
/*
 * Appends the new manifest's bytes to raw. Checks that the script fits old;
 * what it makes still has to be parsed.
 */
int manifest_script_apply(const struct strbuf *script, const struct manifest *old,
			  struct strbuf *raw, struct err *err) MUST_CHECK;

#endif
