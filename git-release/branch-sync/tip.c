#include "common/base/base.h"
#include "git-release/branch-sync/tip.h"

bool tip_diverged(const struct tip *tip)
{
	return tip->class != TIP_CURRENT && tip->class != TIP_BEHIND;
}

static int reaches(git_repository *repo, const git_oid *from, const git_oid *to,
		   struct err *err)
{
	int ret = git_graph_descendant_of(repo, from, to);

	return ret < 0 ? err_git(err, ERR_FAILED, "cannot follow the history")
		       : ret;
}

int tip_judge(git_repository *repo, const git_oid *source, struct tip *tip,
	      struct err *err)
{
	size_t ahead, behind;
	int ret;

	tip->judged = true;
	if (git_oid_equal(source, &tip->id)) {
		tip->class = TIP_CURRENT;
		return 0;
	}
	if (git_graph_ahead_behind(&ahead, &behind, repo, &tip->id, source) < 0)
		return err_git(err, ERR_FAILED, "cannot follow the history");
	/*
	 * The counts may be too high where clocks were wrong, as git's own
	 * may; what decides does not depend on dates.
	 */
	if ((ret = reaches(repo, source, &tip->id, err)) < 0)
		return ret;
	if (ret) {
		tip->class = TIP_BEHIND;
		tip->ahead = 0;
		tip->behind = behind ? behind : 1;
		return 0;
	}
	if ((ret = reaches(repo, &tip->id, source, err)) < 0)
		return ret;
	tip->class = ret ? TIP_AHEAD : TIP_REAL;
	tip->ahead = ahead ? ahead : 1;
	tip->behind = ret ? 0 : behind;
	return 0;
}
