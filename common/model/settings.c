#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/model/settings.h"
#include "common/text/gitconfig.h"
#include "common/text/quote.h"

#include <strings.h>

void settings_release(struct settings *s)
{
	for (size_t i = 0; i < s->nr; i++) {
		free(s->entries[i].sub);
		free(s->entries[i].value);
		free(s->entries[i].origin);
		free(s->entries[i].header);
	}
	free(s->entries);
	*s = (struct settings)SETTINGS_INIT;
}

static void add_full_name(const struct setting *st, struct strbuf *out)
{
	strbuf_addf(out, "%s.", st->key->section);
	if (st->sub)
		strbuf_addf(out, "%s.", st->sub);
	strbuf_addstr(out, st->key->name);
}

int setting_err(const struct setting *st, struct err *err, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT, shown = STRBUF_INIT;
	va_list ap;

	add_full_name(st, &text);
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	quote_text(&shown, text.buf, text.len);
	return err_set(err, ERR_FAILED, "%s: %s", st->origin, shown.buf);
}

/* Loading. */

/* One "section.sub.name = value" on its way in, nothing of it known yet. */
struct raw {
	const char *section, *sub, *name, *value;
	const char *origin, *header;
	bool from_git;
	const char *const *verbs;
};

static int unknown_section(const struct raw *raw, struct err *err)
{
	const char *near = settings_section_nearest(raw->section);

	if (!near)
		return err_set(err, ERR_FAILED, "%s: unknown section '%s'",
			       raw->header, raw->section);
	return err_set(err, ERR_FAILED,
		       "%s: unknown section '%s'; did you mean '%s'?",
		       raw->header, raw->section, near);
}

static int unknown_key(const struct raw *raw, struct err *err)
{
	const char *near = settings_key_nearest(raw->section, raw->name);
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;

	strbuf_addf(&name, "%s%s%s.%s", raw->section, raw->sub ? "." : "",
		    raw->sub ? raw->sub : "", raw->name);
	err_set(err, ERR_FAILED, "%s: unknown key '%s'", raw->origin, name.buf);
	if (near)
		strbuf_addf(&err->msg, "; did you mean '%s'?", near);
	return err->code;
}

static int check_sub(const struct raw *raw, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	if (!raw->sub)
		return 0;
	if (!settings_environment_name(raw->sub)) {
		quote_text(&shown, raw->sub, strnlen(raw->sub, 80));
		return err_set(err, ERR_FAILED,
			       "%s: '%s' cannot be the name of an environment",
			       raw->header, shown.buf);
	}
	if (!raw->verbs || strcmp(raw->section, "release"))
		return 0;
	for (const char *const *verb = raw->verbs; *verb; verb++)
		if (!strcmp(*verb, raw->sub))
			return err_set(err, ERR_FAILED,
				       "%s: an environment cannot be called "
				       "'%s': that is a command",
				       raw->header, raw->sub);
	return 0;
}

static bool is_empty(const struct setting *st)
{
	return st->value && !*st->value;
}

/* An empty value empties a list; an empty path in a file is a slip. */
static bool empties_list(const struct setting *st)
{
	if (!st->key->many || !is_empty(st))
		return false;
	return st->from_git ||
	       (st->key->type != KEY_PATH && st->key->type != KEY_LINK);
}

static int check_setting(const struct setting *st, struct err *err)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;

	if (st->sub && st->key->scope == KEY_GENERAL)
		return setting_err(st, err,
				   " cannot be set for one environment: "
				   "use %s.%s",
				   st->key->section, st->key->name);
	/* Whoever can push a commit could run programs here, or get tokens. */
	if (st->key->own && !st->from_git) {
		setting_err(st, err, " is read from git config only");
		return err_hint(err, "git config %s.%s <%s>", st->key->section,
				st->key->name,
				st->key->type == KEY_URL ? "url" : "command");
	}
	if (empties_list(st) || !settings_value_check(st->key, st->value, err))
		return 0;
	add_full_name(st, &name);
	return err_prefix(err, "%s: %s", st->origin, name.buf);
}

static int add(struct settings *s, const struct raw *raw, struct err *err)
{
	struct setting *st;
	int ret;

	if (!settings_section_known(raw->section))
		return raw->from_git ? 0 : unknown_section(raw, err);
	ret = check_sub(raw, err);
	if (ret < 0)
		return ret;
	ALLOC_GROW(s->entries, s->nr + 1, s->alloc);
	st = &s->entries[s->nr];
	*st = (struct setting){
		.key = settings_key_find(raw->section, raw->name),
		.from_git = raw->from_git,
	};
	if (!st->key)
		return unknown_key(raw, err);
	st->sub = raw->sub ? xstrdup(raw->sub) : NULL;
	st->value = raw->value ? xstrdup(raw->value) : NULL;
	st->origin = xstrdup(raw->origin);
	st->header = xstrdup(raw->header);
	s->nr++;
	return check_setting(st, err);
}

static int add_file(struct settings *s, const struct settings_file *file,
		    struct err *err)
{
	AUTO_GITCONFIG struct gitconfig gc = GITCONFIG_INIT;
	int ret = gitconfig_parse(file->data, file->len, file->label, &gc, err);

	for (size_t i = 0; !ret && i < gc.nr; i++) {
		const struct gitconfig_entry *e = &gc.entries[i];
		AUTO_STRBUF struct strbuf origin = STRBUF_INIT;
		AUTO_STRBUF struct strbuf header = STRBUF_INIT;

		strbuf_addf(&origin, "%s:%u", file->label, e->line);
		strbuf_addf(&header, "%s:%u", file->label, e->section_line);
		ret = add(s,
			  &(struct raw){ .section = e->section,
					 .sub = e->sub,
					 .name = e->name,
					 .value = e->value,
					 .origin = origin.buf,
					 .header = header.buf,
					 .verbs = file->verbs },
			  err);
	}
	return ret;
}

static int add_config(struct settings *s, const struct config *cfg,
		      const char *const *verbs, struct err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < cfg->nr; i++) {
		const struct config_entry *e = &cfg->entries[i];
		const char *first = strchr(e->key, '.');
		const char *last = strrchr(e->key, '.');
		AUTO_STRBUF struct strbuf origin = STRBUF_INIT;
		AUTO_FREE char *section = NULL;
		AUTO_FREE char *sub = NULL;

		if (!first)
			continue;
		quote_text(&origin, e->origin, strlen(e->origin));
		section = xstrndup(e->key, (size_t)(first - e->key));
		if (last > first)
			sub = xstrndup(first + 1, (size_t)(last - first - 1));
		ret = add(s,
			  &(struct raw){ .section = section,
					 .sub = sub,
					 .name = last + 1,
					 .value = e->value,
					 .origin = origin.buf,
					 .header = origin.buf,
					 .from_git = true,
					 .verbs = verbs },
			  err);
	}
	return ret;
}

int settings_load(struct settings *s, const struct settings_file *file,
		  const struct config *cfg, struct err *err)
{
	AUTO_SETTINGS struct settings fresh = SETTINGS_INIT;
	int ret = 0;

	if (file->data)
		ret = add_file(&fresh, file, err);
	if (!ret && cfg)
		ret = add_config(&fresh, cfg, file->verbs, err);
	if (ret < 0)
		return ret;
	settings_release(s);
	*s = fresh;
	fresh = (struct settings)SETTINGS_INIT;
	return 0;
}

/* Looking up. */

void setting_list_release(struct setting_list *list)
{
	free(list->v);
	*list = (struct setting_list)SETTING_LIST_INIT;
}

static bool same_sub(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/*
 * In git config, too, a list replaces the one below it: "git -c" that of
 * .git/config, that one the global file's.
 */
static bool replaces(const struct setting_list *list, const struct setting *st)
{
	return st->from_git && list->nr &&
	       strcmp(list->v[list->nr - 1]->origin, st->origin) != 0;
}

/* False when the key is not set there at all; a list may be set and empty. */
static bool collect(const struct settings *s, const struct setting *like,
		    struct setting_list *out)
{
	bool found = false;

	for (size_t i = 0; i < s->nr; i++) {
		const struct setting *st = &s->entries[i];

		if (st->key != like->key || st->from_git != like->from_git ||
		    !same_sub(st->sub, like->sub))
			continue;
		found = true;
		if (!st->key->many || is_empty(st) || replaces(out, st))
			out->nr = 0;
		if (st->key->many && is_empty(st))
			continue;
		ALLOC_GROW(out->v, out->nr + 1, out->alloc);
		out->v[out->nr++] = st;
	}
	return found;
}

void settings_get_all(const struct settings *s, const struct settings_key *key,
		      const char *sub, struct setting_list *out)
{
	struct setting like = { .key = key };

	out->nr = 0;
	for (int i = 0; i < 4; i++) {
		like.sub = i < 2 && sub ? (char *)(uintptr_t)sub : NULL;
		like.from_git = i % 2 == 0;
		if (collect(s, &like, out))
			return;
	}
}

const struct setting *settings_get(const struct settings *s, const char *section,
				   const char *sub, const char *name)
{
	const struct settings_key *key = settings_key_find(section, name);
	AUTO_SETTING_LIST struct setting_list list = SETTING_LIST_INIT;

	if (!key)
		return NULL;
	settings_get_all(s, key, sub, &list);
	return list.nr ? list.v[list.nr - 1] : NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void settings_list_environments(const struct settings *s, struct strvec *out)
{
	size_t start = out->nr;

	for (size_t i = 0; i < s->nr; i++) {
		const struct setting *st = &s->entries[i];
		bool known = !st->sub || strcmp(st->key->section, "release");

		for (size_t j = start; !known && j < out->nr; j++)
			known = !strcmp(out->v[j], st->sub);
		if (!known)
			strvec_push(out, st->sub);
	}
	if (out->nr > start)
		qsort(out->v + start, out->nr - start, sizeof(*out->v), by_name);
}
