#include "common/base/base.h"
#include "git-release/session.h"

#include "common/model/settings_source.h"
#include "common/sys/clock.h"
#include "common/text/quote.h"
#include "git-release/release.h"

void session_release(struct session *s)
{
	server_target_release(&s->server);
	version_tag_release(&s->tag);
	build_settings_release(&s->build);
	environment_release(&s->env);
	settings_release(&s->settings);
	config_release(&s->config);
	git_repository_free(s->repo);
}

int session_open(struct session *s, struct err *err)
{
	AUTO_PROC struct proc git = PROC_INIT;

	memset(s, 0, sizeof(*s));
	s->began = clock_ms();
	s->config.raw = (struct strbuf)STRBUF_INIT;
	/* libgit2 takes as long to start as git to read. */
	if (config_start(&git, err) < 0 || repo_open(&s->repo, err) < 0)
		return err->code;
	return config_finish(&s->config, &git, err);
}

static struct settings_source source(const struct session *s)
{
	return (struct settings_source){
		.repo = s->repo,
		.cfg = &s->config,
		.verbs = release_verbs(),
	};
}

int session_work_tree_settings(struct session *s, struct err *err)
{
	const struct settings_source from = source(s);

	return settings_load_here(&s->settings, &from, err);
}

int session_find_environment(struct session *s, const char *to, struct err *err)
{
	if (session_work_tree_settings(s, err) < 0)
		return err->code;
	return settings_environment(&s->settings, to, &s->env, err);
}

/*
 * .gitrelease belongs to the tagged commit, but what a tag is called must be
 * known before: that comes from the work tree.
 */
static int load_from_tag(struct session *s, const char *version, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT, label = STRBUF_INIT;
	AUTO_OBJECT git_object *commit = NULL;
	AUTO_REF git_reference *tag = NULL;
	AUTO_BUILD_SETTINGS struct build_settings here = BUILD_SETTINGS_INIT;
	const struct tag_policy any = { .prefix = NULL };
	const struct settings_source from = source(s);

	if (session_work_tree_settings(s, err) < 0 ||
	    settings_build(&s->settings, &here, err) < 0)
		return err->code;
	strbuf_addstr(&ref, "refs/tags/");
	if (version_tag_name(version, here.tag_prefix, &ref, err) < 0)
		return err->code;
	if (git_reference_lookup(&tag, s->repo, ref.buf) < 0 ||
	    git_reference_peel(&commit, tag, GIT_OBJECT_COMMIT) < 0) {
		/* It says best what is wrong with this name. */
		struct tag_policy policy = any;

		policy.prefix = here.tag_prefix;
		if (version_tag_find(s->repo, version, &policy, &s->tag, err) < 0)
			return err->code;
		return err_set(err, ERR_FAILED, "'%s' names no commit", ref.buf);
	}
	strbuf_addf(&label, "%s:" SETTINGS_FILE, ref.buf + strlen("refs/tags/"));
	return settings_load_commit(&s->settings, &from, git_object_id(commit),
				    label.buf, err);
}

static int find(struct session *s, const char *version, struct err *err)
{
	const struct tag_policy policy = {
		.prefix = s->build.tag_prefix,
		.branch = s->env.branch,
		.remote = s->env.remote,
		.signed_tag = s->build.signed_tags,
	};

	return version_tag_find(s->repo, version, &policy, &s->tag, err);
}

int session_find_version(struct session *s, const char *version, struct err *err)
{
	if (load_from_tag(s, version, err) < 0 ||
	    settings_build(&s->settings, &s->build, err) < 0)
		return err->code;
	return find(s, version, err);
}

static bool has_environments(const struct settings *settings)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;

	settings_list_environments(settings, &names);
	return names.nr > 0;
}

/* Who has just written .gitrelease is not helped by "configure something". */
static int check_tag_configures(struct session *s, const char *version,
				struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	if (has_environments(&s->settings))
		return 0;
	if (session_work_tree_settings(s, err) < 0)
		return err->code;
	if (!has_environments(&s->settings))
		return 0;
	quote_text(&shown, version, strlen(version));
	err_set(err, ERR_FAILED,
		"the commit that '%s' names has no environment in its "
		".gitrelease",
		shown.buf);
	return err_hint(err, "commit .gitrelease before you tag, or set "
			     "release.<env>.url with git config");
}

int session_find_tag(struct session *s, const char *version, const char *to,
		     struct err *err)
{
	if (load_from_tag(s, version, err) < 0 ||
	    check_tag_configures(s, version, err) < 0 ||
	    settings_environment(&s->settings, to, &s->env, err) < 0 ||
	    settings_build(&s->settings, &s->build, err) < 0)
		return err->code;
	return find(s, version, err);
}

int session_target(struct session *s, struct err *err)
{
	const struct server_target_request req = {
		.repo = s->repo,
		.cfg = &s->config,
		.env = &s->env,
	};

	return server_target_find(&req, &s->server, err);
}
