#ifndef EDIT_JUDGE_H
#define EDIT_JUDGE_H

#include "common/text/ignore_rules.h"
#include "common/text/manifest.h"

/*
 * Whether a release buries what somebody did to a file of the release before
 * it: nothing is lost where the new one has the same content as the same kind
 * of file, or does not have what was deleted.
 */
struct known_edit {
	char *path;
	uint32_t kind; /* as below */
	struct oid oid;
};

struct edit_judge {
	struct ignore_rules exclude; /* of paths in git: no edits */
	const char *prefix;	     /* of these; borrowed; NULL or "": none */
	struct known_edit *known;    /* whoever is about to bury them has it */
	size_t nr_known, alloc_known;
	bool sorted; /* private */
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

/*
 * An edit that git has in the history of what is released, as a "stage" request
 * tells it:
 *
 *	<mode, 6 octal digits> SP <object id, 40 hex> SP <path in the release>
 *
 * The mode is one of a manifest, or 000000 with an id of zeros: deleted. The
 * list may be in any order. False, and nothing is known by it, when the text is
 * anything else.
 */
bool edit_judge_know(struct edit_judge *j, const char *text);
void edit_judge_add_known(struct edit_judge *j, const struct known_edit *e);
/* By path, and each once. */
void edit_judge_sort(struct edit_judge *j);
void known_edit_format(const struct known_edit *e, struct strbuf *out);

/* Exactly that, at that path. */
bool edit_judge_knows(struct edit_judge *j, const char *path, uint32_t kind,
		      const struct oid *oid);

/* kind 0: no file is there any more. */
bool edit_is_buried(const struct manifest *next, const char *path,
		    uint32_t kind, const struct oid *oid);

#endif
