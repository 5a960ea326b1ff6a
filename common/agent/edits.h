#ifndef EDITS_H
#define EDITS_H

#include "common/base/strvec.h"
#include "common/text/release_index.h"

/*
 * What differs between a directory and the index of what was put there: the
 * one comparison behind verifying a release, guarding it, and scanning it for
 * what people did to it.
 *
 * A file whose stat is as the index has it, and settled, is unchanged and not
 * opened. A directory whose own times are so holds no other names than those
 * of the index and is not read. Everything else is hashed, unless a second
 * index, "kept", of an earlier look gives its id.
 *
 * No link is followed, no mount point crossed, nothing opened that is not a
 * regular file. What cannot be told is said to be unknown, and so is never
 * taken for deleted.
 */
struct edit {
	const char *path; /* borrowed for the call */
	size_t len;
	/*
	 * A: not in the index. M: other content, type or mode. D: gone. '?':
	 * unknown, and all below it; why says so. '=': as in the index, which
	 * took reading it (only where proven is set).
	 */
	char status;
	/* An errno; EXDEV: something is mounted there. */
	int why;
	/* Where it is: name in the open directory at. Of A, M and = only. */
	int at;
	const char *name;
	struct stat st; /* of A, M and =; else type 0 */
	struct oid oid; /* zero but for regular files and links */
	const struct index_entry *was; /* NULL: not in the index */
};

struct edit_scan {
	int dir_fd;			    /* borrowed */
	const struct release_index *sealed; /* NULL: every file is an A */
	const struct release_index *kept;   /* or NULL */
	const struct strvec *skip; /* these, and what is below; or NULL */
	/* Or what this says true of, which is then not read; or NULL. */
	bool (*ignore)(void *ctx, const char *path, bool is_dir);
	bool every_byte; /* believe contents alone */
	bool proven;	 /* tell of '=', too */
	/* Called now and then; an error ends the scan. May be NULL. */
	int (*pause)(void *ctx, struct err *err);

	uint64_t looked, read; /* files so far: seen, and read for their id */
};

/* Anything but 0 ends the scan and is its result. */
typedef int edit_fn(void *ctx, const struct edit *e, struct err *err);

/*
 * Tells fn of each, in no order, but a path at most once; ctx goes to fn,
 * ignore and pause. A new directory is none, only what is in it; one that is
 * gone, or that something else has taken the place of, is.
 */
int edits_find(struct edit_scan *s, edit_fn *fn, void *ctx,
	       struct err *err) MUST_CHECK;

#endif
