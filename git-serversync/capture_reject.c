#include "common/base/base.h"
#include "git-serversync/capture_reject.h"

#include "common/base/mem.h"
#include "common/git/revision.h"
#include "common/git/tree_delta.h"
#include "common/sys/fault.h"
#include "common/text/quote.h"
#include "common/text/relpath.h"
#include "git-serversync/capture_commit.h"

void capture_reject_release(struct capture_reject *r)
{
	if (r->delta)
		tree_delta_release(r->delta);
	free(r->delta);
	serversync_settings_release(&r->settings);
	branch_place_release(&r->place);
	capture_branch_release(&r->captured);
	strvec_release(&r->paths);
	strvec_release(&r->edited);
}

static int load_settings(struct capture_reject *r, struct err *err)
{
	AUTO_STRBUF struct strbuf env = STRBUF_INIT, shown = STRBUF_INIT;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	int valid = 0;

	quote_text(&shown, r->branch, strnlen(r->branch, 200));
	strbuf_addf(&ref, "refs/heads/%s", r->branch);
	if (!capture_branch_environment(r->branch, &env) ||
	    git_reference_name_is_valid(&valid, ref.buf) < 0 || !valid)
		return err_set(err, ERR_FAILED,
			       "'%s' is no branch of a capture, which is "
			       "called " CAPTURE_BRANCH_PREFIX
			       "<environment>/<time>",
			       shown.buf);
	return serversync_settings_load(r->repo, r->cfg, env.buf, &r->settings,
					err);
}

static int find_delta(git_repository *repo, const git_oid *from,
		      const git_oid *to, struct tree_delta *out, struct err *err)
{
	git_oid old, new;
	int ret;

	if ((ret = commit_tree(repo, from, &old, err)) < 0 ||
	    (ret = commit_tree(repo, to, &new, err)) < 0)
		return ret;
	return tree_delta_find(repo, &old, &new, out, err);
}

/* Where the target was merged into the branch, a file may be newer there. */
static int find_before(struct capture_reject *r, struct err *err)
{
	const struct capture_branch *b = &r->captured;
	int later = git_graph_descendant_of(r->repo, &b->common, &b->live);

	if (later < 0)
		return err_git(err, ERR_FAILED, "cannot compare commits");
	r->before = later ? b->common : b->live;
	r->delta = xcalloc(1, sizeof(*r->delta));
	return find_delta(r->repo, &r->before, &b->tip, r->delta, err);
}

static bool is_meant(const char *path, const char *name)
{
	return *name && relpath_within(path, name);
}

static void take(const struct tree_delta *d, const char *name, struct strvec *out)
{
	for (size_t i = 0; i < d->nr; i++)
		if (is_meant(d->v[i].path, name))
			strvec_push(out, d->v[i].path);
}

static void add_state(struct strvec *out, const struct tree_change *c)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), &c->new_id);
	strvec_pushf(out, "%s %" PRIo32 " %s", hex, c->new_mode, c->path);
}

/*
 * Every path that a capture of this branch brought, and as what, in any order.
 */
static int find_captured(const struct capture_reject *r, struct strvec *out,
			 struct strvec *states, struct err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < r->captured.nr; i++) {
		AUTO_TREE_DELTA struct tree_delta d = TREE_DELTA_INIT;
		const struct capture_said *said = &r->captured.v[i];
		AUTO_COMMIT git_commit *commit = NULL;

		if (!said->is_capture)
			continue;
		if (git_commit_lookup(&commit, r->repo, &said->id) < 0)
			return err_git(err, ERR_FAILED, "cannot read a commit");
		ret = find_delta(r->repo, git_commit_parent_id(commit, 0),
				 &said->id, &d, err);
		for (size_t k = 0; k < d.nr; k++) {
			strvec_push(out, d.v[k].path);
			add_state(states, &d.v[k]);
		}
	}
	return ret;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A sorted list of owned names, each of them once. */
static void sort(struct strvec *list)
{
	size_t kept = 0;

	if (!list->nr)
		return;
	qsort(list->v, list->nr, sizeof(*list->v), by_name);
	for (size_t i = 1; i < list->nr; i++) {
		if (!strcmp(list->v[i], list->v[kept]))
			free(list->v[i]);
		else
			list->v[++kept] = list->v[i];
	}
	list->nr = kept + 1;
	list->v[list->nr] = NULL;
}

static bool has(const struct strvec *sorted, const char *path)
{
	return sorted->nr && bsearch(&path, sorted->v, sorted->nr,
				     sizeof(*sorted->v), by_name);
}

static bool names_captured(const struct strvec *captured, const char *name)
{
	for (size_t i = 0; i < captured->nr; i++)
		if (is_meant(captured->v[i], name))
			return true;
	return false;
}

static int not_captured(const struct capture_reject *r, const char *name,
			struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	char before[11], tip[11];

	quote_text(&shown, name, strnlen(name, 200));
	git_oid_tostr(before, sizeof(before), &r->before);
	git_oid_tostr(tip, sizeof(tip), &r->place.tip);
	err_set(err, ERR_NOTFOUND, "'%s' is no part of the capture on '%s'",
		shown.buf, r->branch);
	return err_hint(err, "git diff --name-status %s %s lists its files",
			before, tip);
}

/* Only what git itself could have as a path will be found. */
static void trim(const char *typed, struct strbuf *out)
{
	while (typed[0] == '.' && typed[1] == '/')
		for (typed += 2; *typed == '/';)
			typed++;
	strbuf_addstr(out, typed);
	while (out->len && out->buf[out->len - 1] == '/')
		strbuf_setlen(out, out->len - 1);
}

/* As it is typed, or as the review writes a name of odd characters. */
static bool find_name(const struct strvec *captured, const char *typed,
		      struct strbuf *out)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;

	trim(typed, out);
	if (names_captured(captured, out->buf))
		return true;
	strbuf_reset(out);
	if (quote_path_undo(typed, strlen(typed), &raw) < 0)
		return false;
	trim(raw.buf, out);
	return names_captured(captured, out->buf);
}

/* What is as no capture has left it, somebody has had a hand in. */
static void find_edited(struct capture_reject *r, const struct strvec *states)
{
	for (size_t i = 0; i < r->paths.nr; i++) {
		AUTO_STRVEC struct strvec now = STRVEC_INIT;

		add_state(&now, tree_delta_get(r->delta, r->paths.v[i]));
		if (!has(states, now.v[0]))
			strvec_push(&r->edited, r->paths.v[i]);
	}
}

static int choose(struct capture_reject *r, char *const *names, struct err *err)
{
	AUTO_STRVEC struct strvec captured = STRVEC_INIT, all = STRVEC_INIT;
	AUTO_STRVEC struct strvec states = STRVEC_INIT;
	int ret = find_captured(r, &captured, &states, err);

	if (ret < 0)
		return ret;
	sort(&captured);
	sort(&states);
	for (; *names; names++) {
		AUTO_STRBUF struct strbuf name = STRBUF_INIT;

		if (!find_name(&captured, *names, &name))
			return not_captured(r, *names, err);
		take(r->delta, name.buf, &all);
	}
	sort(&all);
	for (size_t i = 0; i < all.nr; i++)
		if (has(&captured, all.v[i]))
			strvec_push(&r->paths, all.v[i]);
	find_edited(r, &states);
	return 0;
}

int capture_reject_open(struct capture_reject *r, char *const *names, bool ask,
			struct err *err)
{
	struct branch_place_request place = { .repo = r->repo,
					      .name = r->branch,
					      .ask = ask };
	struct capture_branch_request captured = { .repo = r->repo,
						   .settings = &r->settings };
	int ret;

	if ((ret = load_settings(r, err)) < 0)
		return ret;
	place.remote = r->settings.remote;
	if ((ret = branch_place_find(&r->place, &place, err)) < 0)
		return ret;
	captured.tip = r->place.tip;
	if ((ret = capture_branch_read(&captured, &r->captured, err)) < 0)
		return err_prefix(err, "%s", r->branch);
	if ((ret = find_before(r, err)) < 0)
		return ret;
	return choose(r, names, err);
}

/* Of one kind: what was not there before, or what was. */
static int change(struct capture_reject *r, bool remove, git_oid *tree_id,
		  struct err *err)
{
	AUTO_FREE git_tree_update *updates =
		xcalloc(r->paths.nr + 1, sizeof(*updates));
	AUTO_TREE git_tree *tree = NULL;
	size_t nr = 0;

	for (size_t i = 0; i < r->paths.nr; i++) {
		const struct tree_change *c =
			tree_delta_get(r->delta, r->paths.v[i]);

		if (!c || remove != !c->old_mode)
			continue;
		updates[nr++] = (git_tree_update){
			.action = remove ? GIT_TREE_UPDATE_REMOVE
					 : GIT_TREE_UPDATE_UPSERT,
			.id = c->old_id,
			.filemode = (git_filemode_t)c->old_mode,
			.path = r->paths.v[i],
		};
	}
	if (!nr)
		return 0;
	if (git_tree_lookup(&tree, r->repo, tree_id) < 0)
		return err_git(err, ERR_FAILED, "cannot read a tree");
	if (git_tree_create_updated(tree_id, r->repo, tree, nr, updates) < 0)
		return err_git(err, ERR_REFUSED,
			       "what was there before cannot be put back: name "
			       "what stands in its place, too");
	return 0;
}

static int add_message(const struct capture_reject *r, struct strbuf *out,
		       struct err *err)
{
	struct capture_trailers t = { .rejected = r->paths };

	strbuf_addf(out,
		    "Reject %zu file%s of the capture\n\n%s as before it.\n\n",
		    r->paths.nr, r->paths.nr == 1 ? "" : "s",
		    r->paths.nr == 1 ? "It is" : "They are");
	capture_trailers_write(&t, out);
	if (out->len <= CAPTURE_MESSAGE_MAX)
		return 0;
	return err_set(err, ERR_REFUSED,
		       "%zu files are too many for one commit to name",
		       r->paths.nr);
}

static int write_commit(struct capture_reject *r, const git_oid *tree,
			struct err *err)
{
	struct capture_commit_request req = { .repo = r->repo,
					      .tree = *tree,
					      .parents = { r->place.tip },
					      .nr_parents = 1,
					      .sign = capture_commit_signs(
						      r->cfg) };
	AUTO_STRBUF struct strbuf message = STRBUF_INIT;

	if (fault("reject commit"))
		return err_sys(err, "cannot make a commit");
	if (add_message(r, &message, err) < 0)
		return err->code;
	req.message = message.buf;
	return capture_commit_make(&req, &r->commit, err);
}

int capture_reject_commit(struct capture_reject *r, struct err *err)
{
	git_oid tree, before;
	int ret;

	if ((ret = commit_tree(r->repo, &r->place.tip, &tree, err)) < 0 ||
	    (ret = commit_tree(r->repo, &r->before, &before, err)) < 0)
		return ret;
	r->commit = r->place.tip;
	/* What goes first makes room, where a file has become a directory. */
	if (r->paths.nr && ((ret = change(r, true, &tree, err)) < 0 ||
			    (ret = change(r, false, &tree, err)) < 0 ||
			    (ret = write_commit(r, &tree, err)) < 0))
		return ret;
	r->nothing_left = git_oid_equal(&tree, &before);
	return 0;
}

int capture_reject_move(struct capture_reject *r, bool push, struct err *err)
{
	const struct branch_move m = {
		.to = r->commit,
		.push = push,
		.message = "serversync: reject files of the capture",
		.again = "git serversync reject again",
	};

	return branch_place_move(&r->place, &m, err);
}
