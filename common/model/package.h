#ifndef PACKAGE_H
#define PACKAGE_H

#include "common/git/repo.h"
#include "common/model/settings.h"
#include "common/model/version_tag.h"

/*
 * A package: a commit whose tree is everything that is shipped, built files
 * included. It is kept under refs/releases/<tag>, its parent is the tagged
 * commit, and its message ends in the trailers below and no others, so that
 * the same tag and settings give the same id on every machine:
 *
 *	Release v1.2.0
 *
 *	Version: 1.2.0
 *	Build: 1.2.0+abc1234
 *	Commit: <40 hex>
 *	Subdirectory: app		each of these only if set
 *	Build-Command: composer install	(many, in order)
 *	Exclude: /tests			(many, in order)
 *	Submodules: true
 *
 * Author and committer are the tagger (the commit's committer when the tag
 * has none), name and date. It is never signed.
 */
#define PACKAGE_REF_PREFIX "refs/releases/"

struct package {
	git_oid id;	    /* of the package commit */
	git_oid tree;	    /* what ships */
	git_oid commit;	    /* the tagged commit: its parent */
	char *tag;	    /* "v1.2.0" */
	char *version;	    /* "1.2.0" */
	char *build;	    /* "1.2.0+abc1234" */
	char *subdirectory; /* of the commit; NULL: all of it */
};
#define PACKAGE_INIT                                                           \
	{                                                                      \
		0                                                              \
	}
void package_release(struct package *pkg);
#define AUTO_PACKAGE CLEANUP(package_release)

/* ERR_NOTFOUND when refs/releases/<tag> does not exist. */
int package_find(git_repository *repo, const char *tag, struct package *out,
		 struct err *err) MUST_CHECK;
/* From the commit itself, with or without a ref; ERR_FAILED if it is none. */
int package_read(git_repository *repo, const git_oid *id, struct package *out,
		 struct err *err) MUST_CHECK;

/* Makes the commit object, no ref. */
int package_commit(git_repository *repo, const struct version_tag *tag,
		   const git_oid *tree, const struct build_settings *settings,
		   git_oid *id, struct err *err) MUST_CHECK;

/*
 * Would the same commit be packaged in the same way with these settings? What
 * is built, left out and taken stands in the trailers.
 */
bool package_made_alike(git_repository *repo, const struct package *pkg,
			const struct build_settings *settings);

/*
 * ERR_REFUSED when pkg was made from another commit than the tag has now.
 */
int package_check_tag(const struct package *pkg, const struct version_tag *tag,
		      struct err *err) MUST_CHECK;

/*
 * Deletes the oldest refs under refs/releases/ beyond keep, by the date of
 * their tag; those whose id is among the nr protected ones stay and do not
 * count. *removed gets the number.
 */
int package_prune(git_repository *repo, unsigned keep,
		  const git_oid *protected_ids, size_t nr, unsigned *removed,
		  struct err *err) MUST_CHECK;

#endif
