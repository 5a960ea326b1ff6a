#ifndef FAST_IMPORT_H
#define FAST_IMPORT_H

#include "common/git/scratch.h"
#include "common/sys/proc.h"

/*
 * Many files into the object database as one pack, through git fast-import in
 * a scratch repository:
 *
 *	fast_import_start(&fi, &scratch, &env, err)
 *	fast_import_send(&fi, "blob\n...")		any number
 *	fast_import_commit(&fi, err)
 *	fast_import_send(&fi, "M <mode> <id> <path>")	any number
 *	fast_import_finish(&fi, err)
 *	fast_import_tree(&scratch, repo, &tree, err)
 *
 * The commit that it wants to make is on a ref of the scratch repository and
 * goes away with that. See git-fast-import(1) for the language.
 */
struct fast_import {
	struct proc git;
	int errors; /* what it says on stderr */
};
#define FAST_IMPORT_INIT                                                       \
	{                                                                      \
		.git = PROC_INIT, .errors = -1                                 \
	}
/* May come at any time: what was sent is then lost. */
void fast_import_release(struct fast_import *fi);
#define AUTO_FAST_IMPORT CLEANUP(fast_import_release)

/* Above it git streams a file and does not hold it. */
#define FAST_IMPORT_WHOLE_MAX (16 << 20)

/* env is what scratch_repo() gave. */
int fast_import_start(struct fast_import *fi, const struct scratch *s,
		      const struct strvec *env, struct err *err) MUST_CHECK;
int fast_import_send(struct fast_import *fi, const void *data, size_t len,
		     struct err *err) MUST_CHECK;
int fast_import_commit(struct fast_import *fi, struct err *err) MUST_CHECK;
int fast_import_finish(struct fast_import *fi, struct err *err) MUST_CHECK;

/* " \"<path>\"\n", quoted as fast-import reads it: any byte may be in it. */
void fast_import_add_path(struct strbuf *out, const char *path);

/*
 * The tree that was made, read through repo: the scratch repository itself, or
 * another one once scratch_keep_packs() has moved it there.
 */
int fast_import_tree(const struct scratch *s, git_repository *repo,
		     git_oid *tree, struct err *err) MUST_CHECK;

#endif
