#include "common/base/base.h"
#include "git-serversync/branch_place.h"

#include "common/base/mem.h"
#include "common/git/checkout.h"
#include "common/git/ref_transaction.h"
#include "common/git/remote.h"
#include "common/sys/fault.h"
#include "common/sys/signals.h"
#include "common/text/quote.h"

void branch_place_release(struct branch_place *p)
{
	free(p->name);
	free(p->ref);
	free(p->remote);
	worktrees_release(&p->trees);
	*p = (struct branch_place)BRANCH_PLACE_INIT;
}

/* Where it is pushed to: that is what moves, and what is read back. */
static int ask_remote(struct branch_place *p, struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	const struct remote_ref *found;
	AUTO_OBJECT git_object *object = NULL;
	int ret;

	strvec_push(&names, p->ref);
	if ((ret = remote_list_pushed(p->repo, p->remote, &names, &refs, err)) < 0)
		return ret;
	found = remote_refs_find(&refs, p->ref);
	if (!found)
		return 0;
	p->is_there = true;
	p->there = found->id;
	if (!git_object_lookup(&object, p->repo, &p->there, GIT_OBJECT_COMMIT))
		return 0;
	if (fault("branch fetch"))
		return err_sys(err, "cannot fetch");
	if ((ret = remote_fetch(p->repo, p->remote, &names, err)) < 0)
		return ret;
	if (!git_object_lookup(&object, p->repo, &p->there, GIT_OBJECT_COMMIT))
		return 0;
	return err_set(err, ERR_REFUSED,
		       "'%s' moved on '%s' while it was looked at", p->name,
		       p->remote);
}

static int diverged(const struct branch_place *p, struct err *err)
{
	char here[8], there[8];

	git_oid_tostr(here, sizeof(here), &p->here);
	git_oid_tostr(there, sizeof(there), &p->there);
	err_set(err, ERR_REFUSED,
		"'%s' is not the same here (%s) and on '%s' (%s): each has "
		"commits that the other lacks",
		p->name, here, p->remote, there);
	return err_hint(err, "git log --left-right %s...%s", here, there);
}

static int find_tip(struct branch_place *p, struct err *err)
{
	int ahead;

	p->tip = p->is_here ? p->here : p->there;
	if (!p->is_here || !p->is_there || git_oid_equal(&p->here, &p->there))
		return 0;
	ahead = git_graph_descendant_of(p->repo, &p->here, &p->there);
	if (ahead < 0)
		return err_git(err, ERR_FAILED, "cannot compare commits");
	if (ahead)
		return 0;
	ahead = git_graph_descendant_of(p->repo, &p->there, &p->here);
	if (ahead < 0)
		return err_git(err, ERR_FAILED, "cannot compare commits");
	p->tip = p->there;
	return ahead ? 0 : diverged(p, err);
}

int branch_place_find(struct branch_place *p,
		      const struct branch_place_request *r, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	int ret;

	strbuf_addf(&ref, "refs/heads/%s", r->name);
	p->repo = r->repo;
	p->name = xstrdup(r->name);
	p->ref = strbuf_detach(&ref);
	if (remote_exists(r->repo, r->remote))
		p->remote = xstrdup(r->remote);
	ret = repo_ref_id(r->repo, p->ref, &p->here, err);
	p->is_here = !ret;
	if (ret < 0 && ret != ERR_NOTFOUND)
		return ret;
	if (p->remote && (r->ask || !p->is_here) && (ret = ask_remote(p, err)) < 0)
		return ret;
	if (p->is_here || p->is_there)
		return find_tip(p, err);
	if (!p->remote)
		return err_set(err, ERR_NOTFOUND, "there is no branch '%s'",
			       p->name);
	return err_set(err, ERR_NOTFOUND,
		       "there is no branch '%s', neither here nor on '%s'",
		       p->name, p->remote);
}

bool branch_place_pushes(const struct branch_place *p,
			 const struct branch_move *m)
{
	return m->push && p->is_there && !git_oid_equal(&p->there, &m->to);
}

/* Where the remote has it, the commit is held there. */
static bool moves_here(const struct branch_place *p, const struct branch_move *m)
{
	if (p->is_here)
		return !git_oid_equal(&p->here, &m->to);
	return !m->push;
}

static int check_busy(const struct branch_place *p, const struct worktree *tree,
		      struct err *err)
{
	const char *what = worktree_busy(tree, p->ref);
	const char *where = tree->path ? tree->path : tree->git_dir;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	if (!what)
		return 0;
	quote_text(&path, where, strlen(where));
	err_set(err, ERR_REFUSED, "%s of '%s' is under way in '%s'", what,
		p->name, path.buf);
	return err_hint(err, "git -C %s status says how to end it", path.buf);
}

/* The next work tree that has it checked out, from the i-th on. */
static bool next_checkout(const struct branch_place *p,
			  const struct branch_move *m, size_t *i,
			  struct checkout *c)
{
	while (p->is_here && *i < p->trees.nr) {
		const struct worktree *tree = &p->trees.v[(*i)++];

		if (!tree->head || !tree->path || strcmp(tree->head, p->ref))
			continue;
		*c = (struct checkout){ .repo = p->repo,
					.tree = tree,
					.branch = p->name,
					.again = m->again,
					.from = p->here,
					.to = m->to };
		return true;
	}
	return false;
}

static int check_trees(struct branch_place *p, const struct branch_move *m,
		       struct err *err)
{
	int ret = worktrees_list(p->repo, &p->trees, err);
	struct checkout c;

	for (size_t i = 0; !ret && i < p->trees.nr; i++)
		ret = check_busy(p, &p->trees.v[i], err);
	for (size_t i = 0; !ret && next_checkout(p, m, &i, &c);)
		ret = checkout_check(&c, err);
	return ret;
}

/* The first "nr" work trees go back to where they were. */
static int move_back(const struct branch_place *p, const struct branch_move *m,
		     size_t nr, struct err *err)
{
	AUTO_ERR struct err lost = ERR_INIT;
	struct checkout c;

	for (size_t i = 0; next_checkout(p, m, &i, &c) && i <= nr;) {
		struct checkout back = c;

		back.from = c.to;
		back.to = c.from;
		if (checkout_move(&back, &lost) < 0)
			strbuf_addf(&err->msg, "; '%s' cannot be taken back: %s",
				    c.branch, lost.msg.buf);
	}
	return err->code;
}

static int move_here(struct branch_place *p, const struct branch_move *m,
		     struct ref_transaction *tx, struct err *err)
{
	struct checkout c;

	for (size_t i = 0; next_checkout(p, m, &i, &c);)
		if (checkout_move(&c, err) < 0)
			return move_back(p, m, i - 1, err);
	if (fault("branch refs")) {
		err_sys(err, "cannot move '%s'", p->name);
		return move_back(p, m, p->trees.nr, err);
	}
	if (ref_transaction_commit(tx, err) < 0)
		return move_back(p, m, p->trees.nr, err);
	(void)fault("branch done");
	return 0;
}

static int lock_here(struct branch_place *p, const struct branch_move *m,
		     struct ref_transaction *tx, struct err *err)
{
	int ret;

	if (fault("branch lock"))
		return err_sys(err, "cannot lock '%s'", p->name);
	if ((ret = repo_sync_objects(p->repo, err)) < 0 ||
	    (ret = ref_transaction_start(tx, p->repo, m->message, err)) < 0)
		return ret;
	/* All zero where it is not here. */
	ret = ref_transaction_move(tx, p->ref, &p->here, &m->to, err);
	if (ret < 0 || (ret = ref_transaction_prepare(tx, err)) >= 0 ||
	    !strstr(err->msg.buf, "cannot lock ref"))
		return ret;
	return err_hint(err, "somebody else moves it; %s", m->again);
}

static int unknown(const struct branch_place *p, struct err *err)
{
	err->code = ERR_UNKNOWN;
	return err_hint(err, "git ls-remote %s %s shows where it is", p->remote,
			p->ref);
}

static int explain_refusal(const struct branch_move *m, struct err *err)
{
	if (strstr(err->msg.buf, "stale info") ||
	    strstr(err->msg.buf, "failed to update ref") ||
	    strstr(err->msg.buf, "cannot lock ref"))
		return err_hint(err, "somebody else moved it; %s", m->again);
	/* Without a ref that was rejected: a pre-push hook said no. */
	if (strstr(err->msg.buf, "failed to push some refs"))
		err->code = ERR_REFUSED;
	return err->code;
}

static int look_there(const struct branch_place *p, struct remote_refs *refs,
		      struct err *err)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;

	strvec_push(&names, p->ref);
	if (fault("branch read back"))
		return err_sys(err, "cannot read '%s'", p->remote);
	return remote_list_pushed(p->repo, p->remote, &names, refs, err);
}

/* "pushed" is what git made of it, err its words. */
static int read_back(const struct branch_place *p, const struct branch_move *m,
		     int pushed, struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_ERR struct err lost = ERR_INIT;
	const struct remote_ref *now;

	if (look_there(p, &refs, &lost) < 0) {
		err_set(err, ERR_UNKNOWN,
			"it is not known whether '%s' moved on '%s': %s",
			p->name, p->remote, lost.msg.buf);
		return unknown(p, err);
	}
	now = remote_refs_find(&refs, p->ref);
	if (now && git_oid_equal(&now->id, &m->to)) {
		err_release(err);
		return 0;
	}
	if (pushed < 0)
		return explain_refusal(m, err);
	err_set(err, ERR_UNKNOWN, "'%s' is not where it was pushed to on '%s'",
		p->name, p->remote);
	return unknown(p, err);
}

static int check_urls(const struct branch_place *p, struct err *err)
{
	AUTO_STRVEC struct strvec urls = STRVEC_INIT;
	int ret = remote_urls(p->repo, p->remote, true, &urls, err);

	if (ret < 0 || !remote_check_urls(p->remote, &urls, err))
		return ret;
	return err_hint(err, "git config serversync.remote <name> names one "
			     "that has a single url");
}

static int push(const struct branch_place *p, const struct branch_move *m,
		struct err *err)
{
	AUTO_STRVEC struct strvec options = STRVEC_INIT, specs = STRVEC_INIT;
	char old[GIT_OID_HEXSZ + 1], new[GIT_OID_HEXSZ + 1];

	if (fault("branch push"))
		return err_sys(err, "cannot push to '%s'", p->remote);
	git_oid_tostr(old, sizeof(old), &p->there);
	git_oid_tostr(new, sizeof(new), &m->to);
	strvec_pushf(&options, "--force-with-lease=%s:%s", p->ref, old);
	strvec_pushf(&specs, "%s:%s", new, p->ref);
	return read_back(p, m,
			 remote_push(p->repo, p->remote, &options, &specs, err),
			 err);
}

/* The remote has it already: what stays behind here is easily mended. */
static int left_behind(const struct branch_place *p, struct err *err)
{
	err_prefix(err, "'%s' has moved on '%s', but not here", p->name,
		   p->remote);
	err->code = ERR_UNKNOWN;
	return err_hint(err, "git fetch %s; git status", p->remote);
}

int branch_place_move(struct branch_place *p, const struct branch_move *m,
		      struct err *err)
{
	AUTO_REF_TRANSACTION struct ref_transaction tx = REF_TRANSACTION_INIT;
	bool pushes = branch_place_pushes(p, m);
	int ret = 0;

	if (pushes && (ret = check_urls(p, err)) < 0)
		return ret;
	if (moves_here(p, m) && ((ret = check_trees(p, m, err)) < 0 ||
				 (ret = lock_here(p, m, &tx, err)) < 0))
		return ret;
	if ((ret = signals_check(err)) < 0 ||
	    (pushes && (ret = push(p, m, err)) < 0))
		return ret;
	if (!moves_here(p, m))
		return 0;
	signals_hold(true);
	ret = move_here(p, m, &tx, err);
	signals_hold(false);
	return ret < 0 && pushes ? left_behind(p, err) : ret;
}
