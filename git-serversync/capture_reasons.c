#include "common/base/base.h"
#include "git-serversync/capture_reasons.h"

#include "common/base/mem.h"
#include "common/git/capture_trailers.h"

/* Commits of a branch that are looked at. */
#define CHAIN_MAX 100

enum heard { NOTHING = 0, THE_SAME, ANOTHER };

static void hear(git_commit *commit, const struct capture *c, enum heard *heard)
{
	AUTO_CAPTURE_TRAILERS struct capture_trailers t = CAPTURE_TRAILERS_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	if (capture_trailers_read(git_commit_message(commit), &t, &ignored) < 0)
		return;
	for (size_t i = 0; i < t.nr; i++) {
		const struct capture_file *f =
			capture_find(c, t.deletions[i].path);

		if (!f || !f->delete_reason || heard[f - c->v] != NOTHING)
			continue;
		heard[f - c->v] =
			strcmp(f->delete_reason, t.deletions[i].reason) != 0
				? ANOTHER
				: THE_SAME;
	}
}

static void hear_chain(git_repository *repo, git_oid at,
		       const struct capture *c, enum heard *heard)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		AUTO_COMMIT git_commit *commit = NULL;

		if (git_commit_lookup(&commit, repo, &at) < 0)
			return;
		hear(commit, c, heard);
		for (unsigned int n = 1; n < git_commit_parentcount(commit); n++) {
			AUTO_COMMIT git_commit *merged = NULL;

			if (!git_commit_parent(&merged, commit, n))
				hear(merged, c, heard);
		}
		if (!git_commit_parentcount(commit))
			return;
		at = *git_commit_parent_id(commit, 0);
	}
}

bool capture_reasons_given(git_repository *repo, const git_oid *tip,
			   const struct capture *c)
{
	AUTO_FREE enum heard *heard = xcalloc(c->nr + 1, sizeof(*heard));
	size_t missing = 0;

	for (size_t i = 0; i < c->nr; i++)
		missing += c->v[i].taken && c->v[i].delete_reason;
	if (!missing)
		return true;
	hear_chain(repo, *tip, c, heard);
	for (size_t i = 0; i < c->nr; i++)
		missing -= c->v[i].taken && heard[i] == THE_SAME;
	return !missing;
}
