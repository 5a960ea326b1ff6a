#ifndef SCAN_REPORT_H
#define SCAN_REPORT_H

#include "common/base/strvec.h"
#include "common/sys/hash.h"
#include "common/text/release_index.h"

/*
 * The answer to "scan": what an agent found in the live release. It travels
 * as one frame (common/wire/packed.h) of
 *
 *	git-release scan 1 NL
 *	kind SP (sealed | foreign | plain) NL
 *	release SP <id> NL		the release; nothing of a plain checkout
 *	revision SP <commit> NL		see below; may be nothing
 *	target SP <name> NL
 *	looked SP <files> NL
 *	read SP <files> NL
 *	keeps SP (server | client | nobody) NL
 *	base SP <sum> NL		of the index that it builds upon, or
 *nothing unknown SP <number> NL <why> <path> NUL		for each of
 *these; why is one letter <index file>			common/wire/index_file.h
 *
 * Of a sealed release the index holds what differs from how it was installed.
 * Of others it holds everything, or, with a base, what differs from that.
 * The mode of what is gone is 0.
 *
 * Everything in it is from outside, and checked: sorted, and each path
 * relative, without "." and "..", and no directory of one a file of another.
 * A path may still be ".git/hooks/x": only the caller knows what it wants.
 */
enum scan_kind {
	SCAN_SEALED,  /* released by us: has an installed manifest */
	SCAN_FOREIGN, /* made by Capistrano, Deployer or hand */
	SCAN_PLAIN    /* the root itself is a checkout */
};

/* Who keeps the ids of what was read, for the next time. */
enum scan_keeper { SCAN_NOBODY_KEEPS, SCAN_SERVER_KEEPS, SCAN_CLIENT_KEEPS };

/* In the mode of an entry, above st_mode: */
#define SCAN_OTHER_OWNER (1u << 16) /* not the owner of the release */
#define SCAN_SHARED_LINK (1u << 17) /* a link that leads into shared/ */

#define SCAN_FILES_MAX	 1000000
#define SCAN_UNKNOWN_MAX 10000
#define SCAN_BYTES_MAX	 ((size_t)256 << 20)

struct scan_report {
	enum scan_kind kind;
	char *release; /* "" for SCAN_PLAIN */
	/*
	 * The commit that REVISION, Deployer's log or .git/HEAD names. "" where
	 * none does, and of sealed releases, unless asked for: their package
	 * knows.
	 */
	char revision[OID_HEXSZ + 1];
	char *target; /* what Deployer or HEAD call it: a tag, a branch; "" */
	/*
	 * Sorted. Sealed: what differs, else everything. Mode 0: gone. Special
	 * files are in it with an id of zeros.
	 */
	struct release_index entries;
	struct strvec unknown;	   /* paths; and all that is below them */
	struct strvec unknown_why; /* of each, in a few words */
	uint64_t looked, read;	   /* files seen, and read for their ids */

	/* For the two ends alone. */
	enum scan_keeper keeper;
	char base[SHA256_HEXSZ + 1]; /* "" */
};
#define SCAN_REPORT_INIT                                                       \
	{                                                                      \
		.entries = RELEASE_INDEX_INIT                                  \
	}

void scan_report_release(struct scan_report *r);
#define AUTO_SCAN_REPORT CLEANUP(scan_report_release)

/* Adds to unknown and unknown_why; why is an errno. */
void scan_report_add_unknown(struct scan_report *r, const char *path, int why);

/*
 * Writes all of r, but for its entries: those are in the index file, of this
 * many bytes. The frame is appended to out.
 */
int scan_report_encode(const struct scan_report *r, const struct strbuf *index,
		       struct strbuf *out, struct err *err) MUST_CHECK;

/* Takes what unpacker_finish() left in raw, and fills r, which is empty. */
int scan_report_parse(struct scan_report *r, struct strbuf *raw,
		      struct err *err) MUST_CHECK;
/* Is every path fit to be opened, and none in the way of another? */
int scan_report_check(const struct scan_report *r, struct err *err) MUST_CHECK;

/*
 * Of one with a base: entries becomes everything, as the agent has it. base
 * is the index with that sum.
 */
int scan_report_complete(struct scan_report *r, const struct release_index *base,
			 struct err *err) MUST_CHECK;

/* Appends the index file of what differs between two; for the agent. */
void scan_report_difference(const struct release_index *old,
			    const struct release_index *new, struct strbuf *out);

#endif
