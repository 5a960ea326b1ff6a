#include "common/base/base.h"
#include "git-release/release_job.h"

#include "git-release/package_fetch.h"
#include "git-release/session_reach.h"
#include "common/base/mem.h"
#include "common/sys/signals.h"

/* The newest release of this tag that once worked. */
static const struct host_release *find(const struct host_view *view,
				       const char *tag)
{
	static const char *const good[] = { "healthy", "active", "rolledback" };

	for (size_t i = view->nr; i--;) {
		const struct host_release *r = &view->releases[i];

		for (size_t k = 0; k < ARRAY_SIZE(good); k++)
			if (!strcmp(r->version, tag) && *r->package &&
			    !strcmp(r->state, good[k]))
				return r;
	}
	return NULL;
}

/* What is on one server: 1 when the package came, 0 when it has none. */
static int fetch_from(struct release_job *job, struct host *host,
		      const struct host_view *view, struct err *err)
{
	const struct package_fetch req = {
		.tag = &job->session.tag,
		.settings = &job->session.build,
		.host = host,
		.release = find(view, job->session.tag.name),
	};
	int ret;

	if (!req.release)
		return 0;
	ret = package_fetch(job->session.repo, &req, err);
	return ret < 0 ? ret : 1;
}

/* Looks only, and asks nobody anything: it is a detour. */
static int ask(struct release_job *job, const char *env, struct err *err)
{
	AUTO_SESSION struct session other = { 0 };
	AUTO_HOST struct host *host = NULL;
	AUTO_HOST_VIEW struct host_view view = { 0 };

	if (session_open(&other, err) < 0 ||
	    session_find_tag(&other, job->session.tag.name, env, err) < 0 ||
	    session_target(&other, err) < 0)
		return err->code;
	if (!strcmp(other.server.target.url, job->session.server.target.url))
		return 0;
	other.server.target.verbose = job->session.server.target.verbose;
	other.server.target.ctx = job->session.server.target.ctx;
	other.server.target.may_prompt = false;
	if (session_look(&other, job->options.listener, &host, &view, err) < 0)
		return err->code;
	return fetch_from(job, host, &view, err);
}

static void warn(struct release_job *job, const char *env, const struct err *why)
{
	strvec_pushf(&job->warnings, "cannot get the package of %s from %s: %s",
		     job->session.tag.name, env, why->msg.buf);
}

static bool is_needed(const struct release_job *job)
{
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;
	AUTO_ERR struct err why = ERR_INIT;

	/* Without commands every machine makes the same package. */
	return !job->built && !job->options.rebuild &&
	       job->session.build.build.nr &&
	       package_find(job->session.repo, job->session.tag.name, &pkg,
			    &why) == ERR_NOTFOUND;
}

int release_fetch(struct release_job *job, struct err *err)
{
	const char *here = job->session.env.name;
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	AUTO_ERR struct err own = ERR_INIT;
	int ret;

	if (!is_needed(job))
		return 0;
	ret = fetch_from(job, job->host, &job->view, &own);
	if (ret == ERR_UNKNOWN)
		return err_set(err, ERR_FAILED, "%s", own.msg.buf);
	if (ret < 0)
		warn(job, here, &own);
	if (ret > 0)
		job->package_from = xstrdup(here);
	settings_list_environments(&job->session.settings, &names);
	for (size_t i = 0; ret <= 0 && i < names.nr; i++) {
		AUTO_ERR struct err why = ERR_INIT;

		if (signals_check(err) < 0)
			return err->code;
		if (!strcmp(names.v[i], here))
			continue;
		ret = ask(job, names.v[i], &why);
		if (ret < 0)
			warn(job, names.v[i], &why);
		if (ret > 0)
			job->package_from = xstrdup(names.v[i]);
	}
	return signals_check(err);
}
