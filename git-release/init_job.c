#include "common/base/base.h"
#include "git-release/init_job.h"

#include "common/sys/fileio.h"
#include "common/text/quote.h"
#include "common/text/ssh_url.h"
#include "git-release/init_text.h"
#include "git-release/release.h"
#include "git-release/session_reach.h"

#define GITRELEASE     ".gitrelease"
#define GITRELEASE_MAX ((size_t)1 << 20)

void init_job_release(struct init_job *job)
{
	session_release(&job->session);
}

static int check_name(const char *env, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	const char *const *verbs = release_verbs();

	quote_text(&shown, env, strnlen(env, 100));
	if (!settings_environment_name(env))
		return err_set(err, ERR_USAGE,
			       "'%s' cannot be the name of an environment",
			       shown.buf);
	for (size_t i = 0; verbs[i]; i++)
		if (!strcmp(verbs[i], env))
			return err_set(err, ERR_USAGE,
				       "an environment cannot be called like "
				       "the command '%s'",
				       shown.buf);
	return 0;
}

/* One that could never be reached is not worth a file. */
static int check_url(const char *url, struct err *err)
{
	AUTO_SSH_URL struct ssh_url parsed = SSH_URL_INIT;

	return ssh_url_parse(url, &parsed, err);
}

static bool has_environment(const struct settings *s, const char *env)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;

	settings_list_environments(s, &names);
	for (size_t i = 0; i < names.nr; i++)
		if (!strcmp(names.v[i], env))
			return true;
	return false;
}

/* The bytes as they are must be good settings before they become a file. */
static int check_text(struct init_job *job, const struct strbuf *text,
		      struct err *err)
{
	AUTO_SETTINGS struct settings settings = SETTINGS_INIT;
	AUTO_ENVIRONMENT struct environment env = ENVIRONMENT_INIT;
	AUTO_BUILD_SETTINGS struct build_settings build = BUILD_SETTINGS_INIT;
	const struct settings_file file = {
		.data = text->buf,
		.len = text->len,
		.label = GITRELEASE,
		.verbs = release_verbs(),
	};

	if (settings_load(&settings, &file, &job->session.config, err) < 0 ||
	    settings_environment(&settings, job->env, &env, err) < 0)
		return err->code;
	return settings_build(&settings, &build, err);
}

static int find_project(struct init_job *job, int top, struct err *err)
{
	if (project_detect(top, &job->project, err) < 0)
		return err->code;
	return job->recipe ? project_set_kind(&job->project, job->recipe, err)
			   : 0;
}

static int write_file(struct init_job *job, int top, struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	int ret = file_read(top, GITRELEASE, GITRELEASE_MAX, &text, err);

	if (ret < 0 && ret != ERR_NOTFOUND)
		return ret;
	job->created = ret == ERR_NOTFOUND;
	job->appended = !job->created;
	err_release(err);
	if (job->created)
		init_text_file(&text, &job->project, job->env, job->url);
	else
		init_text_append(&text, job->env, job->url);
	if (check_text(job, &text, err) < 0)
		return err->code;
	return file_replace(top, GITRELEASE, &text, 0644, err);
}

/* "init --adopt <env>" names one that is there. */
static void find_meant(struct init_job *job)
{
	const struct settings *s = &job->session.settings;

	if (job->adopt && job->url && !job->env && has_environment(s, job->url)) {
		job->env = job->url;
		job->url = NULL;
	}
	if (!job->env && job->url)
		job->env = "production";
}

int init_job_write(struct init_job *job, struct err *err)
{
	struct session *s = &job->session;
	const char *workdir;

	if (session_open(s, err) < 0)
		return err->code;
	workdir = git_repository_workdir(s->repo);
	if (!workdir)
		return err_set(err, ERR_FAILED,
			       "this repository is bare: there is no work tree "
			       "to write " GITRELEASE " to");
	if (session_work_tree_settings(s, err) < 0)
		return err->code;
	find_meant(job);
	AUTO_FD int top = open(workdir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (top < 0)
		return err_sys(err, "cannot open the work tree");
	if (find_project(job, top, err) < 0 ||
	    (job->env && check_name(job->env, err) < 0))
		return err->code;
	if (!job->url || !job->env)
		return 0;
	if (check_url(job->url, err) < 0)
		return err->code;
	if (has_environment(&s->settings, job->env)) {
		err_set(err, ERR_REFUSED, "environment '%s' is there already",
			job->env);
		return err_hint(err, "change it in " GITRELEASE
				     ", or give another name: git release init "
				     "<url> <env>");
	}
	return write_file(job, top, err);
}

int init_job_adopt(struct init_job *job, const struct host_listener *listener,
		   struct err *err)
{
	struct session *s = &job->session;
	AUTO_HOST_VIEW struct host_view view = { 0 };
	AUTO_HOST struct host *host = NULL;
	struct host_request req = {
		.listener = listener,
		.reason = "init --adopt",
		.change = true,
		.adopt = true,
	};

	if (session_find_environment(s, job->env, err) < 0 ||
	    session_target(s, err) < 0)
		return err->code;
	return session_reach(s, &req, &host, &view, err);
}
