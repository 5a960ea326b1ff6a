#ifndef BUILD_FIXTURE_H
#define BUILD_FIXTURE_H

/* Building the package of tag v1 in a fixture's repository. */

#include "tests/unit/repo_fixture.h"
#include "git-release/package_build.h"

struct build_fixture {
	struct build_settings settings;
	struct strvec validate;
	struct strbuf output; /* of the commands */
	struct build_report report;
	struct package pkg;
	struct err err;
	bool rebuild;
};
#define BUILD_FIXTURE_INIT                                                     \
	{                                                                      \
		.output = STRBUF_INIT, .err = ERR_INIT                         \
	}

static inline void build_fixture_release(struct build_fixture *b)
{
	free(b->settings.subdirectory);
	strvec_release(&b->settings.build);
	strvec_release(&b->settings.exclude);
	strvec_release(&b->validate);
	strbuf_release(&b->output);
	build_report_release(&b->report);
	package_release(&b->pkg);
	err_release(&b->err);
}
#define AUTO_BUILD CLEANUP(build_fixture_release)

static inline void build_keep_output(void *ctx, const char *data, size_t len)
{
	struct build_fixture *b = ctx;

	strbuf_add(&b->output, data, len);
}

static inline void fixture_tag(struct repo_fixture *f, const char *name)
{
	fixture_git(f, "repo", "add", "-A", NULL);
	fixture_git(f, "repo", "commit", "-q", "--allow-empty", "-m", name, NULL);
	fixture_git(f, "repo", "tag", "-f", "-a", "-m", name, name, NULL);
}

static inline int fixture_build(struct repo_fixture *f, const char *where,
				struct build_fixture *b)
{
	AUTO_VERSION_TAG struct version_tag tag = VERSION_TAG_INIT;
	AUTO_REPO git_repository *repo = NULL;
	struct tag_policy policy = { 0 };
	struct build_request req = {
		.tag = &tag,
		.settings = &b->settings,
		.validate = &b->validate,
		.rebuild = b->rebuild,
		.output = build_keep_output,
		.ctx = b,
	};

	fixture_open(f, where, &repo);
	assert_works(&b->err,
		     version_tag_find(repo, "v1", &policy, &tag, &b->err));
	package_release(&b->pkg);
	return package_build(repo, &req, &b->pkg, &b->report, &b->err);
}

#endif
