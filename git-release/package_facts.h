#ifndef PACKAGE_FACTS_H
#define PACKAGE_FACTS_H

#include "common/model/package.h"
#include "common/base/strvec.h"

/*
 * What this repository knows of one package, without asking any server: what
 * it is made of, who tagged it, where refs/deployments/ says it is live, and
 * what the notes of its commit tell.
 */
struct package_facts {
	struct package package;
	struct strvec trailers; /* "Version: 1.2.0", as in the message */
	char *tagger;		/* "Name <mail>" */
	int64_t tagged_at;	/* seconds since 1970 */
	uint64_t files, bytes;
	struct strvec live_on; /* environments */
	struct strvec notes;   /* lines of JSON, oldest first */
};
#define PACKAGE_FACTS_INIT                                                     \
	{                                                                      \
		0                                                              \
	}
void package_facts_release(struct package_facts *f);
#define AUTO_PACKAGE_FACTS CLEANUP(package_facts_release)

/* ERR_NOTFOUND when the tag has no package. */
int package_facts_find(git_repository *repo, const char *tag,
		       struct package_facts *out, struct err *err) MUST_CHECK;

#endif
