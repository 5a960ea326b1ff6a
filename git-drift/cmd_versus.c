#include "common/base/base.h"
#include "git-drift/cmd_versus.h"

#include "common/ui/report.h"
#include "common/git/revision.h"

void cmd_versus_release(struct cmd_versus *v)
{
	vendor_baseline_release(&v->baseline);
	drift_session_release(&v->session);
}

static void warn(const struct vendor_baseline *b, const char *commit)
{
	if (b->reachable)
		return;
	report_warning("'%s' is not in the history of '%s': it is only the "
		       "newest by version",
		       b->name, commit);
	report_hint("name the baseline: git drift <baseline>");
}

int cmd_versus_open(struct cmd_versus *v, const char *baseline,
		    const char *commit, struct err *err)
{
	struct drift_session *s = &v->session;
	struct delta_side *new = &v->sides.new;
	struct baseline_query q = { .revision = baseline, .head = &new->commit };

	v->sides.is_drift = true;
	new->name = commit ? commit : "HEAD";
	if (drift_session_open(s, err) < 0 ||
	    drift_session_commit(s, commit, &new->commit, err) < 0)
		return err->code;
	q.pattern = s->settings.baseline;
	if (vendor_baseline_find(s->repo, &q, &v->baseline, err) < 0 ||
	    commit_tree(s->repo, &new->commit, &new->tree, err) < 0)
		return err->code;
	warn(&v->baseline, new->name);
	v->sides.old = (struct delta_side){ .name = v->baseline.name,
					    .version = v->baseline.version,
					    .commit = v->baseline.commit,
					    .tree = v->baseline.tree };
	return 0;
}
