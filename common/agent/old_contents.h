#ifndef OLD_CONTENTS_H
#define OLD_CONTENTS_H

#include "common/agent/agent.h"
#include "common/text/release_index.h"

/*
 * Contents that git has, found again on this server: an older release of ours
 * has them at the same path, as its index says and a hash proves. With them as
 * prefix only what was changed in a file travels.
 */
#define OLD_RELEASES 4 /* that are searched, the newest first */

struct old_release {
	int fd;
	struct release_index index;
};

struct old_contents {
	struct agent *a;
	const char *live; /* not looked into: that is where the edits are */
	bool listed;
	struct old_release v[OLD_RELEASES];
	size_t nr;
};

/*
 * Appends the file path with this id, at most max bytes. False, and nothing
 * appended, when none of them has it.
 */
bool old_contents_add(struct old_contents *o, const char *path,
		      const struct oid *oid, size_t max, struct strbuf *out);
void old_contents_release(struct old_contents *o);

#endif
