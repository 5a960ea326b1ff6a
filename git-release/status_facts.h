#ifndef STATUS_FACTS_H
#define STATUS_FACTS_H

#include "common/git/repo.h"
#include "common/host/host.h"

/*
 * What the server says is live, against what this repository remembers. The
 * server is the truth; each difference is a sentence, safe to show.
 */
struct status_facts {
	const struct host_release *live; /* in the view; NULL: nothing */
	const struct host_release *back; /* the rollback target, or NULL */
	size_t foreign;
	struct strvec differences;
};

void status_facts_release(struct status_facts *facts);
#define AUTO_STATUS_FACTS CLEANUP(status_facts_release)

int status_facts_find(git_repository *repo, const char *env,
		      const struct host_view *view, struct status_facts *out,
		      struct err *err) MUST_CHECK;

#endif
