#include "common/base/base.h"
#include "git-release/build_run.h"
#include "common/sys/proc.h"
#include "common/text/quote.h"

#include <strings.h>

extern char **environ;

static bool is_allowed(const char *var)
{
	static const char *const names[] = {
		"PATH",		"HOME",	     "USER",	   "LOGNAME",
		"SHELL",	"TMPDIR",    "LANG",	   "http_proxy",
		"https_proxy",	"no_proxy",  "HTTP_PROXY", "HTTPS_PROXY",
		"NO_PROXY",	"all_proxy", "ALL_PROXY",  "SSL_CERT_FILE",
		"SSL_CERT_DIR",
	};
	size_t len = strcspn(var, "=");

	if (!strncmp(var, "LC_", 3))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == len && !strncmp(var, names[i], len))
			return true;
	return false;
}

static void make_env(const char *ceiling, const struct version_tag *tag,
		     struct strvec *env)
{
	char hex[GIT_OID_HEXSZ + 1];

	for (char **e = environ; *e; e++)
		if (is_allowed(*e))
			strvec_push(env, *e);
	git_oid_tostr(hex, sizeof(hex), &tag->commit);
	strvec_push(env, "TERM=dumb");
	strvec_pushf(env, "GIT_CEILING_DIRECTORIES=%s", ceiling);
	strvec_pushf(env, "GIT_RELEASE_VERSION=%s", tag->version);
	strvec_pushf(env, "GIT_RELEASE_TAG=%s", tag->name);
	strvec_pushf(env, "GIT_RELEASE_COMMIT=%s", hex);
}

static int pass_output(void *ctx, const char *data, size_t len,
		       struct err *err UNUSED)
{
	const struct build_request *req = ctx;

	if (req->output)
		req->output(req->ctx, data, len);
	return 0;
}

static int run_one(int dir, char *const *env, const char *command,
		   const struct build_request *req, struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	AUTO_PROC struct proc p = PROC_INIT;
	struct proc_talk talk = { .on_output = pass_output };
	int ret, status = 0;

	strvec_pushl(&argv, "sh", "-c", command, NULL);
	spec.argv = argv.v;
	spec.env = env;
	spec.dirfd = dir;
	spec.out = PROC_PIPE;
	spec.errors = PROC_STDOUT;
	spec.own_group = true;
	talk.ctx = (void *)(uintptr_t)req;
	if ((ret = proc_start(&p, &spec, err)) < 0 ||
	    (ret = proc_talk(&p, &talk, &status, err)) < 0)
		return ret;
	if (status) {
		AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

		quote_text(&shown, command, strlen(command));
		return err_set(err, ERR_UNDONE, "'%s' failed with status %d",
			       shown.buf, status);
	}
	return 0;
}

int build_run(int dir, const char *ceiling, const struct strvec *commands,
	      const struct build_request *req, struct err *err)
{
	AUTO_STRVEC struct strvec env = STRVEC_INIT;
	int ret;

	make_env(ceiling, req->tag, &env);
	for (size_t i = 0; i < commands->nr; i++) {
		if (req->step)
			req->step(req->ctx, commands->v[i]);
		ret = run_one(dir, env.v, commands->v[i], req, err);
		if (ret < 0)
			return ret;
	}
	return 0;
}
