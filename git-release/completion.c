#include "common/base/base.h"
#include "common/sys/proc.h"
#include "git-release/completion.h"

/* More names than anybody can choose from. */
#define OUTPUT_MAX ((size_t)4 << 20)

/* Runs git and appends its lines; a git that finds nothing gives none. */
static int git_lines(const struct strvec *argv, struct strvec *out,
		     struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	int status;
	char *p;

	strbuf_limit(&text, OUTPUT_MAX);
	if (proc_capture(argv, &text, &status, err) < 0)
		return err->code;
	p = text.buf;
	for (char *nl; (nl = strchr(p, '\n')); p = nl + 1) {
		*nl = '\0';
		strvec_push(out, p);
	}
	return 0;
}

static int refs(const char *under, struct strvec *out, struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;

	strvec_pushl(&argv, "git", "for-each-ref",
		     "--format=%(refname:lstrip=2)", under, NULL);
	return git_lines(&argv, out, err);
}

static int rev_parse(const char *what, struct strvec *out, struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;

	strvec_pushl(&argv, "git", "rev-parse", NULL);
	if (what[0] != '-')
		strvec_pushl(&argv, "--verify", "-q", NULL);
	strvec_push(&argv, what);
	return git_lines(&argv, out, err);
}

/* Appends every "release.<env>.url" that "source" (or git config) has. */
static int url_keys(const char *option, const char *source, struct strvec *out,
		    struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;

	strvec_pushl(&argv, "git", "config", NULL);
	if (option)
		strvec_pushf(&argv, "%s=%s", option, source);
	strvec_pushl(&argv, "--name-only", "--get-regexp",
		     "^release\\..*\\.url$", NULL);
	return git_lines(&argv, out, err);
}

/* The .gitrelease of the work tree or, where that has none, of HEAD. */
static int file_keys(struct strvec *out, struct err *err)
{
	AUTO_STRVEC struct strvec cdup = STRVEC_INIT;
	AUTO_STRVEC struct strvec blob = STRVEC_INIT;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	size_t nr = out->nr;

	if (rev_parse("--show-cdup", &cdup, err) < 0)
		return err->code;
	if (cdup.nr) {
		strbuf_addf(&path, "%s.gitrelease", cdup.v[0]);
		if (!access(path.buf, R_OK) &&
		    url_keys("--file", path.buf, out, err) < 0)
			return err->code;
	}
	if (out->nr != nr)
		return 0;
	if (rev_parse("HEAD:.gitrelease", &blob, err) < 0)
		return err->code;
	return blob.nr ? url_keys("--blob", blob.v[0], out, err) : 0;
}

/* Adds the <env> of each "release.<env>.url", once. */
static void add_environments(const struct strvec *keys, struct strvec *out)
{
	static const char first[] = "release.", last[] = ".url";

	for (size_t i = 0; i < keys->nr; i++) {
		char *name = keys->v[i] + strlen(first);
		size_t len = strlen(keys->v[i]), j = 0;

		if (len <= strlen(first) + strlen(last))
			continue;
		keys->v[i][len - strlen(last)] = '\0';
		while (j < out->nr && strcmp(out->v[j], name) != 0)
			j++;
		if (j == out->nr)
			strvec_push(out, name);
	}
}

static int environments(struct strvec *out, struct err *err)
{
	AUTO_STRVEC struct strvec keys = STRVEC_INIT;

	if (url_keys(NULL, NULL, &keys, err) < 0 || file_keys(&keys, err) < 0)
		return err->code;
	add_environments(&keys, out);
	return 0;
}

int completion_words(const char *what, struct strvec *out, struct err *err)
{
	if (!strcmp(what, "environments"))
		return environments(out, err);
	if (!strcmp(what, "releases"))
		return refs("refs/releases", out, err);
	if (!strcmp(what, "tags"))
		return refs("refs/tags", out, err);
	return err_set(err, ERR_USAGE,
		       "--completion needs verbs, environments, releases or "
		       "tags");
}
