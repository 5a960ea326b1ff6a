#ifndef CAPTURE_TRAILERS_H
#define CAPTURE_TRAILERS_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/*
 * What a capture says of itself in the message of its commit: trailers, as
 * git-interpret-trailers(1) knows them, so that git's own tools can tell, too.
 *
 *	Server: web1.example.com
 *	Release: 20261126120000 (1.2.0)
 *	Captured-At: 2026-11-26T12:00:00Z
 *	Deletion-Reason: docs/old.md — it describes the old shop
 *	Rejected: public/install.php
 *
 * A commit with the first three is a capture; one that has only the last takes
 * files out of the capture below it again. A value whose bytes could be read
 * otherwise (controls, no UTF-8, a dash in a path) stands in double quotes, as
 * git quotes paths: what was written is what is read.
 */
#define CAPTURE_SUBJECT "Capture server edits of "

/* Larger messages are not read: 40,000 deletions with their reasons. */
#define CAPTURE_MESSAGE_MAX ((size_t)8 << 20)

struct capture_deletion {
	char *path; /* in the repository */
	char *reason;
};

struct capture_trailers {
	char *server, *release, *captured_at; /* NULL: not said */
	char *version;			      /* NULL or "": not known */
	struct capture_deletion *deletions;
	size_t nr, alloc;
	struct strvec rejected;
	/* Trailers of ours that say nothing, whole; bytes from outside. */
	struct strvec unreadable;
};
#define CAPTURE_TRAILERS_INIT                                                  \
	{                                                                      \
		0                                                              \
	}
void capture_trailers_release(struct capture_trailers *t);
#define AUTO_CAPTURE_TRAILERS CLEANUP(capture_trailers_release)

void capture_trailers_delete(struct capture_trailers *t, const char *path,
			     const char *reason);

/* Appends a line for each, and nothing else: what is unreadable is not kept. */
void capture_trailers_write(const struct capture_trailers *t, struct strbuf *out);

/*
 * Reads a message, of any commit; t must be fresh. Without such trailers it
 * stays empty. ERR_FAILED when the message is longer than any of ours. libgit2
 * must have been started (repo_open()).
 */
int capture_trailers_read(const char *message, struct capture_trailers *t,
			  struct err *err) MUST_CHECK;

bool capture_trailers_is_capture(const struct capture_trailers *t);

/* Is there anything in it but blanks, of any script? */
bool capture_reason_says(const char *reason);

/* The reason that a deletion has; NULL when there is none that says anything. */
const char *capture_trailers_reason(const struct capture_trailers *t,
				    const char *path);

/*
 * Appends the environment that the subject of a capture's message names; false
 * when it names none, since people may word it anew.
 */
bool capture_subject_read(const char *message, struct strbuf *environment);

#endif
