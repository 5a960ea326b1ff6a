#ifndef DEPLOYER_LOG_H
#define DEPLOYER_LOG_H

#include "common/base/oid.h"
#include "common/base/strbuf.h"

/*
 * .dep/releases_log of Deployer 7: a JSON object on each line,
 *
 *	{"created_at":"...","release_name":"3","user":"ada","target":"main"}
 *
 * with "revision" where its version knows that. See its recipe
 * deploy/release.php.
 */
struct deployer_release {
	char revision[OID_HEXSZ + 1]; /* or "" */
	char target[256];	      /* what was asked for; or "" */
};

/*
 * The last line of this release. A target that is a commit's full id is its
 * revision. False when there is no such line that can be read.
 */
bool deployer_log_find(const char *text, size_t len, const char *release,
		       struct deployer_release *out);

#endif
