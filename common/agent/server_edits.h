#ifndef SERVER_EDITS_H
#define SERVER_EDITS_H

#include "common/agent/run.h"

/*
 * The guard: what somebody edited in the live release must not be buried by
 * the next one. A "stage" request with the field "guard" (refuse or discard)
 * has the live release compared with its index, in a thread of its own while
 * the new release arrives:
 *
 *	server_edits_begin(a, run);
 *	...
 *	server_edits_settle(run, err);	before anything is changed that no abort
 *					brings back
 *	server_edits_record(a, run, err);	once the release has its name
 *	server_edits_reply(run, &reply);
 *
 * No edit is what is below a writable or shared path, or matches one of the
 * fields "guard-exclude" (gitignore patterns, on the paths that git has:
 * "guard-prefix" stands before those of the release). Nothing is lost, either,
 * of a file that is in the new release with the same content and kind, of one
 * that only has other permissions, nor of a deleted one that the new release
 * does not have. A field "guard-known" (edit_judge.h) is an edit that is in
 * the history of the new release, which may have something else there; one that
 * is not in order lets nothing pass.
 *
 * Reply and refusal carry the fields
 *
 *	guard	compared; none: nothing is live; foreign: what is live is no
 *		release of ours; unknown: it cannot be compared
 *	edits	how many there are
 *	edit	"M path", A, D or ? in place of M: the first EDITS_TOLD of them
 */
#define EDITS_TOLD 100

struct server_edits;

/* Does nothing when the request does not ask for it. */
void server_edits_begin(struct agent *a, struct run *run);

/*
 * Waits for the end of it and listens meanwhile, to a client who has nothing
 * to say but that it is there, or that all is to be undone: ERR_INTERRUPTED.
 */
int server_edits_wait(struct run *run, struct err *err) MUST_CHECK;

/*
 * Waits for the end of it and judges, once run->new is there. ERR_REFUSED,
 * with the fields sent already, when there are edits that nobody said to
 * discard, or when nobody can tell. Further calls are without effect.
 */
int server_edits_settle(struct run *run, struct err *err) MUST_CHECK;

/* Writes what is discarded to log/<id>. */
int server_edits_record(struct agent *a, const struct run *run,
			struct err *err) MUST_CHECK;

void server_edits_reply(const struct run *run, struct strbuf *out);

/* How many the new release buries, as it was told to. */
size_t server_edits_discarded(const struct run *run);

/* Ends the thread. */
void server_edits_free(struct server_edits *e);

#endif
