#ifndef PACKAGE_BUILD_H
#define PACKAGE_BUILD_H

#include "common/model/package.h"

/*
 * Makes the package of a tag, or returns the one that is there, once the
 * commands of "validate" have passed on it.
 *
 * With nothing to build, leave out or convert, the package's tree is the
 * tag's own and no process is started. Otherwise the tag is exported with
 * git archive into a private directory, built there, checked, and imported
 * into the object database as one pack. Whatever fails leaves no ref, no
 * directory and no process behind.
 */
struct build_request {
	const struct version_tag *tag;
	const struct build_settings *settings;
	/* Shell lines that must pass on the result; may be NULL. They run
	   on what will ship, and what they leave behind does not. */
	const struct strvec *validate;
	bool rebuild; /* replace a package that differs */
	/* What the commands print, as it comes; NULL: dropped. */
	void (*output)(void *ctx, const char *data, size_t len);
	/* Before each command. NULL: nobody asked. */
	void (*step)(void *ctx, const char *command);
	void *ctx;
};

struct build_report {
	bool built;    /* false: the package was there */
	bool replaced; /* a different one was there, and rebuild was asked */
	struct strvec warnings;
};
#define BUILD_REPORT_INIT                                                      \
	{                                                                      \
		.warnings = STRVEC_INIT                                        \
	}
void build_report_release(struct build_report *report);
#define AUTO_BUILD_REPORT CLEANUP(build_report_release)

/*
 * ERR_REFUSED when the tag moved or the result may not be shipped, ERR_UNDONE
 * when a command failed.
 */
int package_build(git_repository *repo, const struct build_request *req,
		  struct package *out, struct build_report *report,
		  struct err *err) MUST_CHECK;

/*
 * The tree that a package of this commit would have before any command has
 * run: the package's own when nothing is built. No tag is needed, and no ref
 * is made.
 */
int package_source_tree(git_repository *repo, const git_oid *commit,
			const struct build_settings *settings, git_oid *tree,
			struct err *err) MUST_CHECK;

#endif
