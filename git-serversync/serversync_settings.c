#include "common/base/base.h"
#include "git-serversync/serversync_settings.h"

#include "common/base/mem.h"
#include "common/model/settings_source.h"
#include "common/model/settings_typed.h"
#include "common/text/quote.h"
#include "common/text/relpath.h"

#define DEFAULT_ENVIRONMENT "production"
#define DEFAULT_BRANCH	    "production"

void serversync_settings_release(struct serversync_settings *s)
{
	free(s->environment);
	free(s->deploy_file);
	free(s->workflow);
	strvec_release(&s->git_only);
	strvec_release(&s->git_only_places);
	strvec_release(&s->exclude);
	free(s->subdirectory);
	free(s->base);
	free(s->remote);
	free(s->target);
	free(s->forge);
	free(s->api);
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

static char *text(const struct settings *s, const char *name,
		  const struct serversync_settings *out)
{
	const char *value = settings_text(s, key(name), out->environment);

	return value ? xstrdup(value) : NULL;
}

static bool has_branch(git_repository *repo, const char *before, const char *name)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	git_oid id;

	strbuf_addf(&ref, "%s/%s", before, name);
	return !repo_ref_id(repo, ref.buf, &id, &ignored);
}

/* What is captured goes back to where releases come from. */
static char *find_target(git_repository *repo, const struct settings *s,
			 const struct serversync_settings *out)
{
	const struct settings_key *branch =
		settings_key_find("release", "branch");
	const char *released = settings_text(s, branch, out->environment);
	AUTO_STRBUF struct strbuf remote = STRBUF_INIT;

	if (released)
		return xstrdup(released);
	strbuf_addf(&remote, "refs/remotes/%s", out->remote);
	if (has_branch(repo, remote.buf, DEFAULT_BRANCH) ||
	    has_branch(repo, "refs/heads", DEFAULT_BRANCH))
		return xstrdup(DEFAULT_BRANCH);
	return NULL;
}

static bool has_server(const struct settings *s, const char *environment)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	AUTO_SETTING_LIST struct setting_list urls = SETTING_LIST_INIT;
	bool found = false;

	settings_list_environments(s, &names);
	for (size_t i = 0; i < names.nr; i++)
		found |= !strcmp(names.v[i], environment);
	settings_get_all(s, settings_key_find("release", "url"), environment,
			 &urls);
	return found && urls.nr;
}

static void read_capture(git_repository *repo, const struct settings *s,
			 struct serversync_settings *out)
{
	const struct settings_key *dir =
		settings_key_find("release", "subdirectory");
	const char *env = out->environment;

	if (settings_text(s, dir, NULL))
		out->subdirectory = normalised(settings_text(s, dir, NULL));
	settings_texts(s, key("exclude"), env, &out->exclude);
	out->max_file_size = settings_bytes(s, key("maxFileSize"), env);
	out->max_delete = settings_number(s, key("maxDelete"), env);
	out->base = text(s, "base", out);
	out->remote = text(s, "remote", out);
	out->forge = text(s, "forge", out);
	out->api = text(s, "api", out);
	out->target = text(s, "target", out);
	if (!out->target)
		out->target = find_target(repo, s, out);
	out->has_server = has_server(s, env);
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
	read_capture(repo, &s, out);
	return 0;
}

int serversync_environment(git_repository *repo, const struct config *cfg,
			   const struct serversync_settings *s,
			   struct environment *out, struct err *err)
{
	const struct settings_source from = { .repo = repo, .cfg = cfg };
	AUTO_SETTINGS struct settings all = SETTINGS_INIT;

	if (settings_load_here(&all, &from, err) < 0)
		return err->code;
	return settings_environment(&all, s->environment, out, err);
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
