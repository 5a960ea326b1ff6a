#ifndef CAPTURE_CONVERTED_H
#define CAPTURE_CONVERTED_H

#include "common/base/oid.h"
#include "common/git/repo.h"

/*
 * A release that another tool made was written by git: by a checkout or an
 * archive, and these convert what the commit's .gitattributes ask for (eol,
 * working-tree-encoding, ident). Programs named there as filters are not run.
 */
struct conversion {
	git_repository *repo;
	git_oid commit;
};

/*
 * *out is the id of the blob's content as it is written to path; that of the
 * blob itself where nothing is converted, more than CONVERTED_MAX bytes are, or
 * the blob is not here.
 */
#define CONVERTED_MAX (32 << 20)
int conversion_id(const struct conversion *c, const git_oid *blob,
		  const char *path, struct oid *out, struct err *err) MUST_CHECK;

/*
 * Does an archive fill in what only it knows (export-subst)? Then its content
 * cannot be told from an edited one.
 */
int conversion_fills_in(const struct conversion *c, const char *path,
			bool *answer, struct err *err) MUST_CHECK;

#endif
