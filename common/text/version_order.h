#ifndef VERSION_ORDER_H
#define VERSION_ORDER_H

#include "common/base/base.h"

/*
 * Which of two versions comes first. Semantic versions are ordered as
 * SemVer 2.0.0, section 11, says (semver.org); calendar versions (2026.11,
 * 2026.11.26, 2026.01.1) by the same rules, with any number of numbers:
 *
 *	<number>[.<number>...][-<word>[.<word>...]][+<build>]
 *
 * Numbers may be of any length and have zeros in front; one that is missing
 * counts as 0, so that 1.2 and 1.2.0 are the same version. What stands behind
 * "+" does not count. A version is given without the prefix of its tag.
 */

/* Has it that form? What has not, cannot be compared. */
bool version_has_order(const char *version);

/* Below 0, 0 or above 0, like strcmp(); both must have an order. */
int version_compare(const char *a, const char *b);

#endif
