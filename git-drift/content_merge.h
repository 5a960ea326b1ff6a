#ifndef CONTENT_MERGE_H
#define CONTENT_MERGE_H

#include "git-drift/line_changes.h"
#include "common/git/tree_delta.h"

/*
 * Three versions of one file made one, as git merges them: by libgit2's own
 * merge of lines, in memory. No merge driver runs and no attribute is read,
 * so a repository cannot decide what happens here.
 */
struct file_version {
	uint32_t mode; /* GIT_FILEMODE_*; 0: it is not there */
	git_oid id;
};

bool file_version_same(const struct file_version *a,
		       const struct file_version *b);

/* A place where ours and theirs changed the same lines, counted from 0. */
struct clash {
	uint32_t base_start, base_nr;
	uint32_t ours_start, ours_nr;
	uint32_t theirs_start, theirs_nr;
};

struct content_merge {
	bool clean;
	const char *why; /* not clean, and not for lines: "both are binary" */
	struct clash *clashes; /* of a text that is not clean; in order */
	size_t nr, alloc;
	uint32_t mode;	    /* of the result */
	struct strbuf text; /* the result, with conflict markers */
	bool has_text;	    /* else the result is *take */
	struct file_version take;
};
#define CONTENT_MERGE_INIT                                                     \
	{                                                                      \
		.text = STRBUF_INIT                                            \
	}
void content_merge_release(struct content_merge *m);
#define AUTO_CONTENT_MERGE CLEANUP(content_merge_release)

struct content_merge_input {
	struct file_version base, ours, theirs; /* base may not be there */
	/* Behind "<<<<<<<" and ">>>>>>>". */
	const char *our_label, *their_label;
	/* By one, as merge-ort has it for a file that moved to two places. */
	bool longer_markers;
};

/* Files that are compared line by line are at most this large. */
#define CONTENT_MERGE_SIZE_MAX ((uint64_t)512 << 20)

/*
 * Ours and theirs must both be there. out must be fresh; ERR_NOTFOUND when an
 * object is missing.
 */
int content_merge(git_repository *repo, const struct content_merge_input *in,
		  struct content_merge *out, struct err *err) MUST_CHECK;

/* How many separate changes made *to of *from; 1 for what is not text. */
int content_changes(git_repository *repo, const struct file_version *from,
		    const struct file_version *to, size_t *nr,
		    struct err *err) MUST_CHECK;

#endif
