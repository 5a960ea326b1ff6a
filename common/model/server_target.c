#include "common/base/base.h"
#include "common/model/server_target.h"

#include "common/base/mem.h"
#include "common/text/ssh_url.h"

#include <pwd.h>
#include <sys/utsname.h>

void server_target_release(struct server_target *t)
{
	free(t->agent);
	free(t->who);
	free(t->url);
	free(t->place);
	free(t->signature);
	*t = (struct server_target)SERVER_TARGET_INIT;
}

/* Beside the program itself, never from PATH. */
static int find_agent(struct server_target *t, struct err *err)
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
	t->agent = strbuf_detach(&path);
	return 0;
}

static void find_who(git_repository *repo, struct server_target *t)
{
	AUTO_SIGNATURE git_signature *sig = NULL;
	const struct passwd *pw = getpwuid(getuid());
	struct utsname name;
	AUTO_STRBUF struct strbuf who = STRBUF_INIT;

	strbuf_addf(&who, "%s@%s", pw ? pw->pw_name : "somebody",
		    uname(&name) ? "somewhere" : name.nodename);
	t->who = strbuf_detach(&who);
	if (git_signature_default(&sig, repo) < 0) {
		t->signature = xstrdup("");
		return;
	}
	strbuf_addf(&who, "%s <%s>", sig->name, sig->email);
	t->signature = strbuf_detach(&who);
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
static int find_url(const struct server_target_request *req,
		    struct server_target *t, struct err *err)
{
	const char *url = req->env->urls.v[0];
	const char *top = git_repository_workdir(req->repo);
	AUTO_SSH_URL struct ssh_url parsed = SSH_URL_INIT;
	AUTO_STRBUF struct strbuf full = STRBUF_INIT;
	struct stat here, there;

	t->target.url = url;
	if (ssh_url_parse(url, &parsed, err) < 0)
		return err->code;
	t->place = xstrdup(parsed.local ? url : parsed.host);
	if (!parsed.local || *url == '/' || *url == '~' || !top)
		return 0;
	if (stat(".", &here) < 0 || stat(top, &there) < 0)
		return err_sys(err, "cannot find the work tree '%s'", top);
	if (here.st_dev == there.st_dev && here.st_ino == there.st_ino)
		return 0;
	strbuf_addf(&full, "%s%s", top, url); /* top ends in a slash */
	t->url = strbuf_detach(&full);
	t->target.url = t->url;
	return 0;
}

/* Whoever sits there can be asked whether a host key is the right one. */
static bool may_prompt(void)
{
	const char *prompt = getenv("GIT_TERMINAL_PROMPT");

	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO) &&
	       !(prompt && !strcmp(prompt, "0"));
}

int server_target_find(const struct server_target_request *req,
		       struct server_target *out, struct err *err)
{
	AUTO_SERVER_TARGET struct server_target t = SERVER_TARGET_INIT;
	const char *ssh = getenv("GIT_SSH_COMMAND");

	if (find_agent(&t, err) < 0 || find_url(req, &t, err) < 0)
		return err->code;
	find_who(req->repo, &t);
	t.target.kind = kind_of(req->env->transport);
	t.target.agent = t.agent;
	t.target.ssh_command =
		ssh ? ssh : config_get(req->cfg, "core", NULL, "sshcommand");
	t.target.may_prompt = may_prompt();
	t.target.verbose = out->target.verbose;
	t.target.ctx = out->target.ctx;
	*out = t;
	t = (struct server_target)SERVER_TARGET_INIT;
	return 0;
}
