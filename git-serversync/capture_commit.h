#ifndef CAPTURE_COMMIT_H
#define CAPTURE_COMMIT_H

#include "common/git/config.h"
#include "common/git/repo.h"
#include "common/git/tree_delta.h"
#include "git-serversync/capture.h"

/*
 * From what is taken to a commit: built in the object database alone. No ref
 * moves, no work tree and no index is touched.
 */

/* The tree of the live commit with all that is taken. */
int capture_tree(git_repository *repo, const git_oid *base_tree,
		 const struct capture *c, git_oid *tree,
		 struct err *err) MUST_CHECK;

/*
 * Another tree with these changes, whatever it has at their paths: what was
 * worked on elsewhere in it stays.
 */
int capture_tree_follow(git_repository *repo, const git_oid *from,
			const struct tree_delta *changes, git_oid *tree,
			struct err *err) MUST_CHECK;

/* Subject, what it holds in a sentence, and the trailers. */
void capture_message(const struct capture *c, struct strbuf *out);

/*
 * Makes a commit by git, which knows who the user is and how they sign; it may
 * ask on the terminal.
 */
struct capture_commit_request {
	git_repository *repo;
	const char *message;
	git_oid tree;
	git_oid parents[2];
	size_t nr_parents;
	bool sign;
};
/* Would "git commit" sign? */
bool capture_commit_signs(const struct config *cfg);
int capture_commit_make(const struct capture_commit_request *req,
			git_oid *commit, struct err *err) MUST_CHECK;

/*
 * Is all of it there? Until a ref led to it, another's git gc --prune=now may
 * have removed parts. ERR_NOTFOUND: it has.
 */
int capture_commit_check(git_repository *repo, const git_oid *commit,
			 struct err *err) MUST_CHECK;

#endif
