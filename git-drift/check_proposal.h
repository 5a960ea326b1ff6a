#ifndef CHECK_PROPOSAL_H
#define CHECK_PROPOSAL_H

#include "git-drift/drift_check.h"

/*
 * A patch for "git apply" that adds a row to the customizations for each
 * change that is not explained, numbered from check->next_id on, to the end of
 * the last table that counts, with its columns; without such a table it adds
 * one, without such a file a file. What only a person can say is left as "?",
 * which does not count as filled in.
 *
 * Appends nothing when nothing is missing. "date" is what First added gets.
 */
int check_proposal(const struct drift_check *check, const char *date,
		   struct strbuf *patch, struct err *err) MUST_CHECK;

#endif
