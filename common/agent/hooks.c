#include "common/base/base.h"
#include "common/agent/hooks.h"

#include "common/agent/event_log.h"
#include "common/agent/hook_process.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/text/quote.h"

static void add_env(struct strvec *env, const char *name, const char *value)
{
	strvec_pushf(env, "GIT_RELEASE_%s=%s", name, value ? value : "");
}

/* The commit, as every release of ours and of other tools says it. */
static void read_revision(struct agent *a, const char *id, struct strbuf *out)
{
	AUTO_ERR struct err ignored = ERR_INIT;
	AUTO_FD int dir = openat(a->releases_fd, id,
				 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0 || file_read(dir, "REVISION", 128, out, &ignored) < 0)
		return;
	strbuf_setlen(out, strspn(out->buf, "0123456789abcdef"));
}

static void fill_env(struct agent *a, const char *point,
		     const struct hook_context *h, struct strvec *env)
{
	AUTO_STRBUF struct strbuf revision = STRBUF_INIT;

	read_revision(a, h->id, &revision);
	add_env(env, "HOOK", point);
	add_env(env, "ENV", message_get(h->m, "environment"));
	add_env(env, "VERSION", message_get(h->m, "number"));
	add_env(env, "TAG", message_get(h->m, "tag"));
	add_env(env, "COMMIT", revision.buf);
	add_env(env, "PACKAGE", h->package);
	add_env(env, "ID", h->id);
	add_env(env, "PREVIOUS", h->previous);
	add_env(env, "ROOT", a->root);
	add_env(env, "LOCK_TOKEN", a->token);
	strvec_pushf(env, "GIT_RELEASE_PATH=%s/releases/%s", a->root, h->id);
	strvec_pushf(env, "GIT_RELEASE_SHARED=%s/shared", a->root);
}

static int describe(const struct hook_result *r, const char *point,
		    const char *command, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, command,
		   strlen(command) < 200 ? strlen(command) : 200);
	if (r->timed_out)
		return err_set(err, ERR_UNDONE, "%sHook '%s' did not end in time",
			       point, shown.buf);
	if (r->signal)
		return err_set(err, ERR_UNDONE,
			       "%sHook '%s' was killed by signal %d", point,
			       shown.buf, r->signal);
	return err_set(err, ERR_UNDONE, "%sHook '%s' failed with status %d",
		       point, shown.buf, r->status);
}

static int run_one(struct agent *a, const char *point, const char *value,
		   const struct hook_context *h, struct err *err)
{
	AUTO_STRVEC struct strvec env = STRVEC_INIT;
	AUTO_FD int cwd = openat(a->releases_fd, h->id,
				 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	AUTO_FD int log = release_log_open(a, h->id);
	const bool warn = value[0] == 'w';
	struct hook_result result = { 0 };
	struct hook_process p = {
		.command = value + 2,
		.env = &env,
		.cwd_fd = cwd,
		.log_fd = log,
		.timeout = h->timeout,
	};

	if (cwd < 0 || fault("hook"))
		return err_sys(err, "cannot enter release '%s'", h->id);
	fill_env(a, point, h, &env);
	if (hook_process_run(a, &p, &result, err) < 0)
		return err->code;
	if (!result.timed_out && !result.signal && !result.status)
		return 0;
	describe(&result, point, p.command, err);
	if (!warn)
		return err->code;
	agent_tell(a, "warn", "%s", err->msg.buf);
	return 0;
}

int hooks_run(struct agent *a, const char *point, const struct hook_context *h,
	      size_t *ran, struct err *err)
{
	char key[16];
	const char *value;
	size_t at = 0;

	snprintf(key, sizeof(key), "%s-hook", point);
	while ((value = message_next(h->m, key, &at))) {
		int ret;

		if (!value[0] || value[1] != ' ' || !value[2])
			return err_set(err, ERR_FAILED, "an empty hook came");
		ret = run_one(a, point, value, h, err);
		if (ret < 0)
			return ret;
		(*ran)++;
	}
	return 0;
}
