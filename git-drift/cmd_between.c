#include "common/base/base.h"
#include "common/model/settings_keys.h"
#include "common/text/quote.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-drift/cmd_delta.h"
#include "git-drift/drift.h"
#include "common/git/revision.h"

static const char *const usage[] = {
	"git drift between [<options>] <env> <env>", "",
	"shows which files differ between what is live on two environments", NULL
};

/* refs/deployments/<env> is the package that is live there. */
static int find_side(const struct drift_session *s, const char *env,
		     struct delta_side *side, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT, shown = STRBUF_INIT;
	int ret;

	quote_text(&shown, env, strnlen(env, 80));
	if (!settings_environment_name(env))
		return err_set(err, ERR_FAILED,
			       "'%s' cannot be the name of an environment",
			       shown.buf);
	strbuf_addf(&ref, "refs/deployments/%s", env);
	ret = repo_ref_id(s->repo, ref.buf, &side->commit, err);
	if (ret == ERR_NOTFOUND) {
		err_set(err, ERR_FAILED, "nothing is known to be live on '%s'",
			shown.buf);
		return err_hint(err,
				"git fetch origin "
				"'+refs/deployments/*:refs/deployments/*'");
	}
	if (ret < 0)
		return ret;
	side->name = env;
	return commit_tree(s->repo, &side->commit, &side->tree, err);
}

static int show(const struct cmd_delta *how, char **envs)
{
	AUTO_DRIFT_SESSION struct drift_session s = DRIFT_SESSION_INIT;
	struct delta_sides sides = { .is_drift = false };
	AUTO_ERR struct err err = ERR_INIT;

	if (drift_session_open(&s, &err) < 0 ||
	    find_side(&s, envs[0], &sides.old, &err) < 0 ||
	    find_side(&s, envs[1], &sides.new, &err) < 0)
		return report_failure(&err);
	return cmd_delta_show(how, &s, &sides);
}

int cmd_between(int argc, char **argv)
{
	struct cmd_delta how = { 0 };
	const struct opt options[] = { OPT_STRING('o', "output", &how.output,
						  "file", "write to a file"),
				       CMD_DELTA_OPTIONS(&how), OPT_END() };
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc != 2)
		return opts_usage_error(usage, options, "name two environments");
	if (how.json && (how.nul || (how.html && !*how.html)))
		return opts_usage_error(usage, options,
					"--json goes with neither -z nor "
					"--html without a file");
	return show(&how, argv);
}
