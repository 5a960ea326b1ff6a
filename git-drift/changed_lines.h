#ifndef CHANGED_LINES_H
#define CHANGED_LINES_H

#include "common/base/err.h"
#include "common/text/marker_pairs.h"

/*
 * The lines of a text that differ from an older one, as libgit2's diff finds
 * them in two buffers: no repository is involved, so no attribute or driver
 * can have a say.
 */
struct changed_range {
	/* Lines of the new text; of a mere removal the line above it, or 0. */
	size_t first, last;
	size_t removed; /* lines of the old text */
	bool added;	/* false: only removed */
};

struct changed_lines {
	struct changed_range *v;
	size_t nr, alloc;
};
#define CHANGED_LINES_INIT                                                     \
	{                                                                      \
		0                                                              \
	}
void changed_lines_release(struct changed_lines *c);
#define AUTO_CHANGED_LINES CLEANUP(changed_lines_release)

int changed_lines_find(struct changed_lines *c, const struct marker_text *old,
		       const struct marker_text *now, struct err *err) MUST_CHECK;

#endif
