#include "common/base/base.h"
#include "git-release/branch-sync/ssh_share.h"
#include "common/base/mem.h"
#include "common/sys/proc.h"
#include "common/transport/ssh_command.h"

/* Of sun_path's 108 bytes, ssh wants 17 for a name to rename from. */
#define SOCKET_MAX 88
#define END_MS	   3000

static char *socket_of(const char *dir)
{
	struct strbuf path = STRBUF_INIT;

	strbuf_addf(&path, "%s/s", dir);
	return strbuf_detach(&path);
}

bool ssh_share_is_quiet(const struct ssh_share *share)
{
	AUTO_FREE char *path = share->dir ? socket_of(share->dir) : NULL;

	return !share->asks || !isatty(STDIN_FILENO) ||
	       !isatty(STDERR_FILENO) || (path && !access(path, F_OK));
}

static void end_connection(const struct ssh_share *share)
{
	const struct proc_talk talk = { .timeout_ms = END_MS };
	struct proc_spec spec = PROC_SPEC_INIT;
	AUTO_PROC struct proc p = PROC_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	int status;

	spec.argv = share->end.v;
	spec.out = PROC_NULL;
	spec.errors = PROC_NULL;
	if (proc_start(&p, &spec, &ignored) < 0 ||
	    proc_talk(&p, &talk, &status, &ignored) < 0)
		err_release(&ignored);
}

void ssh_share_release(struct ssh_share *share)
{
	AUTO_FREE char *path = share->dir ? socket_of(share->dir) : NULL;

	if (path) {
		if (!access(path, F_OK))
			end_connection(share);
		(void)unlink(path);
		(void)rmdir(share->dir);
	}
	free(share->dir);
	strvec_release(&share->end);
	*share = (struct ssh_share)SSH_SHARE_INIT;
}

/* "ssh://..." and "host:path"; not "https://..." and not a path. */
static bool through_ssh(const char *url, struct ssh_url *out)
{
	AUTO_ERR struct err ignored = ERR_INIT;

	if (strstr(url, "://") && strncmp(url, "ssh://", 6) != 0)
		return false;
	return !ssh_url_parse(url, out, &ignored) && !out->local;
}

/* ssh.variant and GIT_SSH_VARIANT: plink and its like know no sharing. */
static bool is_openssh(const struct config *config)
{
	const char *variant = getenv("GIT_SSH_VARIANT");

	if (!variant)
		variant = config_get(config, "ssh", NULL, "variant");
	return !variant || !strcmp(variant, "ssh") || !strcmp(variant, "auto");
}

/* Its own command line, or NULL for plain ssh. */
static const char *setting_of(const struct config *config)
{
	const char *command = getenv("GIT_SSH_COMMAND");

	if (!command || !*command)
		command = config_get(config, "core", NULL, "sshcommand");
	return command && *command ? command : NULL;
}

/* False where the user's own settings share, or ssh does not know -G. */
static bool may_share(const struct strvec *ssh, const struct ssh_url *url)
{
	AUTO_SSH_CONFIG struct ssh_config config = SSH_CONFIG_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	if (ssh_command_resolve(ssh, url, &config, &ignored) < 0)
		return false;
	return !config.control_path || !strcmp(config.control_path, "none");
}

static char *make_dir(void)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	/* ssh would take a percent sign for one of its tokens. */
	if (!run || *run != '/' || strpbrk(run, "%\"' \t\\$") ||
	    strlen(run) > SOCKET_MAX / 2 || access(run, W_OK) < 0)
		run = "/tmp";
	strbuf_addf(&path, "%s/git-branch-sync-XXXXXX", run);
	return mkdtemp(path.buf) ? strbuf_detach(&path) : NULL;
}

static void use(struct ssh_share *share, const char *setting,
		const struct strvec *ssh, const struct ssh_url *url)
{
	AUTO_FREE char *path = socket_of(share->dir);
	AUTO_STRBUF struct strbuf command = STRBUF_INIT;

	strbuf_addf(&command,
		    "%s -oControlMaster=auto -oControlPath=%s "
		    "-oControlPersist=%d",
		    setting ? setting : "ssh", path, SSH_SHARE_SECONDS);
	(void)setenv("GIT_SSH_COMMAND", command.buf, 1);
	strvec_push_all(&share->end, ssh);
	strvec_pushl(&share->end, "-O", "exit", NULL);
	strvec_pushf(&share->end, "-oControlPath=%s", path);
	ssh_command_push_login(&share->end, url);
}

void ssh_share_start(struct ssh_share *share, const struct config *config,
		     const struct strvec *urls)
{
	const char *setting = setting_of(config);
	AUTO_SSH_URL struct ssh_url url = SSH_URL_INIT;
	AUTO_STRVEC struct strvec ssh = STRVEC_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	if (urls->nr != 1)
		return;
	share->asks = strchr(urls->v[0], ':') != NULL &&
		      strncmp(urls->v[0], "file://", 7) != 0;
	if ((!setting && getenv("GIT_SSH")) || !is_openssh(config) ||
	    !through_ssh(urls->v[0], &url) ||
	    ssh_command_init(setting, &ssh, &ignored) < 0 ||
	    !may_share(&ssh, &url))
		return;
	share->dir = make_dir();
	if (share->dir)
		use(share, setting, &ssh, &url);
}
