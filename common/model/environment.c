#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/model/environment_paths.h"
#include "common/model/settings_typed.h"
#include "common/text/quote.h"

static const char *hook_point_key(enum hook_point point)
{
	static const char *const names[HOOK_POINTS] = {
		[HOOK_PRE] = "preHook",
		[HOOK_MID] = "midHook",
		[HOOK_POST] = "postHook",
		[HOOK_FAIL] = "failHook",
	};

	return names[point];
}

static void hooks_release(struct env_hooks *hooks)
{
	for (size_t i = 0; i < hooks->nr; i++) {
		free(hooks->v[i].command);
		free(hooks->v[i].origin);
	}
	free(hooks->v);
}

void environment_release(struct environment *env)
{
	free(env->name);
	strvec_release(&env->urls);
	free(env->branch);
	free(env->remote);
	for (size_t i = 0; i < env->nr_shared; i++)
		free(env->shared[i].path);
	free(env->shared);
	for (size_t i = 0; i < env->nr_links; i++) {
		free(env->links[i].path);
		free(env->links[i].target);
	}
	free(env->links);
	strvec_release(&env->writable);
	strvec_release(&env->validate);
	for (size_t i = 0; i < HOOK_POINTS; i++)
		hooks_release(&env->hooks[i]);
	*env = (struct environment)ENVIRONMENT_INIT;
}

/* Which environment. */

static bool has(const struct strvec *names, const char *name)
{
	for (size_t i = 0; i < names->nr; i++)
		if (!strcmp(names->v[i], name))
			return true;
	return false;
}

static void add_names(const struct strvec *names, struct strbuf *out)
{
	for (size_t i = 0; i < names->nr; i++)
		strbuf_addf(out, "%s%s", i ? ", " : "", names->v[i]);
}

static int none_called(const struct strvec *names, const char *name,
		       struct err *err)
{
	AUTO_STRBUF struct strbuf list = STRBUF_INIT, shown = STRBUF_INIT;

	add_names(names, &list);
	quote_text(&shown, name, strnlen(name, 80));
	return err_set(err, ERR_FAILED,
		       "no environment is called '%s'; configured: %s",
		       shown.buf, list.buf);
}

static int cannot_choose(const struct strvec *names, struct err *err)
{
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;

	add_names(names, &list);
	err_set(err, ERR_FAILED, "there is more than one environment: %s",
		list.buf);
	return err_hint(err, "say which with --to <env>, or set "
			     "release.environment");
}

/* *out is borrowed from names or s. */
static int pick_name(const struct settings *s, const struct strvec *names,
		     const char *name, const char **out, struct err *err)
{
	const char *from_env = getenv("GIT_RELEASE_ENV");
	const struct setting *st =
		settings_get(s, "release", NULL, "environment");
	const char *origin = NULL;

	if (!names->nr) {
		err_set(err, ERR_FAILED, "no environment is configured");
		return err_hint(err, "git release init <url>");
	}
	if (!name && from_env && *from_env) {
		name = from_env;
		origin = "$GIT_RELEASE_ENV";
	}
	if (!name && st) {
		name = st->value;
		origin = st->origin;
	}
	if (!name && names->nr == 1)
		name = names->v[0];
	else if (!name && has(names, "production"))
		name = "production";
	if (!name)
		return cannot_choose(names, err);
	if (!has(names, name)) {
		int ret = none_called(names, name, err);

		return origin ? err_prefix(err, "%s", origin) : ret;
	}
	*out = name;
	return 0;
}

/* What it says. */

static const struct settings_key *key(const char *name)
{
	return settings_key_find("release", name);
}

static int check_all_available(const struct settings *s, const char *sub,
			       struct err *err)
{
	size_t nr;
	const struct settings_key *keys = settings_key_list(&nr);
	int ret = 0;

	for (size_t i = 0; !ret && i < nr; i++)
		if (!strcmp(keys[i].section, "release") &&
		    keys[i].scope == KEY_PER_SUB)
			ret = settings_check_available(s, &keys[i], sub, err);
	return ret;
}

static int read_urls(const struct settings *s, struct environment *env,
		     struct err *err)
{
	AUTO_SETTING_LIST struct setting_list list = SETTING_LIST_INIT;

	settings_get_all(s, key("url"), env->name, &list);
	if (!list.nr) {
		err_set(err, ERR_FAILED, "release.%s.url is not set", env->name);
		return err_hint(err, "git release init <url> %s", env->name);
	}
	if (list.nr > 1)
		return setting_err(list.v[1], err,
				   ": a second url is not available yet");
	strvec_push(&env->urls, list.v[0]->value);
	return 0;
}

static void read_hooks(const struct settings *s, struct environment *env,
		       enum hook_point point)
{
	AUTO_SETTING_LIST struct setting_list list = SETTING_LIST_INIT;
	struct env_hooks *hooks = &env->hooks[point];

	settings_get_all(s, key(hook_point_key(point)), env->name, &list);
	hooks->v = xcalloc(list.nr + 1, sizeof(*hooks->v));
	for (size_t i = 0; i < list.nr; i++) {
		struct env_hook *hook = &hooks->v[hooks->nr++];

		hook->command = xstrdup(settings_hook_command(
			list.v[i]->value, &hook->all, &hook->warn));
		hook->origin = xstrdup(list.v[i]->origin);
	}
}

static enum env_transport read_transport(const struct settings *s, const char *sub)
{
	const char *name = settings_text(s, key("transport"), sub);

	if (!strcmp(name, "libssh2"))
		return ENV_TRANSPORT_LIBSSH2;
	if (!strcmp(name, "openssh"))
		return ENV_TRANSPORT_OPENSSH;
	return ENV_TRANSPORT_AUTO;
}

static void read_simple(const struct settings *s, struct environment *env)
{
	const char *branch = settings_text(s, key("branch"), env->name);

	env->transport = read_transport(s, env->name);
	env->branch = branch ? xstrdup(branch) : NULL;
	env->remote = xstrdup(settings_text(s, key("remote"), env->name));
	settings_texts(s, key("validate"), env->name, &env->validate);
	env->keep = settings_number(s, key("keep"), env->name);
	env->timeout = settings_seconds(s, key("timeout"), env->name);
	env->recycle_after = settings_seconds(s, key("recycleAfter"), env->name);
	env->file_mode = settings_mode(s, key("fileMode"), env->name);
	env->directory_mode = settings_mode(s, key("directoryMode"), env->name);
	for (int point = 0; point < HOOK_POINTS; point++)
		read_hooks(s, env, (enum hook_point)point);
}

int settings_environment_pick(const struct settings *s, const char *name,
			      char **out, struct err *err)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	const char *picked = NULL;

	settings_list_environments(s, &names);
	if (pick_name(s, &names, name, &picked, err) < 0)
		return err->code;
	*out = xstrdup(picked);
	return 0;
}

int settings_environment(const struct settings *s, const char *name,
			 struct environment *out, struct err *err)
{
	AUTO_ENVIRONMENT struct environment env = ENVIRONMENT_INIT;
	int ret = settings_environment_pick(s, name, &env.name, err);

	if (ret < 0)
		return ret;
	ret = check_all_available(s, env.name, err);
	if (!ret)
		ret = read_urls(s, &env, err);
	if (!ret)
		ret = environment_read_paths(s, &env, err);
	if (ret < 0)
		return ret;
	read_simple(s, &env);

	environment_release(out);
	*out = env;
	env = (struct environment)ENVIRONMENT_INIT;
	return 0;
}
