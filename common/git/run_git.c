#include "common/base/base.h"
#include "common/git/run_git.h"
#include "common/sys/signals.h"
#include "common/text/quote.h"

extern char **environ;

/* git's own explanations are short; a hook's or a server's need not be. */
#define ERRORS_MAX	(64u << 10)
#define EXPLANATION_MAX 300

const char *const git_local_env_vars[] = {
	"GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"GIT_CONFIG",
	"GIT_CONFIG_PARAMETERS",
	"GIT_CONFIG_COUNT",
	"GIT_OBJECT_DIRECTORY",
	"GIT_DIR",
	"GIT_WORK_TREE",
	"GIT_IMPLICIT_WORK_TREE",
	"GIT_GRAFT_FILE",
	"GIT_INDEX_FILE",
	"GIT_NO_REPLACE_OBJECTS",
	"GIT_REPLACE_REF_BASE",
	"GIT_PREFIX",
	"GIT_SHALLOW_FILE",
	"GIT_COMMON_DIR",
	"GIT_INTERNAL_SUPER_PREFIX", /* until git 2.40 */
	NULL
};

void git_cmd_release(struct git_cmd *cmd)
{
	strvec_release(&cmd->argv);
	strvec_release(&cmd->env);
}

static bool may_ask(const struct git_cmd *cmd)
{
	return cmd->prompts && !signals_held();
}

static size_t name_len(const char *var)
{
	return strcspn(var, "=");
}

static bool names(const char *var, const char *name)
{
	size_t len = name_len(name);

	return name_len(var) == len && !strncmp(var, name, len);
}

static bool is_replaced(const struct git_cmd *cmd, const char *var)
{
	for (size_t i = 0; i < cmd->env.nr; i++)
		if (names(var, cmd->env.v[i]))
			return true;
	for (size_t i = 0; cmd->elsewhere && git_local_env_vars[i]; i++)
		if (names(var, git_local_env_vars[i]))
			return true;
	return names(var, "GIT_NO_REPLACE_OBJECTS") ||
	       (!may_ask(cmd) && names(var, "GIT_TERMINAL_PROMPT"));
}

static void make_env(const struct git_cmd *cmd, struct strvec *env)
{
	for (char **e = environ; *e; e++)
		if (!is_replaced(cmd, *e))
			strvec_push(env, *e);
	strvec_push(env, "GIT_NO_REPLACE_OBJECTS=1");
	if (!may_ask(cmd))
		strvec_push(env, "GIT_TERMINAL_PROMPT=0");
	for (size_t i = 0; i < cmd->env.nr; i++)
		if (strchr(cmd->env.v[i], '='))
			strvec_push(env, cmd->env.v[i]);
}

static void make_argv(const struct git_cmd *cmd, struct strvec *argv)
{
	strvec_push(argv, "git");
	if (cmd->repo)
		strvec_pushf(argv, "--git-dir=%s",
			     git_repository_path(cmd->repo));
	for (size_t i = 0; i < cmd->argv.nr; i++)
		strvec_push(argv, cmd->argv.v[i]);
}

/* For messages: "archive" of "-c x=y archive". */
static const char *command_name(const struct git_cmd *cmd)
{
	for (size_t i = 0; i < cmd->argv.nr; i++) {
		const char *arg = cmd->argv.v[i];

		if (*arg != '-')
			return arg;
		if (!strcmp(arg, "-c") || !strcmp(arg, "-C"))
			i++;
	}
	return "";
}

int git_cmd_start(const struct git_cmd *cmd, struct proc_spec *spec,
		  struct proc *out, struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	AUTO_STRVEC struct strvec env = STRVEC_INIT;
	int ret;

	make_argv(cmd, &argv);
	make_env(cmd, &env);
	spec->argv = argv.v;
	spec->env = env.v;
	spec->own_group |= signals_held();
	ret = proc_start(out, spec, err);
	spec->argv = NULL;
	spec->env = NULL;
	return ret;
}

int git_cmd_status(const struct git_cmd *cmd, struct strbuf *out,
		   struct strbuf *errors, int *status, struct err *err)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	AUTO_PROC struct proc p = PROC_INIT;
	struct proc_talk talk = {
		.input = cmd->input,
		.input_len = cmd->input_len,
		.out = out,
		.errors = errors,
		.timeout_ms = cmd->timeout_ms,
	};
	int ret;

	spec.in = cmd->input_len ? PROC_PIPE : PROC_NULL;
	spec.out = out ? PROC_PIPE : PROC_NULL;
	spec.errors = errors ? PROC_PIPE : PROC_NULL;
	if ((ret = git_cmd_start(cmd, &spec, &p, err)) < 0)
		return ret;
	if ((ret = proc_talk(&p, &talk, status, err)) < 0)
		return err_prefix(err, "git %s", command_name(cmd));
	return 0;
}

int git_cmd_run(const struct git_cmd *cmd, struct strbuf *out, struct err *err)
{
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;
	int ret, status;

	strbuf_limit(&errors, ERRORS_MAX);
	if ((ret = git_cmd_status(cmd, out, &errors, &status, err)) < 0)
		return ret;
	if (!status)
		return 0;
	strbuf_addf(&what, "git %s failed", command_name(cmd));
	return git_cmd_failed(err, ERR_FAILED, what.buf, &errors);
}

/* What the other end says, in any order, when ours gave up for a reason. */
static bool is_echo(const char *line)
{
	static const char echo[] =
		"fatal: the remote end hung up unexpectedly\n";

	return !strncmp(line, echo, sizeof(echo) - 1);
}

/* The last line that says why, else the last line at all. */
static const char *find_reason(const char *text, size_t *len)
{
	const char *best = text;
	bool found = false;

	*len = 0;
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		bool says = !strncmp(p, "fatal: ", 7) ||
			    !strncmp(p, "error: ", 7) || !strncmp(p, " ! ", 3);

		if (n && (says || !found) && !(*len && is_echo(p))) {
			best = p;
			*len = n;
			found = found || (says && !is_echo(p));
		}
		p += n + (p[n] == '\n');
	}
	if (*len > 7 &&
	    (!strncmp(best, "fatal: ", 7) || !strncmp(best, "error: ", 7))) {
		best += 7;
		*len -= 7;
	}
	return best;
}

int git_cmd_failed(struct err *err, int code, const char *what,
		   const struct strbuf *errors)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	const char *reason;
	size_t len;

	reason = find_reason(errors->buf, &len);
	if (!len)
		return err_set(err, code, "%s", what);
	quote_text(&shown, reason, len > EXPLANATION_MAX ? EXPLANATION_MAX : len);
	return err_set(err, code, "%s: %s", what, shown.buf);
}
