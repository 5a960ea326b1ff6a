#include "common/base/base.h"
#include "common/git/git_identity.h"

#include "common/git/run_git.h"

#define IDENTITY_MAX 4096

int git_identity_find(git_repository *repo, const char *which,
		      struct strbuf *out, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;

	strvec_pushl(&cmd.argv, "var", which, NULL);
	cmd.repo = repo;
	strbuf_limit(out, IDENTITY_MAX);
	if (git_cmd_run(&cmd, out, err) < 0)
		return err_hint(err, "git config --global user.name <name>, "
				     "and user.email <address>");
	strbuf_setlen(out, strcspn(out->buf, "\n"));
	return 0;
}
