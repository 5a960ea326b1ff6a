#include "common/base/base.h"
#include "git-serversync/capture_commit.h"

#include "common/base/mem.h"
#include "common/git/capture_trailers.h"
#include "common/git/run_git.h"
#include "common/sys/fault.h"
#include "common/text/gitconfig.h"

#define ERRORS_MAX (64u << 10)

struct updates {
	git_tree_update *v;
	size_t nr, alloc;
};

static void updates_release(struct updates *u)
{
	free(u->v);
}

static int apply(git_repository *repo, const git_oid *from,
		 const struct updates *u, git_oid *tree, struct err *err)
{
	AUTO_TREE git_tree *base = NULL;

	if (!u->nr) {
		*tree = *from;
		return 0;
	}
	if (fault("capture tree"))
		return err_sys(err, "cannot write the tree");
	if (git_tree_lookup(&base, repo, from) < 0 ||
	    git_tree_create_updated(tree, repo, base, u->nr, u->v) < 0)
		return err_git(err, ERR_FAILED, "cannot write the tree");
	return 0;
}

/* What goes first makes room: a file may take a directory's place. */
static int apply_both(git_repository *repo, const git_oid *from,
		      const struct updates *go, const struct updates *come,
		      git_oid *tree, struct err *err)
{
	git_oid without;

	if (apply(repo, from, go, &without, err) < 0)
		return err->code;
	return apply(repo, &without, come, tree, err);
}

static void remove_path(struct updates *u, const char *path)
{
	ALLOC_GROW(u->v, u->nr + 1, u->alloc);
	u->v[u->nr++] = (git_tree_update){
		.action = GIT_TREE_UPDATE_REMOVE,
		.path = path,
	};
}

static void set_path(struct updates *u, const char *path, uint32_t mode,
		     const unsigned char *id)
{
	git_tree_update *one;

	ALLOC_GROW(u->v, u->nr + 1, u->alloc);
	one = &u->v[u->nr++];
	*one = (git_tree_update){
		.action = GIT_TREE_UPDATE_UPSERT,
		.filemode = (git_filemode_t)mode,
		.path = path,
	};
	memcpy(one->id.id, id, sizeof(one->id.id));
}

int capture_tree(git_repository *repo, const git_oid *base_tree,
		 const struct capture *c, git_oid *tree, struct err *err)
{
	CLEANUP(updates_release) struct updates go = { 0 };
	CLEANUP(updates_release) struct updates come = { 0 };

	for (size_t i = 0; i < c->nr; i++) {
		const struct capture_file *f = &c->v[i];

		if (f->taken && f->status == 'D')
			remove_path(&go, f->git_path);
		else if (f->taken)
			set_path(&come, f->git_path, f->mode, f->oid.b);
	}
	return apply_both(repo, base_tree, &go, &come, tree, err);
}

static bool has_path(git_tree *tree, const char *path)
{
	git_tree_entry *entry = NULL;
	bool has = !git_tree_entry_bypath(&entry, tree, path);

	git_tree_entry_free(entry);
	return has;
}

int capture_tree_follow(git_repository *repo, const git_oid *from,
			const struct tree_delta *changes, git_oid *tree,
			struct err *err)
{
	CLEANUP(updates_release) struct updates go = { 0 };
	CLEANUP(updates_release) struct updates come = { 0 };
	AUTO_TREE git_tree *base = NULL;

	if (git_tree_lookup(&base, repo, from) < 0)
		return err_git(err, ERR_FAILED, "cannot read a tree");
	for (size_t i = 0; i < changes->nr; i++) {
		const struct tree_change *x = &changes->v[i];

		if (x->new_mode)
			set_path(&come, x->path, x->new_mode, x->new_id.id);
		else if (has_path(base, x->path))
			remove_path(&go, x->path);
	}
	return apply_both(repo, from, &go, &come, tree, err);
}

static void add_part(struct strbuf *out, size_t nr, const char *what)
{
	if (nr)
		strbuf_addf(out, "%s%zu %s", out->len ? ", " : "", nr, what);
}

static void add_sentence(const struct capture *c, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf parts = STRBUF_INIT;
	size_t added = 0, modified = 0, deleted = 0;

	for (size_t i = 0; i < c->nr; i++) {
		const struct capture_file *f = &c->v[i];

		added += f->taken && f->status == 'A';
		modified += f->taken && f->status == 'M';
		deleted += f->taken && f->status == 'D';
	}
	add_part(&parts, modified, "modified");
	add_part(&parts, added, "added");
	add_part(&parts, deleted, "deleted");
	strbuf_addf(out,
		    "What differs on the server from the commit that is live "
		    "there:\n%s. Look at each before it is merged.\n",
		    parts.buf);
}

void capture_message(const struct capture *c, struct strbuf *out)
{
	AUTO_CAPTURE_TRAILERS struct capture_trailers t = CAPTURE_TRAILERS_INIT;

	t.server = xstrdup(c->server);
	t.release = xstrdup(c->release);
	t.version = c->version ? xstrdup(c->version) : NULL;
	t.captured_at = xstrdup(c->captured_at);
	for (size_t i = 0; i < c->nr; i++)
		if (c->v[i].taken && c->v[i].delete_reason)
			capture_trailers_delete(&t, c->v[i].git_path,
						c->v[i].delete_reason);
	strbuf_addf(out, CAPTURE_SUBJECT "%s\n\n", c->environment);
	add_sentence(c, out);
	strbuf_addch(out, '\n');
	capture_trailers_write(&t, out);
}

bool capture_commit_signs(const struct config *cfg)
{
	const char *value = config_get(cfg, "commit", NULL, "gpgsign");
	bool on;

	return value && !gitconfig_bool(value, &on) && on;
}

int capture_commit_make(const struct capture_commit_request *req,
			git_oid *commit, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf id = STRBUF_INIT;
	char hex[GIT_OID_HEXSZ + 1];

	/* What the messages are written in, whatever the user's own are. */
	strvec_pushl(&cmd.argv, "-c", "i18n.commitEncoding=UTF-8",
		     "commit-tree", NULL);
	if (req->sign)
		strvec_push(&cmd.argv, "-S");
	for (size_t i = 0; i < req->nr_parents; i++)
		strvec_pushl(&cmd.argv, "-p",
			     git_oid_tostr(hex, sizeof(hex), &req->parents[i]),
			     NULL);
	strvec_push(&cmd.argv, git_oid_tostr(hex, sizeof(hex), &req->tree));
	cmd.repo = req->repo;
	cmd.prompts = true;
	cmd.input = req->message;
	cmd.input_len = strlen(req->message);
	strbuf_limit(&id, GIT_OID_HEXSZ + 1);
	if (fault("capture commit"))
		return err_sys(err, "cannot make the commit");
	if (git_cmd_run(&cmd, &id, err) < 0)
		return err_prefix(err, "cannot make the commit");
	if (git_oid_fromstrn(commit, id.buf, GIT_OID_HEXSZ) < 0)
		return err_git(err, ERR_FAILED, "cannot make the commit");
	return 0;
}

int capture_commit_check(git_repository *repo, const git_oid *commit,
			 struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	int ret, status;

	/* All that its parents do not have; git's own check after a fetch. */
	git_oid_tostr(hex, sizeof(hex), commit);
	strvec_pushl(&cmd.argv, "rev-list", "--objects", "--quiet", NULL);
	strvec_pushf(&cmd.argv, "%s^!", hex);
	cmd.repo = repo;
	strbuf_limit(&errors, ERRORS_MAX);
	if ((ret = git_cmd_status(&cmd, NULL, &errors, &status, err)) < 0)
		return ret;
	if (!status)
		return 0;
	return git_cmd_failed(err, ERR_NOTFOUND,
			      "what was captured was removed from the "
			      "repository at once",
			      &errors);
}
