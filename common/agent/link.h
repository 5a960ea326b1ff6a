#ifndef LINK_H
#define LINK_H

#include "common/agent/agent.h"

/*
 * The link "current" and the links made in advance for it.
 *
 * Every sealed release that is not live has .release/link/<id>, a link with
 * the text "releases/<id>". A switch exchanges that link with "current" in
 * one rename (renameat2 RENAME_EXCHANGE), looks at what came out, and
 * exchanges back if it is not what was expected: compare-and-swap. What came
 * out is then the old release's link, put under its name. So a rollback needs
 * no free inode and no free block.
 */

/* Makes .release/link/<id>; nothing happens when it is there. */
int link_prepare(struct agent *a, const char *id, struct err *err) MUST_CHECK;

/* Forgets it. */
void link_forget(struct agent *a, const char *id);

/*
 * Makes "id" live if "expected" ("" for nothing) is. ERR_UNDONE when another
 * one was: nothing is changed then. Flushed and read back before it returns.
 */
int link_switch(struct agent *a, const char *expected, const char *id,
		struct err *err) MUST_CHECK;

/*
 * Nothing is live any more, if "id" was: for a first release that failed. The
 * link becomes that of the release again. ERR_UNDONE when another one was.
 */
int link_take_down(struct agent *a, const char *id, struct err *err) MUST_CHECK;

/* Puts every link in .release/link under the name that its text says. */
void link_repair(struct agent *a, const char *live);

#endif
