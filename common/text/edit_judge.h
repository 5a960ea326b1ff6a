#ifndef EDIT_JUDGE_H
#define EDIT_JUDGE_H

#include "common/text/ignore_rules.h"
#include "common/text/manifest.h"

/*
 * Whether a release buries what somebody did to a file of the release before
 * it: nothing is lost where the new one has the same content as the same kind
 * of file, or does not have what was deleted.
 */
struct edit_judge {
	struct ignore_rules exclude; /* of paths in git: no edits */
	const char *prefix;	     /* of these; borrowed; NULL or "": none */
};
#define EDIT_JUDGE_INIT                                                        \
	{                                                                      \
		.exclude = IGNORE_RULES_INIT                                   \
	}
void edit_judge_release(struct edit_judge *j);
#define AUTO_EDIT_JUDGE CLEANUP(edit_judge_release)

/* A gitignore pattern. */
void edit_judge_exclude(struct edit_judge *j, const char *pattern);

bool edit_judge_excluded(const struct edit_judge *j, const char *path,
			 bool is_dir);

/*
 * What a manifest says of a file of this st_mode: its MANIFEST_FILE,
 * MANIFEST_EXECUTABLE or MANIFEST_SYMLINK; 0 for what it cannot hold.
 */
uint32_t edit_kind(mode_t mode);

/* kind 0: no file is there any more. */
bool edit_is_buried(const struct manifest *next, const char *path,
		    uint32_t kind, const struct oid *oid);

#endif
