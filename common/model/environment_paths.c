#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/model/environment_paths.h"
#include "common/text/relpath.h"

#define PATHS_MAX 1000 /* of one key; they are compared in pairs */

/* Everything that is put into a release as a link: shared, then link. */
struct placed {
	const struct setting *st;
	const char *path; /* borrowed from the environment */
};

static int values_of(const struct settings *s, const char *name,
		     const char *sub, struct setting_list *out, struct err *err)
{
	settings_get_all(s, settings_key_find("release", name), sub, out);
	if (out->nr > PATHS_MAX)
		return setting_err(out->v[PATHS_MAX], err,
				   " has more than %d values", PATHS_MAX);
	return 0;
}

/* Loading has checked the form; only our own files are left to refuse. */
static int take_path(const struct setting *st, const char *text, char **out,
		     struct err *err)
{
	AUTO_STRBUF struct strbuf clean = STRBUF_INIT;
	const char *why = relpath_normalise(text, &clean, NULL);

	if (!why && (!strcmp(clean.buf, "REVISION") ||
		     !strcmp(clean.buf, "release.json")))
		why = "is written into every release";
	if (why)
		return setting_err(st, err, ": '%s' %s", text, why);
	*out = strbuf_detach(&clean);
	return 0;
}

static int read_shared(struct environment *env, const struct setting_list *list,
		       struct err *err)
{
	int ret = 0;

	env->shared = xcalloc(list->nr + 1, sizeof(*env->shared));
	for (size_t i = 0; !ret && i < list->nr; i++) {
		const char *text = list->v[i]->value;
		struct env_shared *sh = &env->shared[env->nr_shared++];

		sh->is_dir = text[strlen(text) - 1] == '/';
		ret = take_path(list->v[i], text, &sh->path, err);
	}
	return ret;
}

static int read_link(const struct setting *st, struct env_link *link,
		     struct err *err)
{
	const char *colon = strchr(st->value, ':');
	AUTO_STRBUF struct strbuf path = STRBUF_INIT, target = STRBUF_INIT;
	const char *why;
	int ret;

	strbuf_add(&path, st->value, (size_t)(colon - st->value));
	ret = take_path(st, path.buf, &link->path, err);
	if (ret < 0)
		return ret;
	why = relpath_normalise(colon + 1, &target, NULL);
	if (!why && relpath_overlaps(link->path, target.buf))
		why = "leads to itself";
	if (why)
		return setting_err(st, err, ": '%s' %s", st->value, why);
	link->target = strbuf_detach(&target);
	return 0;
}

static int read_links(struct environment *env, const struct setting_list *list,
		      struct err *err)
{
	int ret = 0;

	env->links = xcalloc(list->nr + 1, sizeof(*env->links));
	for (size_t i = 0; !ret && i < list->nr; i++)
		ret = read_link(list->v[i], &env->links[env->nr_links++], err);
	return ret;
}

static int overlap(const struct placed *a, const struct placed *b, struct err *err)
{
	return setting_err(b->st, err, " '%s' overlaps %s '%s' (%s)",
			   b->st->value, a->st->key->name, a->st->value,
			   a->st->origin);
}

static int check_overlaps(const struct placed *p, size_t nr, struct err *err)
{
	for (size_t i = 1; i < nr; i++)
		for (size_t j = 0; j < i; j++)
			if (relpath_overlaps(p[i].path, p[j].path))
				return overlap(&p[j], &p[i], err);
	return 0;
}

static int check_placed(const struct environment *env,
			const struct setting_list *shared,
			const struct setting_list *links, struct err *err)
{
	size_t nr = env->nr_shared + env->nr_links;
	AUTO_FREE struct placed *placed = xcalloc(nr + 1, sizeof(*placed));

	for (size_t i = 0; i < env->nr_shared; i++)
		placed[i] = (struct placed){ shared->v[i], env->shared[i].path };
	for (size_t i = 0; i < env->nr_links; i++)
		placed[env->nr_shared + i] =
			(struct placed){ links->v[i], env->links[i].path };
	return check_overlaps(placed, nr, err);
}

static int read_writable(struct environment *env,
			 const struct setting_list *list, struct err *err)
{
	for (size_t i = 0; i < list->nr; i++) {
		AUTO_FREE char *path = NULL;
		int ret = take_path(list->v[i], list->v[i]->value, &path, err);

		if (ret < 0)
			return ret;
		strvec_push(&env->writable, path);
	}
	return 0;
}

int environment_read_paths(const struct settings *s, struct environment *env,
			   struct err *err)
{
	AUTO_SETTING_LIST struct setting_list shared = SETTING_LIST_INIT;
	AUTO_SETTING_LIST struct setting_list links = SETTING_LIST_INIT;
	AUTO_SETTING_LIST struct setting_list writable = SETTING_LIST_INIT;
	int ret = values_of(s, "shared", env->name, &shared, err);

	if (!ret)
		ret = values_of(s, "link", env->name, &links, err);
	if (!ret)
		ret = values_of(s, "writable", env->name, &writable, err);
	if (!ret)
		ret = read_shared(env, &shared, err);
	if (!ret)
		ret = read_links(env, &links, err);
	if (!ret)
		ret = check_placed(env, &shared, &links, err);
	return ret < 0 ? ret : read_writable(env, &writable, err);
}
