#include "common/base/base.h"
#include "git-drift/predicted_merge.h"

#include "common/git/ref_transaction.h"
#include "common/git/run_git.h"
#include "common/text/quote.h"

static int check_branch(git_repository *repo, const char *branch,
			const char *ref, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	int valid = 0;
	git_oid id;

	quote_text(&shown, branch, strlen(branch));
	if (git_branch_name_is_valid(&valid, branch) < 0 || !valid)
		return err_set(err, ERR_REFUSED, "'%s' cannot be a branch",
			       shown.buf);
	if (!git_reference_name_to_id(&id, repo, ref)) {
		err_set(err, ERR_REFUSED, "the branch '%s' exists", shown.buf);
		return err_hint(err, "a merge is only made on a branch of its "
				     "own; name another one");
	}
	return 0;
}

static void write_message(const struct predicted_merge *m,
			  const struct prediction *p, struct strbuf *out)
{
	strbuf_addf(out, "Merge %s into %s\n", m->their_label, m->our_label);
	if (!p->decisions)
		return;
	strbuf_addstr(out, "\nConflicts, not resolved yet:\n");
	for (size_t i = 0; i < p->nr; i++) {
		const struct forecast *f = &p->v[i];

		if (!fate_needs_decision(f->fate))
			continue;
		strbuf_addf(out, "    %s: ", fate_name(f->fate));
		quote_path(out, f->path, strlen(f->path), true);
		strbuf_addch(out, '\n');
	}
}

/* By git, for the identity and the encoding that the user has set up. */
static int write_commit(git_repository *repo, const struct predicted_merge *m,
			const struct prediction *p, git_oid *commit,
			struct err *err)
{
	char tree[GIT_OID_HEXSZ + 1], ours[GIT_OID_HEXSZ + 1];
	char theirs[GIT_OID_HEXSZ + 1];
	AUTO_STRBUF struct strbuf message = STRBUF_INIT, hex = STRBUF_INIT;
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	git_oid id;

	if (predicted_merge_tree(repo, m, p, &id, err) < 0)
		return err->code;
	git_oid_tostr(tree, sizeof(tree), &id);
	git_oid_tostr(ours, sizeof(ours), &m->ours);
	git_oid_tostr(theirs, sizeof(theirs), &m->theirs);
	write_message(m, p, &message);
	strvec_pushl(&cmd.argv, "commit-tree", tree, "-p", ours, "-p", theirs,
		     NULL);
	cmd.repo = repo;
	cmd.input = message.buf;
	cmd.input_len = message.len;
	strbuf_limit(&hex, GIT_OID_HEXSZ + 1);
	if (git_cmd_run(&cmd, &hex, err) < 0) {
		err_prefix(err, "cannot write the merge");
		return err_hint(err, "git config --global user.name <name>, "
				     "and user.email <address>");
	}
	if (hex.len < GIT_OID_HEXSZ ||
	    git_oid_fromstrn(commit, hex.buf, GIT_OID_HEXSZ) < 0)
		return err_set(err, ERR_FAILED, "git commit-tree gave no commit");
	return 0;
}

int predicted_merge_make(git_repository *repo, const struct predicted_merge *m,
			 const struct prediction *prediction, git_oid *commit,
			 struct err *err)
{
	AUTO_REF_TRANSACTION struct ref_transaction tx = REF_TRANSACTION_INIT;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT, reason = STRBUF_INIT;
	const git_oid none = { { 0 } };
	git_oid made;

	strbuf_addf(&ref, "refs/heads/%s", m->branch);
	if (check_branch(repo, m->branch, ref.buf, err) < 0 ||
	    write_commit(repo, m, prediction, &made, err) < 0)
		return err->code;
	strbuf_addf(&reason, "drift predict: merge of %s", m->their_label);
	if (ref_transaction_start(&tx, repo, reason.buf, err) < 0 ||
	    ref_transaction_move(&tx, ref.buf, &none, &made, err) < 0 ||
	    ref_transaction_prepare(&tx, err) < 0 ||
	    ref_transaction_commit(&tx, err) < 0)
		return err->code;
	*commit = made;
	return 0;
}
