#ifndef SEAL_H
#define SEAL_H

#include "common/agent/run.h"

/*
 * A release is sealed when .release/index/<id> is there and its sum holds:
 * the installed manifest with the stat of every file. Nothing that is not
 * sealed is ever switched to.
 */

/* Writes manifest/<id> and index/<id>, syncs everything, makes the link. */
int seal_write(struct agent *a, struct run *run, struct err *err) MUST_CHECK;

/* Reads and checks the index. ERR_NOTFOUND when there is none. */
int seal_load(struct agent *a, const char *id, struct release_index *x,
	      struct err *err) MUST_CHECK;

/* How a scan of a sealed release compares with its index. */
struct seal_report {
	size_t files; /* looked at */
	size_t changed, missing, extra;
	struct strvec paths; /* "M path", "D path", "A path", unquoted */
	size_t bytes;	     /* of all of them, roughly */
};

/*
 * Compares releases/<id> with its index. With every_byte all contents are
 * hashed, else only where stat differs. Paths below writable are left out.
 */
int seal_scan(struct agent *a, const char *id, bool every_byte,
	      const struct strvec *writable, struct seal_report *report,
	      struct err *err) MUST_CHECK;
void seal_report_release(struct seal_report *r);

#endif
