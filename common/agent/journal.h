#ifndef JOURNAL_H
#define JOURNAL_H

#include "common/base/strvec.h"
#include "common/text/ledger_line.h"

/*
 * The ledger, .release/journal: one line before and one after each change of
 * a release's state, numbered under the lock. Order, rollback targets and
 * pruning come from it and from the link, never from clocks or mtimes.
 *
 * Lines are written into space that was reserved before (fallocate), so that
 * a rollback can be recorded on a full disk.
 */
#define JOURNAL_MAX_BYTES ((size_t)64 << 20)

struct journal {
	struct strbuf raw;
	struct ledger_line *lines; /* point into raw */
	size_t nr, alloc;
	struct strvec added; /* texts of the lines of this run */
	uint64_t next_seq;
	off_t end;	   /* where the next line goes */
	bool torn;	   /* bytes that are no line follow: to be blanked */
	size_t damaged;	   /* lines that had to be skipped */
	uint64_t lost_seq; /* the number of the last line that is lost */
};
#define JOURNAL_INIT                                                           \
	{                                                                      \
		.raw = STRBUF_INIT                                             \
	}

/* Reads it; a journal that is not there is an empty one. */
int journal_load(struct journal *j, int dot_fd, struct err *err) MUST_CHECK;
void journal_release(struct journal *j);

/* Makes sure that the next few dozen lines fit, whatever happens. */
int journal_reserve(const struct journal *j, int dot_fd,
		    struct err *err) MUST_CHECK;

/*
 * Blanks what a crash or a failed write has left behind the last line, so that
 * it is gone also where nothing new is to be noted. For the holder of the lock.
 */
int journal_mend(struct journal *j, int dot_fd, struct err *err) MUST_CHECK;

/*
 * Writes one line and flushes it to disk. seq and time are filled in here.
 * Only for the holder of the lock.
 */
int journal_append(struct journal *j, int dot_fd,
		   const struct ledger_line *line, struct err *err) MUST_CHECK;

#endif
