#include "common/base/base.h"
#include "git-release/session.h"

#include "common/base/mem.h"
#include "common/model/settings_source.h"
#include "common/sys/clock.h"
#include "common/text/quote.h"
#include "common/transport/ssh_url.h"
#include "git-release/release.h"

#include <pwd.h>
#include <sys/utsname.h>

void session_release(struct session *s)
{
	version_tag_release(&s->tag);
	build_settings_release(&s->build);
	environment_release(&s->env);
	settings_release(&s->settings);
	config_release(&s->config);
	git_repository_free(s->repo);
	free(s->agent);
	free(s->url);
	free(s->place);
	free(s->who);
	free(s->signature);
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

/* Beside the program itself, never from PATH. */
static int find_agent(struct session *s, struct err *err)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	char self[PATH_MAX];
	struct utsname name;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n < 0 || uname(&name) < 0)
		return err_sys(err, "cannot tell where this program is");
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	strbuf_addf(&path, "%s/../libexec/git-release/agent-%s", self,
		    name.machine);
	if (access(path.buf, R_OK) < 0) {
		err_sys(err, "cannot find the agent '%s'", path.buf);
		return err_hint(err, "install git release again: make install");
	}
	s->agent = strbuf_detach(&path);
	return 0;
}

static void find_who(struct session *s)
{
	AUTO_SIGNATURE git_signature *sig = NULL;
	const struct passwd *pw = getpwuid(getuid());
	struct utsname name;
	AUTO_STRBUF struct strbuf who = STRBUF_INIT;

	strbuf_addf(&who, "%s@%s", pw ? pw->pw_name : "somebody",
		    uname(&name) ? "somewhere" : name.nodename);
	s->who = strbuf_detach(&who);
	if (git_signature_default(&sig, s->repo) < 0) {
		s->signature = xstrdup("");
		return;
	}
	strbuf_addf(&who, "%s <%s>", sig->name, sig->email);
	s->signature = strbuf_detach(&who);
}

static enum transport_kind kind_of(enum env_transport transport)
{
	switch (transport) {
	case ENV_TRANSPORT_LIBSSH2: return TRANSPORT_LIBSSH2;
	case ENV_TRANSPORT_OPENSSH: return TRANSPORT_OPENSSH;
	default: return TRANSPORT_AUTO;
	}
}

/*
 * .gitrelease is at the top of the work tree: a relative directory is seen
 * from there, whatever subfolder the command is run in.
 */
static int find_url(struct session *s, struct err *err)
{
	const char *url = s->env.urls.v[0];
	const char *top = git_repository_workdir(s->repo);
	AUTO_SSH_URL struct ssh_url parsed = SSH_URL_INIT;
	AUTO_STRBUF struct strbuf full = STRBUF_INIT;
	struct stat here, there;

	s->target.url = url;
	if (ssh_url_parse(url, &parsed, err) < 0)
		return err->code;
	s->place = xstrdup(parsed.local ? url : parsed.host);
	if (!parsed.local || *url == '/' || *url == '~' || !top)
		return 0;
	if (stat(".", &here) < 0 || stat(top, &there) < 0)
		return err_sys(err, "cannot find the work tree '%s'", top);
	if (here.st_dev == there.st_dev && here.st_ino == there.st_ino)
		return 0;
	strbuf_addf(&full, "%s%s", top, url); /* top ends in a slash */
	s->url = strbuf_detach(&full);
	s->target.url = s->url;
	return 0;
}

int session_target(struct session *s, struct err *err)
{
	const char *prompt = getenv("GIT_TERMINAL_PROMPT");
	const char *ssh = getenv("GIT_SSH_COMMAND");

	if (find_agent(s, err) < 0 || find_url(s, err) < 0)
		return err->code;
	find_who(s);
	s->target.kind = kind_of(s->env.transport);
	s->target.agent = s->agent;
	s->target.ssh_command =
		ssh ? ssh : config_get(&s->config, "core", NULL, "sshcommand");
	s->target.may_prompt = isatty(STDIN_FILENO) && isatty(STDERR_FILENO) &&
			       !(prompt && !strcmp(prompt, "0"));
	return 0;
}
