#include "common/base/base.h"
#include "git-serversync/cleared_paths.h"

#include "common/base/mem.h"
#include "common/base/strvec.h"
#include "common/text/deploy_script.h"
#include "common/text/quote.h"
#include "common/text/relpath.h"
#include "git-serversync/deployer_recipes.h"

struct clearing {
	const struct project_files *files;
	struct audit_gap *gap;
	struct strvec read;   /* files, in order; items point to their names */
	struct php_list list; /* what is in clear_paths so far */
	bool mentioned;
	/* A recipe of Deployer's may have put paths in, too. */
	const char *unknown;
	unsigned int unknown_line;
};

/* One file while it is read; its events are the struct's. */
struct deploy_file {
	const char *name; /* of clearing.read */
	struct deploy_script script;
	bool always; /* it is included whenever deploy.php is read */
};

void cleared_paths_release(struct cleared_paths *c)
{
	audited_paths_release(&c->paths);
	*c = (struct cleared_paths)CLEARED_PATHS_INIT;
}

static void clearing_release(struct clearing *c)
{
	php_list_release(&c->list);
	strvec_release(&c->read);
}

static void change_list(struct clearing *c, const char *file,
			struct deploy_event *e)
{
	for (size_t i = 0; i < e->list.nr; i++)
		e->list.v[i].file = file;
	c->mentioned = true;
	if (e->kind == DEPLOY_SET) {
		php_list_clear(&c->list);
		c->unknown = NULL;
	}
	php_list_append(&c->list, &e->list);
}

static int read_file(struct clearing *c, const char *path, bool always,
		     struct err *err);

/* Where the file may be: next to this one, or where dep was started. */
static bool find_include(struct clearing *c, const char *from,
			 const struct deploy_event *e, struct strbuf *out)
{
	const char *slash = strrchr(from, '/'), *path = e->path;
	AUTO_STRBUF struct strbuf next_to = STRBUF_INIT, raw = STRBUF_INIT;
	bool here = false;

	if (e->beside && *path != '/')
		return false;
	path += e->beside;
	if (slash)
		strbuf_add(&raw, from, (size_t)(slash + 1 - from));
	strbuf_addstr(&raw, path);
	if (*path == '/' || relpath_normalise(raw.buf, &next_to, NULL))
		return false;
	if (!e->beside && slash) {
		if (relpath_normalise(path, out, NULL))
			return false;
		here = project_files_have(c->files, out->buf);
		/* Which of the two it is depends on where dep is started. */
		if (here && project_files_have(c->files, next_to.buf))
			return false;
	}
	if (!here) {
		strbuf_reset(out);
		strbuf_addstr(out, next_to.buf);
	}
	return project_files_have(c->files, out->buf);
}

static bool was_read(const struct clearing *c, const char *path)
{
	for (size_t i = 0; i < c->read.nr; i++)
		if (!strcmp(c->read.v[i], path))
			return true;
	return false;
}

/* A copy of Deployer in the project, as Composer puts it there. */
static enum deployer_recipe find_recipe(const struct deploy_file *f,
					const struct deploy_event *e)
{
	static const char copy[] = "vendor/deployer/deployer/";
	const char *path = e->path + (e->beside && *e->path == '/');

	if (!strncmp(path, copy, strlen(copy)) && !strchr(f->name, '/'))
		return deployer_recipe(path + strlen(copy));
	return e->beside ? RECIPE_UNKNOWN : deployer_recipe(path);
}

static int include(struct clearing *c, const struct deploy_file *f,
		   const struct deploy_event *e, struct err *err)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT, shown = STRBUF_INIT;
	enum deployer_recipe recipe = find_recipe(f, e);

	quote_text(&shown, e->path, strlen(e->path));
	if (recipe == RECIPE_CLEAN)
		return 0;
	if (recipe == RECIPE_CLEARS) {
		c->unknown = f->name;
		c->unknown_line = e->line;
		return 0;
	}
	if (!find_include(c, f->name, e, &path))
		audit_gap_set(c->gap, f->name, e->line,
			      "'%s' may set clear_paths, and is not a file of "
			      "this project that can be read",
			      shown.buf);
	else if (was_read(c, path.buf))
		audit_gap_set(c->gap, f->name, e->line,
			      "'%s' is included for the second time", shown.buf);
	else if (c->read.nr >= DEPLOY_FILES_MAX)
		audit_gap_set(c->gap, f->name, e->line,
			      "more than %d files are included",
			      DEPLOY_FILES_MAX);
	else
		return read_file(c, path.buf, f->always && e->always, err);
	return 0;
}

static int follow(struct clearing *c, struct deploy_file *f, struct err *err)
{
	for (size_t i = 0; i < f->script.nr && !c->gap->why.len; i++) {
		struct deploy_event *e = &f->script.v[i];

		if (e->kind == DEPLOY_INCLUDE) {
			if (include(c, f, e, err) < 0)
				return err->code;
		} else if (!f->always) {
			audit_gap_set(
				c->gap, f->name, e->line,
				"this file is not included in every case");
		} else {
			change_list(c, f->name, e);
		}
	}
	return 0;
}

static int read_file(struct clearing *c, const char *path, bool always,
		     struct err *err)
{
	AUTO_DEPLOY_SCRIPT struct deploy_script script = DEPLOY_SCRIPT_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	struct deploy_file f = { .always = always };
	int ret;

	if (project_files_read(c->files, path, PHP_FILE_MAX, &text, err) < 0)
		return err->code;
	strvec_push(&c->read, path);
	f.name = c->read.v[c->read.nr - 1];
	deploy_script_read(text.buf, text.len, &script);
	if (script.why) {
		audit_gap_set(c->gap, f.name, script.why_line, "%s", script.why);
		return 0;
	}
	f.script = script;
	ret = follow(c, &f, err);
	return ret;
}

/* git cannot track it, so nothing of it can be lost from git. */
static bool is_gits_own(const char *text)
{
	while (!strncmp(text, "./", 2))
		text += 2;
	return !strncmp(text, ".git", 4) && (!text[4] || text[4] == '/') &&
	       !strstr(text, "..");
}

static bool take_path(struct clearing *c, const struct php_item *item,
		      struct audited_paths *out)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT, shown = STRBUF_INIT;
	const char *why;

	if (is_gits_own(item->text))
		return true;
	why = audited_path_check(item->text, &path);
	quote_text(&shown, item->text, strnlen(item->text, 200));
	if (why)
		return audit_gap_set(c->gap, item->file, item->line,
				     "the path '%s' %s", shown.buf, why);
	audited_paths_add(out, path.buf, item->file, item->line);
	return true;
}

int cleared_paths_read(const struct project_files *files, const char *path,
		       struct cleared_paths *out, struct audit_gap *gap,
		       struct err *err)
{
	CLEANUP(clearing_release)
	struct clearing c = { .files = files, .gap = gap };

	if (read_file(&c, path, true, err) < 0)
		return err->code;
	if (c.unknown)
		audit_gap_set(
			gap, c.unknown, c.unknown_line,
			"this recipe of Deployer's puts paths into "
			"clear_paths; set('clear_paths', [...]) behind it "
			"says all of them");
	for (size_t i = 0; !gap->why.len && i < c.list.nr; i++)
		take_path(&c, &c.list.v[i], &out->paths);
	out->mentioned = c.mentioned;
	return 0;
}
