#include "common/base/base.h"
#include "git-release/captured_edits.h"

#include "common/base/mem.h"
#include "common/git/capture_trailers.h"
#include "common/git/revision.h"
#include "common/git/tree_delta.h"

/* With the id and the mode, as it is sent. */
#define EDIT_BYTES 64

DEFINE_AUTO(git_revwalk *, git_revwalk_free, NULL)
#define AUTO_REVWALK CLEANUP(git_revwalk_free_auto)

/* A commit that is a capture, or takes files out of one, or both. */
struct said {
	git_oid id;
	struct strvec rejected; /* paths in git, sorted */
	size_t first, nr;	/* of its edits */
};

struct captured {
	const struct captured_edits_request *req;
	struct said *said;
	size_t nr, alloc;
	struct known_edit *edits; /* with their paths in git */
	bool *dropped;		  /* one for each */
	size_t nr_edits, alloc_edits, bytes;
};

static void captured_release(struct captured *c)
{
	for (size_t i = 0; i < c->nr; i++)
		strvec_release(&c->said[i].rejected);
	for (size_t i = 0; i < c->nr_edits; i++)
		free(c->edits[i].path);
	free(c->said);
	free(c->edits);
	free(c->dropped);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct strvec *list)
{
	if (list->nr)
		qsort(list->v, list->nr, sizeof(*list->v), by_name);
}

static bool has(const struct strvec *sorted, const char *path)
{
	return sorted->nr && bsearch(&path, sorted->v, sorted->nr,
				     sizeof(*sorted->v), by_name);
}

/* NULL: it is not released. */
static const char *path_in_release(const struct captured *c, const char *path)
{
	const char *dir = c->req->subdirectory;
	size_t len = dir ? strlen(dir) : 0;

	if (!len)
		return path;
	return strncmp(path, dir, len) || path[len] != '/' ? NULL
							   : path + len + 1;
}

/* A submodule, or a mode of old: no release has such a thing. */
static bool is_file(uint32_t mode)
{
	return mode == MANIFEST_FILE || mode == MANIFEST_EXECUTABLE ||
	       mode == MANIFEST_SYMLINK;
}

static void add_edit(struct captured *c, const struct tree_change *x,
		     const struct strvec *reasoned)
{
	const char *path = path_in_release(c, x->path);
	struct known_edit e = { .kind = x->new_mode };

	if (!path || !manifest_path_ok(path, strlen(path)) ||
	    (e.kind ? !is_file(e.kind) : !has(reasoned, x->path)))
		return;
	c->bytes += x->path_len + EDIT_BYTES;
	if (c->bytes > CAPTURED_BYTES_MAX)
		return;
	memcpy(e.oid.b, x->new_id.id, sizeof(e.oid.b));
	e.path = xstrdup(x->path);
	ALLOC_GROW(c->edits, c->nr_edits + 1, c->alloc_edits);
	c->edits[c->nr_edits++] = e;
}

/* What it has against its first parent. */
static int add_edits(struct captured *c, git_commit *commit,
		     const struct capture_trailers *t, struct err *err)
{
	AUTO_TREE_DELTA struct tree_delta d = TREE_DELTA_INIT;
	AUTO_STRVEC struct strvec reasoned = STRVEC_INIT;
	git_oid old;
	int ret;

	if (c->bytes > CAPTURED_BYTES_MAX)
		return 0;
	for (size_t i = 0; i < t->nr; i++)
		if (capture_reason_says(t->deletions[i].reason))
			strvec_push(&reasoned, t->deletions[i].path);
	sort(&reasoned);
	ret = commit_tree(c->req->repo, git_commit_parent_id(commit, 0), &old,
			  err);
	if (!ret)
		ret = tree_delta_find(c->req->repo, &old,
				      git_commit_tree_id(commit), &d, err);
	for (size_t i = 0; i < d.nr; i++)
		add_edit(c, &d.v[i], &reasoned);
	return ret;
}

static int hear(struct captured *c, const git_oid *id, struct err *err)
{
	AUTO_CAPTURE_TRAILERS struct capture_trailers t = CAPTURE_TRAILERS_INIT;
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_ERR struct err ignored = ERR_INIT;
	struct said *said;
	bool is_capture;
	int ret = 0;

	if (git_commit_lookup(&commit, c->req->repo, id) < 0)
		return err_git(err, ERR_FAILED, "cannot read a commit");
	/* Somebody's own message may be as long as they like. */
	if (capture_trailers_read(git_commit_message(commit), &t, &ignored) < 0)
		return 0;
	is_capture = capture_trailers_is_capture(&t) &&
		     git_commit_parentcount(commit);
	if (!is_capture && !t.rejected.nr)
		return 0;
	if (c->nr == CAPTURED_SAID_MAX)
		return err_set(err, ERR_FAILED, "there are too many captures");
	ALLOC_GROW(c->said, c->nr + 1, c->alloc);
	said = &c->said[c->nr++];
	*said = (struct said){ .id = *id, .first = c->nr_edits };
	if (is_capture)
		ret = add_edits(c, commit, &t, err);
	said->nr = c->nr_edits - said->first;
	said->rejected = t.rejected;
	t.rejected = (struct strvec)STRVEC_INIT;
	sort(&said->rejected);
	return ret;
}

static int walk(struct captured *c, struct err *err)
{
	AUTO_REVWALK git_revwalk *walk = NULL;
	unsigned int seen = 0;
	git_oid id;
	int ret = 0;

	if (git_revwalk_new(&walk, c->req->repo) < 0 ||
	    git_revwalk_push(walk, &c->req->tip) < 0 ||
	    git_revwalk_hide(walk, &c->req->live) < 0)
		return err_git(err, ERR_FAILED, "cannot walk the history");
	while (!ret && !(ret = git_revwalk_next(&id, walk))) {
		if (seen++ == CAPTURED_COMMITS_MAX)
			return err_set(err, ERR_FAILED,
				       "there are too many "
				       "commits");
		ret = hear(c, &id, err);
		if (ret < 0)
			return ret;
	}
	return ret == GIT_ITEROVER
		       ? 0
		       : err_git(err, ERR_FAILED, "cannot walk the history");
}

/* 1: a was made on top of b, with anything between. */
static int is_upon(const struct captured *c, const struct said *a,
		   const struct said *b, struct err *err)
{
	int ret = git_graph_descendant_of(c->req->repo, &a->id, &b->id);

	return ret < 0 ? err_git(err, ERR_FAILED, "cannot compare commits") : ret;
}

/* What the captures below it have at the paths that it rejects. */
static int find_rejected(const struct captured *c, const struct said *r,
			 struct edit_judge *out, struct err *err)
{
	for (size_t i = 0; i < c->nr; i++) {
		const struct said *s = &c->said[i];
		int below = s->nr ? is_upon(c, r, s, err) : 0;

		if (below < 0)
			return below;
		for (size_t k = s->first; below && k < s->first + s->nr; k++)
			if (has(&r->rejected, c->edits[k].path))
				edit_judge_add_known(out, &c->edits[k]);
	}
	return 0;
}

static int drop(struct captured *c, const struct said *r, struct err *err)
{
	AUTO_EDIT_JUDGE struct edit_judge out = EDIT_JUDGE_INIT;

	if (find_rejected(c, r, &out, err) < 0)
		return err->code;
	for (size_t i = 0; i < c->nr; i++) {
		const struct said *s = &c->said[i];
		int above = s->nr ? is_upon(c, s, r, err) : 1;

		if (above < 0)
			return above;
		for (size_t k = s->first; !above && k < s->first + s->nr; k++) {
			const struct known_edit *e = &c->edits[k];

			/* In one commit it tells of others, not of itself. */
			if (s != r &&
			    edit_judge_knows(&out, e->path, e->kind, &e->oid))
				c->dropped[k] = true;
		}
	}
	return 0;
}

static void give(const struct captured *c, struct edit_judge *j)
{
	for (size_t k = 0; k < c->nr_edits; k++) {
		struct known_edit e = c->edits[k];

		e.path = (char *)path_in_release(c, e.path);
		if (!c->dropped[k] &&
		    edit_is_buried(c->req->next, e.path, e.kind, &e.oid))
			edit_judge_add_known(j, &e);
	}
	edit_judge_sort(j);
}

int captured_edits_find(const struct captured_edits_request *req,
			struct edit_judge *j, struct err *err)
{
	CLEANUP(captured_release) struct captured c = { .req = req };
	int ret = walk(&c, err);

	if (ret < 0)
		return ret;
	c.dropped = xcalloc(c.nr_edits + 1, sizeof(*c.dropped));
	for (size_t i = 0; i < c.nr; i++)
		if (c.said[i].rejected.nr && (ret = drop(&c, &c.said[i], err)) < 0)
			return ret;
	give(&c, j);
	return 0;
}
