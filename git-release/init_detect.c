#include "common/base/base.h"
#include "git-release/init_detect.h"

#include "common/sys/fileio.h"
#include "common/text/quote.h"

#include <jansson.h>

#define JSON_FILE_MAX ((size_t)4 << 20)

static const char *const names[] = {
	[PROJECT_PLAIN] = "plain",
	[PROJECT_NODE] = "node",
	[PROJECT_LARAVEL] = "laravel",
};

const char *project_kind_name(enum project_kind kind)
{
	return names[kind];
}

static bool is_file(int dir, const char *name)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       S_ISREG(st.st_mode);
}

/* Does the document have text at <outer>.<inner>? */
static int has_text(int dir, const char *file, const char *outer,
		    const char *inner, bool *has, struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	json_t *doc;

	*has = false;
	if (!is_file(dir, file))
		return 0;
	if (file_read(dir, file, JSON_FILE_MAX, &text, err) < 0)
		return err->code;
	doc = json_loadb(text.buf, text.len, 0, NULL);
	*has = json_is_string(json_object_get(json_object_get(doc, outer), inner));
	json_decref(doc);
	return 0;
}

int project_detect(int dir, struct project *out, struct err *err)
{
	bool laravel, build;

	if (has_text(dir, "composer.json", "require", "laravel/framework",
		     &laravel, err) < 0 ||
	    has_text(dir, "package.json", "scripts", "build", &build, err) < 0)
		return err->code;
	out->npm_build = build;
	out->npm_lock = is_file(dir, "package-lock.json");
	out->kind = laravel && is_file(dir, "artisan") ? PROJECT_LARAVEL
		    : build			       ? PROJECT_NODE
						       : PROJECT_PLAIN;
	return 0;
}

int project_set_kind(struct project *p, const char *recipe, struct err *err)
{
	static const char *const later[] = { "symfony", "wordpress", "static" };
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(names[i], recipe) != 0)
			continue;
		p->kind = (enum project_kind)i;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(later); i++)
		if (!strcmp(later[i], recipe))
			return err_set(err, ERR_FAILED,
				       "--recipe %s is not available yet",
				       later[i]);
	quote_text(&shown, recipe, strnlen(recipe, 100));
	return err_set(err, ERR_USAGE,
		       "--recipe takes laravel, node or plain, not '%s'",
		       shown.buf);
}
