#ifndef DRIFT_CHECK_H
#define DRIFT_CHECK_H

#include "git-drift/customizations.h"
#include "git-drift/drift_settings.h"
#include "common/git/tree_delta.h"

/*
 * Is every change to the vendor's files explained? Each file that was added,
 * modified, deleted or turned into something else must
 *
 *  - lie in a custom directory, or be one of the files that explain, or
 *  - have an entry of its own in one of these (customizations.h), or
 *  - be a text of which all changed lines are between markers
 *    (common/text/marker_pairs.h): nothing else of it may have changed, also
 *    not its mode. A deletion can only have an entry.
 *
 * All of it is read from the two trees alone; neither the work tree nor
 * attributes and the drivers these name have a say.
 */
enum drift_verdict {
	DRIFT_UNEXPLAINED,
	DRIFT_CUSTOM,
	DRIFT_RECORDED,
	DRIFT_COVERED,
	DRIFT_VERDICTS
};

/* Larger files are not searched for markers: they need an entry. */
#define DRIFT_TEXT_MAX ((size_t)64 << 20)

struct drift_check {
	/* Set these; all borrowed. */
	git_repository *repo;
	const struct drift_settings *settings;
	const git_oid *old_tree, *new_tree;
	/* What drift_check_run() found. */
	struct tree_delta delta;
	enum drift_verdict *verdicts; /* of each change of the delta */
	size_t nr[DRIFT_VERDICTS];    /* how many of each */
	struct drift_findings findings;
	struct customizations customizations;
	/* The files these are from, in the order of the settings. */
	struct drift_record {
		const char *name;
		bool exists;
		struct strbuf text;
	} * records;
	size_t nr_records;
	uint32_t next_id; /* no entry and no marker has it or a higher one */
};
#define DRIFT_CHECK_INIT                                                       \
	{                                                                      \
		.delta = TREE_DELTA_INIT                                       \
	}

/* ERR_FAILED, and nothing is known, when something cannot be read. */
int drift_check_run(struct drift_check *c, struct err *err) MUST_CHECK;
void drift_check_release(struct drift_check *c);
#define AUTO_DRIFT_CHECK CLEANUP(drift_check_release)

/* Everything is explained, and every entry and marker is in order. */
bool drift_check_passed(const struct drift_check *c);

#endif
