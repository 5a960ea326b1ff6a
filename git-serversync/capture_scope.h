#ifndef CAPTURE_SCOPE_H
#define CAPTURE_SCOPE_H

#include "common/base/strvec.h"
#include "common/text/ignore_rules.h"

/*
 * What a capture has nothing to do with: neither a change nor a deletion is
 * ever told of it.
 *
 *	apart		what the application writes (release.shared,
 *			release.writable), links into shared/, and what could
 *			not be read: these and all below them, in the release
 *	exclude		serversync.exclude, gitignore patterns in the repository
 *	git_only	GIT_ONLY_PATHS or serversync.gitOnly (path_cover.h), in
 *			the repository
 *	cleared		clear_paths of a deploy, in the release
 */
struct capture_scope {
	struct strvec apart, git_only, cleared;
	struct ignore_rules exclude;
};
#define CAPTURE_SCOPE_INIT                                                     \
	{                                                                      \
		.exclude = IGNORE_RULES_INIT                                   \
	}
void capture_scope_release(struct capture_scope *s);
#define AUTO_CAPTURE_SCOPE CLEANUP(capture_scope_release)

bool capture_scope_leaves_out(const struct capture_scope *s, const char *path,
			      const char *git_path);

#endif
