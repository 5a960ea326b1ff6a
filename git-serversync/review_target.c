#include "common/base/base.h"
#include "git-serversync/review_target.h"

#include "common/base/mem.h"
#include "common/git/revision.h"
#include "common/text/quote.h"

static int no_target(const struct serversync_settings *s, struct err *err)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT, remote = STRBUF_INIT;

	quote_text(&name, s->target, strlen(s->target));
	quote_text(&remote, s->remote, strlen(s->remote));
	err_set(err, ERR_FAILED,
		"the review's target, branch '%s', is neither here nor known "
		"of '%s'",
		name.buf, remote.buf);
	return err_hint(err,
			"git fetch %s %s:refs/remotes/%s/%s, or set "
			"serversync.target",
			remote.buf, name.buf, remote.buf, name.buf);
}

int review_target_find(git_repository *repo, const struct serversync_settings *s,
		       git_oid *id, char **name, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	const char *behind = "refs/remotes/";

	strbuf_addf(&ref, "%s%s/%s", behind, s->remote, s->target ?: "HEAD");
	if (!revision_of_ref(repo, ref.buf, id)) {
		if (!s->target)
			return 0;
		behind = "refs/heads/";
		strbuf_reset(&ref);
		strbuf_addf(&ref, "%s%s", behind, s->target);
		if (!revision_of_ref(repo, ref.buf, id))
			return no_target(s, err);
	}
	*name = xstrdup(ref.buf + strlen(behind));
	return 1;
}
