#ifndef REPO_H
#define REPO_H

#include "common/base/err.h"

#include <git2.h>

DEFINE_AUTO(git_repository *, git_repository_free, NULL)
#define AUTO_REPO CLEANUP(git_repository_free_auto)
DEFINE_AUTO(git_reference *, git_reference_free, NULL)
#define AUTO_REF CLEANUP(git_reference_free_auto)
DEFINE_AUTO(git_object *, git_object_free, NULL)
#define AUTO_OBJECT CLEANUP(git_object_free_auto)
DEFINE_AUTO(git_commit *, git_commit_free, NULL)
#define AUTO_COMMIT CLEANUP(git_commit_free_auto)
DEFINE_AUTO(git_tree *, git_tree_free, NULL)
#define AUTO_TREE CLEANUP(git_tree_free_auto)
DEFINE_AUTO(git_blob *, git_blob_free, NULL)
#define AUTO_BLOB CLEANUP(git_blob_free_auto)
DEFINE_AUTO(git_tag *, git_tag_free, NULL)
#define AUTO_TAG CLEANUP(git_tag_free_auto)
DEFINE_AUTO(git_signature *, git_signature_free, NULL)
#define AUTO_SIGNATURE CLEANUP(git_signature_free_auto)
DEFINE_AUTO(git_odb *, git_odb_free, NULL)
#define AUTO_ODB CLEANUP(git_odb_free_auto)

/* Like err_set(), with libgit2's own explanation appended. */
int err_git(struct err *err, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/*
 * Opens the repository as git would: $GIT_DIR (and $GIT_WORK_TREE) if set,
 * else the one around the working directory; a subfolder, a linked work tree
 * and a bare repository are all fine. What libgit2 1.5 cannot read (SHA-256,
 * reftable, an extension it does not know) is told plainly.
 */
int repo_open(git_repository **out, struct err *err) MUST_CHECK;
/* The same for the repository at or around path; the environment is unread. */
int repo_open_at(git_repository **out, const char *path,
		 struct err *err) MUST_CHECK;

/*
 * From now on objects are not hashed again when they are read, as git does not
 * either: for who only looks, and for who has what is read proven by somebody.
 */
void repo_trust_objects(void);

/*
 * From now on what libgit2 writes (packs, refs) is on disk before it is
 * relied on, as git itself does it.
 */
int repo_sync_writes(struct err *err) MUST_CHECK;

/*
 * All objects are on the disk: to be called before a ref leads to new ones, as
 * neither git nor libgit2 waits for each of them by itself.
 */
int repo_sync_objects(git_repository *repo, struct err *err) MUST_CHECK;

/*
 * Appends the path of a file of ours under the common directory (shared by
 * all linked work trees): "<common dir>/git-release/<name>".
 */
void repo_state_path(git_repository *repo, const char *name, struct strbuf *out);

/*
 * Sets *id to what ref points at; with no such ref ERR_NOTFOUND (err is
 * filled all the same).
 */
int repo_ref_id(git_repository *repo, const char *ref, git_oid *id,
		struct err *err) MUST_CHECK;

/*
 * Moves ref from *old (all zero: it must not exist) to *id (all zero: delete
 * it) only if it still is where old says; ERR_REFUSED when it is not.
 * message NULL writes no reflog.
 */
int repo_ref_swap(git_repository *repo, const char *ref, const git_oid *old,
		  const git_oid *id, const char *message,
		  struct err *err) MUST_CHECK;

#endif
