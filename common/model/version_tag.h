#ifndef VERSION_TAG_H
#define VERSION_TAG_H

#include "common/base/err.h"
#include "common/git/repo.h"

/*
 * The tag that is released. Every check is made here, before anything is
 * built and before any server hears of it.
 */
#define VERSION_NAME_MAX 128

struct version_tag {
	char *name;    /* "v1.2.0" */
	char *ref;     /* "refs/tags/v1.2.0" */
	char *version; /* "1.2.0": name without the prefix */
	git_oid tag;   /* the tag object; the commit for a lightweight tag */
	git_oid commit;
	bool annotated;
};
#define VERSION_TAG_INIT                                                       \
	{                                                                      \
		0                                                              \
	}
void version_tag_release(struct version_tag *tag);
#define AUTO_VERSION_TAG CLEANUP(version_tag_release)

struct tag_policy {
	const char *prefix; /* tagPrefix; NULL: "v" */
	const char *branch; /* the tag must be on it; NULL: production, if
			       there is one */
	const char *remote; /* whose branch counts; NULL: origin */
	bool signed_tag;    /* "signed = tag" */
	bool allow_lightweight;
};

/*
 * Takes "1.2.0" or "v1.2.0" to refs/tags/v1.2.0, exactly. ERR_FAILED for a
 * name that is no version, ERR_NOTFOUND when there is no such tag,
 * ERR_REFUSED when it may not be released: it is a branch too, names no
 * commit, is lightweight, is named otherwise in its own object, has no good
 * signature, is not on the branch. Names are shown quoted.
 */
int version_tag_find(git_repository *repo, const char *version,
		     const struct tag_policy *policy, struct version_tag *out,
		     struct err *err) MUST_CHECK;

/* Only the name: "1.2.0" or "v1.2.0" -> "v1.2.0", appended to name. */
int version_tag_name(const char *version, const char *prefix,
		     struct strbuf *name, struct err *err) MUST_CHECK;

/*
 * Where the signature begins that ends the text of a tag, good or not; NULL
 * when there is none.
 */
const char *version_tag_signature(const char *text);

#endif
