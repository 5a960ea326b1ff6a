#ifndef INIT_DETECT_H
#define INIT_DETECT_H

#include "common/base/err.h"

/*
 * What kind of project a work tree holds, by the files that its own tools
 * need: Laravel has artisan and requires laravel/framework; a node project
 * has a package.json with a build script. Anything else is plain.
 */
enum project_kind { PROJECT_PLAIN, PROJECT_NODE, PROJECT_LARAVEL };

struct project {
	enum project_kind kind;
	bool npm_build; /* package.json has scripts.build */
	bool npm_lock;	/* package-lock.json is there: "npm ci" works */
};

/* dir: the top of the work tree. A file that is no JSON counts as absent. */
int project_detect(int dir, struct project *out, struct err *err) MUST_CHECK;

const char *project_kind_name(enum project_kind kind);

/*
 * --recipe: overrides the kind. ERR_FAILED for those that come later,
 * ERR_USAGE for a name that is none.
 */
int project_set_kind(struct project *p, const char *recipe,
		     struct err *err) MUST_CHECK;

#endif
