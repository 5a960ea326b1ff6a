#include "common/base/base.h"
#include "git-serversync/symmetry_audit.h"

#include "common/base/mem.h"
#include "common/text/quote.h"
#include "git-serversync/path_cover.h"

void symmetry_audit_release(struct symmetry_audit *a)
{
	free(a->cleared_by);
	free(a->protected_by);
	cleared_paths_release(&a->cleared);
	audited_paths_release(&a->kept);
	free(a->is_protected);
	free(a->is_cleared);
	audit_gap_release(&a->gap);
	strbuf_release(&a->workflow_bytes);
	workflow_paths_release(&a->workflow);
}

/* "serversync.gitOnly in .gitrelease": the file without the line. */
static char *name_of_settings(const char *place)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	const char *colon = strrchr(place, ':');
	size_t len = strlen(place);

	if (colon && colon[1] && !colon[1 + strspn(colon + 1, "0123456789")])
		len = (size_t)(colon - place);
	strbuf_addstr(&out, "serversync.gitOnly in ");
	strbuf_add(&out, place, len);
	return strbuf_detach(&out);
}

static void take_settings(const struct serversync_settings *s,
			  struct symmetry_audit *a)
{
	a->protected_by = name_of_settings(s->git_only_places.v[0]);
	for (size_t i = 0; i < s->git_only.nr; i++) {
		const char *text = s->git_only.v[i];
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;
		AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
		const char *why = audited_path_check(text, &path);

		quote_text(&shown, text, strnlen(text, 200));
		if (why)
			audit_gap_set(&a->gap, s->git_only_places.v[i], 0,
				      "serversync.gitOnly: '%s' %s", shown.buf,
				      why);
		else
			audited_paths_add(&a->kept, path.buf,
					  s->git_only_places.v[i], 0);
	}
}

static void take_workflow(struct symmetry_audit *a)
{
	if (!a->workflow.nr)
		return;
	a->kept = a->workflow.v[0].paths;
	a->workflow.v[0].paths = (struct audited_paths)AUDITED_PATHS_INIT;
}

static int read_workflow(const struct serversync_settings *s,
			 const struct project_files *files,
			 struct symmetry_audit *a, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	struct workflow_text text;
	int ret;

	a->by_workflow = true;
	quote_text(&shown, s->workflow, strlen(s->workflow));
	a->protected_by = xstrdup(shown.buf);
	ret = project_files_read(files, s->workflow, WORKFLOW_MAX,
				 &a->workflow_bytes, err);
	if (ret == ERR_NOTFOUND) {
		err->code = ERR_FAILED;
		err_prefix(err, "no workflow for %s", s->environment);
		return err_hint(err,
				"name it with serversync.workflow, or list the "
				"paths with serversync.gitOnly");
	}
	if (ret < 0)
		return ret;
	text = (struct workflow_text){ .data = a->workflow_bytes.buf,
				       .len = a->workflow_bytes.len,
				       .file = a->protected_by };
	if (workflow_paths_read(&text, &a->workflow, &a->gap, err) < 0)
		return err->code;
	take_workflow(a);
	return 0;
}

/*
 * Without any sign of Deployer what git release ships is all there is. A
 * workflow that protects paths is such a sign: something clears them.
 */
static bool nothing_is_cleared(const struct serversync_settings *s,
			       const struct project_files *files)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	int ret;

	if (!s->has_server || project_files_have(files, s->deploy_file) ||
	    project_files_have(files, "deploy.yaml") ||
	    project_files_have(files, "deploy.yml"))
		return false;
	ret = project_files_read(files, s->workflow, WORKFLOW_MAX, &text, &err);
	return ret == ERR_NOTFOUND ||
	       (!ret && !memmem(text.buf, text.len, GIT_ONLY_PATHS,
				strlen(GIT_ONLY_PATHS)));
}

static int read_deploy_file(const struct serversync_settings *s,
			    const struct project_files *files,
			    struct symmetry_audit *a, struct err *err)
{
	int ret = cleared_paths_read(files, s->deploy_file, &a->cleared,
				     &a->gap, err);

	if (!ret)
		a->cleared_by = xstrdup(s->deploy_file);
	if (ret != ERR_NOTFOUND)
		return ret;
	/* A project without Deployer says what is kept, and that is all. */
	if (!s->deploy_file_set &&
	    (s->git_only.nr || nothing_is_cleared(s, files))) {
		a->verdict = s->git_only.nr ? AUDIT_UNPROVEN : AUDIT_NOTHING;
		err_release(err);
		*err = (struct err)ERR_INIT;
		return 0;
	}
	err->code = ERR_FAILED;
	return err_hint(err, s->deploy_file_set
				     ? "git config serversync.deployFile <file>"
				     : "name it with serversync.deployFile; "
				       "without Deployer, list what is only in "
				       "git with serversync.gitOnly");
}

static void compare(struct symmetry_audit *a)
{
	const struct audited_paths *cleared = &a->cleared.paths, *kept = &a->kept;

	a->is_protected = xcalloc(cleared->nr + 1, sizeof(*a->is_protected));
	a->is_cleared = xcalloc(kept->nr + 1, sizeof(*a->is_cleared));
	for (size_t i = 0; i < cleared->nr; i++) {
		for (size_t j = 0; j < kept->nr; j++) {
			const char *path = cleared->v[i].path;
			bool covers = path_cover(kept->v[j].path, path);

			a->is_protected[i] |= covers;
			a->is_cleared[j] |= covers ||
					    path_cover(path, kept->v[j].path);
		}
		a->nr_unprotected += !a->is_protected[i];
	}
	for (size_t j = 0; j < kept->nr; j++)
		a->nr_unused += !a->is_cleared[j];
	a->verdict = a->nr_unprotected ? AUDIT_STOP : AUDIT_OK;
}

int symmetry_audit_run(const struct serversync_settings *s,
		       const struct project_files *files,
		       struct symmetry_audit *a, struct err *err)
{
	a->verdict = AUDIT_UNPROVEN;
	if (read_deploy_file(s, files, a, err) < 0)
		return err->code;
	if (a->verdict == AUDIT_NOTHING)
		return 0;
	if (s->git_only.nr)
		take_settings(s, a);
	else if (read_workflow(s, files, a, err) < 0)
		return err->code;
	if (!a->gap.why.len)
		compare(a);
	return 0;
}
