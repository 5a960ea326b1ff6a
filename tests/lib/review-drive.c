#include "common/base/base.h"
#include "git-serversync/capture_review.h"

/*
 * The review request of a capture without a capture, for tests:
 *
 *	review-drive [--update] [--words <file>] <verb> <branch> <into> <body>
 *
 * <verb> is "open", "options", "existing" (<branch> is then a prefix) or
 * "all": existing, options and open, as a run has them. What comes out is
 * printed as "name: value".
 */
struct drive {
	struct review_wish wish;
	const char *words; /* file */
};

static void say(const char *name, const char *value)
{
	printf("%s: %s\n", name, value ? value : "-");
}

static int fail(const struct err *err)
{
	fprintf(stderr, "error: %s\n", err->msg.buf);
	if (err->hint.len)
		fprintf(stderr, "hint: %s\n", err->hint.buf);
	return -err->code;
}

static int existing(const struct drive *d)
{
	AUTO_FREE char *branch = NULL, *url = NULL;
	AUTO_ERR struct err err = ERR_INIT;

	if (capture_review_existing(&d->wish, d->wish.branch, &branch, &url,
				    &err) < 0)
		return fail(&err);
	say("branch", branch);
	say("url", url);
	return 0;
}

static int options(const struct drive *d)
{
	AUTO_STRVEC struct strvec v = STRVEC_INIT;

	capture_review_options(&d->wish, &v);
	for (size_t i = 0; i < v.nr; i++)
		puts(v.v[i]);
	return 0;
}

static void read_words(const char *file, struct strbuf *out)
{
	FILE *f = fopen(file, "r");
	char buf[4096];
	size_t n;

	while (f && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		strbuf_add(out, buf, n);
	if (f)
		fclose(f);
}

static int open_it(const struct drive *d)
{
	AUTO_REVIEW_OUTCOME struct review_outcome out = { 0 };
	AUTO_STRBUF struct strbuf words = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (d->words)
		read_words(d->words, &words);
	if (capture_review_open(&d->wish, d->words ? words.buf : NULL, &out,
				&err) < 0)
		return fail(&err);
	say("url", out.url);
	printf("did:%s%s%s%s\n", out.opened ? " opened" : "",
	       out.updated ? " updated" : "", out.by_push ? " by-push" : "",
	       out.page_only ? " page-only" : "");
	if (out.warning)
		fprintf(stderr, "warning: %s\n", out.warning);
	return 0;
}

static int run(const struct drive *d, const char *verb)
{
	if (!strcmp(verb, "existing"))
		return existing(d);
	if (!strcmp(verb, "options"))
		return options(d);
	if (!strcmp(verb, "all")) {
		(void)existing(d);
		(void)options(d);
	}
	return open_it(d);
}

static int usage(void)
{
	fputs("usage: review-drive [--update] [--words <file>] <verb> "
	      "<branch> <into> <body>\n",
	      stderr);
	return 129;
}

int main(int argc, char **argv)
{
	AUTO_SERVERSYNC_SETTINGS struct serversync_settings settings =
		SERVERSYNC_SETTINGS_INIT;
	AUTO_REVIEW_ACCESS struct review_access *access = NULL;
	AUTO_CONFIG struct config cfg = CONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct drive d = { .wish = { .settings = &settings,
				     .access = &access,
				     .title = "Server edits of production" } };
	int i = 1, ret;

	for (; i < argc && !strncmp(argv[i], "--", 2); i++)
		if (!strcmp(argv[i], "--update"))
			d.wish.update = true;
		else if (!strcmp(argv[i], "--words") && i + 1 < argc)
			d.words = argv[++i];
	if (argc - i != 4)
		return usage();
	d.wish.branch = argv[i + 1];
	d.wish.into = argv[i + 2];
	d.wish.body = argv[i + 3];
	if (repo_open(&d.wish.repo, &err) < 0 || config_load(&cfg, &err) < 0 ||
	    serversync_settings_load(d.wish.repo, &cfg, "production", &settings,
				     &err) < 0)
		return fail(&err);
	ret = run(&d, argv[i]);
	review_access_free(TAKE_PTR(access));
	git_repository_free(d.wish.repo);
	git_libgit2_shutdown();
	return ret;
}
