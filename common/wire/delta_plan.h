#ifndef DELTA_PLAN_H
#define DELTA_PLAN_H

#include "common/text/manifest.h"

/*
 * What travels when a release is sent to a server that has an older one.
 *
 * Client and agent compute the same plan from the two manifests, so the plan
 * itself never travels, only the contents it lists. It is a sequence of
 * frames. A frame's content is the concatenation of its pieces, in path
 * order; its prefix is the concatenation of pieces of old files that are
 * likely to resemble them, in the same order. Both are capped, so that prefix
 * and content lie within one zstd window of 32 MiB, however big a file is:
 * larger files are cut, their old versions at the same offsets.
 *
 * What the old release already holds under another name is not sent but
 * copied there; a content that the new release has twice is sent once.
 */
#define DELTA_FRAME_MAX	 ((uint64_t)16 << 20)
#define DELTA_PREFIX_MAX ((uint64_t)16 << 20)
#define DELTA_TOTAL_MAX	 ((uint64_t)1 << 43)

/* Bytes off .. off + len of one entry; len is 0 for an empty file only. */
struct delta_piece {
	size_t entry; /* of the new manifest; of the old one in a prefix */
	uint64_t off;
	uint64_t len;
};

struct delta_frame {
	size_t piece, nr_pieces;  /* range in plan->pieces */
	size_t prefix, nr_prefix; /* range in plan->prefix */
	uint64_t len, prefix_len; /* sums of their lengths */
};

/* New entry "entry" has the same content as another file. */
struct delta_copy {
	size_t entry;
	bool from_new; /* else from the old release */
	size_t from;   /* index in that manifest */
};

struct delta_plan {
	struct delta_piece *pieces;
	size_t nr_pieces, alloc_pieces;
	struct delta_piece *prefix;
	size_t nr_prefix, alloc_prefix;
	struct delta_frame *frames;
	size_t nr_frames, alloc_frames;
	struct delta_copy *copies; /* a from_new one after its source */
	size_t nr_copies, alloc_copies;
	uint64_t total, prefix_total; /* bytes over all frames */
};
#define DELTA_PLAN_INIT                                                        \
	{                                                                      \
		0                                                              \
	}

struct delta_input {
	const struct manifest *old; /* NULL: first release */
	const struct manifest *new;
	/*
	 * One bit per old entry (bit i of byte i / 8), set for those whose
	 * contents the client does not have: never used as a prefix. NULL:
	 * it has all of them.
	 */
	const unsigned char *omitted;
	/*
	 * Second pass: only these new entries, strictly ascending, without
	 * prefixes and copies. NULL: first pass.
	 */
	const size_t *wanted;
	size_t nr_wanted;
};

/* plan must be empty. Fails when the input is beyond any limit. */
int delta_plan_make(struct delta_plan *plan, const struct delta_input *in,
		    struct err *err) MUST_CHECK;
void delta_plan_release(struct delta_plan *plan);
#define AUTO_DELTA_PLAN CLEANUP(delta_plan_release)

#endif
