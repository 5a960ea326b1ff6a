#include "common/base/base.h"
#include "git-serversync/serversync_settings.h"

#include "common/base/mem.h"
#include "common/model/settings_source.h"
#include "common/model/settings_typed.h"
#include "common/text/quote.h"
#include "common/text/relpath.h"

#define DEFAULT_ENVIRONMENT "production"

void serversync_settings_release(struct serversync_settings *s)
{
	free(s->environment);
	free(s->deploy_file);
	free(s->workflow);
	strvec_release(&s->git_only);
	strvec_release(&s->git_only_places);
	*s = (struct serversync_settings)SERVERSYNC_SETTINGS_INIT;
}

static const struct settings_key *key(const char *name)
{
	return settings_key_find("serversync", name);
}

static int any_environment(const struct settings *s, const char *name,
			   char **out, struct err *err)
{
	const struct setting *st =
		settings_get(s, "release", NULL, "environment");
	const char *from_env = getenv("GIT_RELEASE_ENV");
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	if (!name && from_env && *from_env)
		name = from_env;
	if (!name && st)
		name = st->value;
	if (!name)
		name = DEFAULT_ENVIRONMENT;
	if (!settings_environment_name(name)) {
		quote_text(&shown, name, strnlen(name, 80));
		return err_set(err, ERR_FAILED,
			       "'%s' cannot be the name of an environment",
			       shown.buf);
	}
	*out = xstrdup(name);
	return 0;
}

static int pick_environment(const struct settings *s, const char *name,
			    char **out, struct err *err)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;

	settings_list_environments(s, &names);
	if (!names.nr)
		return any_environment(s, name, out, err);
	if (!settings_environment_pick(s, name, out, err))
		return 0;
	if (err->hint.len)
		err_hint(err, "name one of them, or set release.environment");
	return err->code;
}

/* Loading has checked it: what is left is to write it in one form. */
static char *normalised(const char *path)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	if (relpath_normalise(path, &out, NULL))
		return xstrdup(path);
	return strbuf_detach(&out);
}

static void read_paths(const struct settings *s, struct serversync_settings *out)
{
	const char *env = out->environment;
	const char *workflow = settings_text(s, key("workflow"), env);
	AUTO_SETTING_LIST struct setting_list list = SETTING_LIST_INIT;
	AUTO_STRBUF struct strbuf usual = STRBUF_INIT;

	strbuf_addf(&usual, ".github/workflows/server-sync-%s.yml", env);
	out->workflow = normalised(workflow ? workflow : usual.buf);
	out->deploy_file = normalised(settings_text(s, key("deployFile"), env));
	out->deploy_file_set =
		settings_get(s, "serversync", env, "deployFile") != NULL;
	settings_get_all(s, key("gitOnly"), env, &list);
	for (size_t i = 0; i < list.nr; i++) {
		strvec_push(&out->git_only, list.v[i]->value ?: "");
		strvec_push(&out->git_only_places, list.v[i]->origin);
	}
}

int serversync_settings_load(git_repository *repo, const struct config *cfg,
			     const char *environment,
			     struct serversync_settings *out, struct err *err)
{
	const struct settings_source from = { .repo = repo, .cfg = cfg };
	AUTO_SETTINGS struct settings s = SETTINGS_INIT;

	if (settings_load_here(&s, &from, err) < 0 ||
	    pick_environment(&s, environment, &out->environment, err) < 0)
		return err->code;
	read_paths(&s, out);
	return 0;
}

int serversync_environments(struct strvec *out, struct err *err)
{
	AUTO_CONFIG struct config cfg = CONFIG_INIT;
	AUTO_SETTINGS struct settings s = SETTINGS_INIT;
	AUTO_REPO git_repository *repo = NULL;
	struct settings_source from = { .cfg = &cfg };

	if (repo_open(&repo, err) < 0 || config_load(&cfg, err) < 0)
		return err->code;
	from.repo = repo;
	if (settings_load_here(&s, &from, err) < 0)
		return err->code;
	settings_list_environments(&s, out);
	return 0;
}
