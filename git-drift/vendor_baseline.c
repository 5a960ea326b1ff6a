#include "common/base/base.h"
#include "git-drift/vendor_baseline.h"

#include "common/base/mem.h"
#include "common/text/quote.h"
#include "common/text/version_order.h"
#include "common/git/revision.h"

#include <fnmatch.h>

#define TAGS "refs/tags/"

DEFINE_AUTO(git_revwalk *, git_revwalk_free, NULL)
#define AUTO_REVWALK CLEANUP(git_revwalk_free_auto)

/* A tag of the pattern. */
struct candidate {
	char *name, *version;
	git_oid commit;
	bool peels; /* to a commit, and ->commit is it */
};

struct candidates {
	struct candidate *v; /* the newest first */
	size_t nr, alloc;
	git_repository *repo;
	const char *pattern;
};

static void candidates_release(struct candidates *c)
{
	for (size_t i = 0; i < c->nr; i++) {
		free(c->v[i].name);
		free(c->v[i].version);
	}
	free(c->v);
}
#define AUTO_CANDIDATES CLEANUP(candidates_release)

void vendor_baseline_release(struct vendor_baseline *b)
{
	free(b->name);
	free(b->version);
	*b = (struct vendor_baseline)VENDOR_BASELINE_INIT;
}

bool baseline_version(const char *pattern, const char *name,
		      struct strbuf *version)
{
	size_t prefix = strcspn(pattern, "*?[\\");
	const char *star = strrchr(pattern, '*');
	size_t suffix = star ? strlen(star + 1) : 0, len = strlen(name);

	if (fnmatch(pattern, name, 0) || len <= prefix + suffix ||
	    name[prefix] < '0' || name[prefix] > '9')
		return false;
	strbuf_add(version, name + prefix, len - prefix - suffix);
	return true;
}

void baseline_name(const char *pattern, const char *version, struct strbuf *name)
{
	const char *star = strrchr(pattern, '*');

	strbuf_add(name, pattern, strcspn(pattern, "*?[\\"));
	strbuf_addstr(name, version);
	if (star)
		strbuf_addstr(name, star + 1);
}

static int add_tag(const char *ref, void *ctx)
{
	struct candidates *c = ctx;
	const char *name = ref + strlen(TAGS);
	AUTO_STRBUF struct strbuf version = STRBUF_INIT;

	if (!baseline_version(c->pattern, name, &version))
		return 0;
	ALLOC_GROW(c->v, c->nr + 1, c->alloc);
	c->v[c->nr++] = (struct candidate){
		.name = xstrdup(name),
		.version = strbuf_detach(&version),
	};
	return 0;
}

static int newest_first(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;
	bool a_has = version_has_order(a->version);
	bool b_has = version_has_order(b->version);
	int order = 0;

	if (a_has != b_has)
		return a_has ? -1 : 1;
	if (a_has)
		order = version_compare(b->version, a->version);
	if (!order)
		order = strverscmp(b->version, a->version);
	return order;
}

static void peel(struct candidates *c, struct candidate *one)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_OBJECT git_object *commit = NULL;
	AUTO_REF git_reference *tag = NULL;

	strbuf_addf(&ref, TAGS "%s", one->name);
	if (git_reference_lookup(&tag, c->repo, ref.buf) < 0 ||
	    git_reference_peel(&commit, tag, GIT_OBJECT_COMMIT) < 0)
		return;
	one->commit = *git_object_id(commit);
	one->peels = true;
}

/* Tags of what is no commit are nobody's baseline. */
static void drop_unpeeled(struct candidates *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->nr; i++) {
		peel(c, &c->v[i]);
		if (c->v[i].peels) {
			c->v[kept++] = c->v[i];
			continue;
		}
		free(c->v[i].name);
		free(c->v[i].version);
	}
	c->nr = kept;
}

static int find_candidates(struct candidates *c, struct err *err)
{
	AUTO_STRBUF struct strbuf glob = STRBUF_INIT, shown = STRBUF_INIT;

	strbuf_addf(&glob, TAGS "%s", c->pattern);
	if (git_reference_foreach_glob(c->repo, glob.buf, add_tag, c) < 0)
		return err_git(err, ERR_FAILED, "cannot list the tags");
	if (c->nr)
		qsort(c->v, c->nr, sizeof(*c->v), newest_first);
	drop_unpeeled(c);
	if (c->nr)
		return 0;
	quote_text(&shown, c->pattern, strlen(c->pattern));
	err_set(err, ERR_NOTFOUND,
		"'%s' is the name of no tag: there is no baseline yet",
		shown.buf);
	return err_hint(err, "git drift baseline <version> <directory>");
}

static int cannot_walk(git_repository *repo, struct err *err)
{
	if (git_repository_is_shallow(repo) != 1)
		return err_git(err, ERR_FAILED, "cannot walk the history");
	err_set(err, ERR_FAILED,
		"this is a shallow clone: which baseline its history "
		"started from cannot be told");
	return err_hint(err, "git fetch --unshallow, or name the baseline");
}

/* The first candidate (the newest) that the walk meets; nr: none of them. */
static int first_in_history(const struct candidates *c, const git_oid *head,
			    size_t *best, struct err *err)
{
	AUTO_REVWALK git_revwalk *walk = NULL;
	git_oid id;
	int ret;

	*best = c->nr;
	if (git_revwalk_new(&walk, c->repo) < 0 ||
	    git_revwalk_push(walk, head) < 0)
		return cannot_walk(c->repo, err);
	while (*best && !(ret = git_revwalk_next(&id, walk)))
		for (size_t i = 0; i < *best; i++)
			if (git_oid_equal(&id, &c->v[i].commit))
				*best = i;
	if (*best && ret != GIT_ITEROVER)
		return cannot_walk(c->repo, err);
	return 0;
}

/*
 * Nearly always the newest is the one: libgit2 looks for a single commit
 * faster than we can, where there is a commit-graph much faster.
 */
static int pick(const struct candidates *c, const git_oid *head, size_t *best,
		struct err *err)
{
	int ret = 1;

	if (!git_oid_equal(head, &c->v[0].commit))
		ret = git_graph_descendant_of(c->repo, head, &c->v[0].commit);
	if (ret < 0)
		return cannot_walk(c->repo, err);
	*best = 0;
	return ret ? 0 : first_in_history(c, head, best, err);
}

static int find_newest(git_repository *repo, const struct baseline_query *q,
		       struct vendor_baseline *out, struct err *err)
{
	AUTO_CANDIDATES struct candidates c = { .repo = repo,
						.pattern = q->pattern };
	size_t best = 0;

	if (find_candidates(&c, err) < 0 ||
	    (q->head && pick(&c, q->head, &best, err) < 0))
		return err->code;
	out->reachable = best < c.nr;
	if (!out->reachable)
		best = 0;
	out->name = TAKE_PTR(c.v[best].name);
	out->version = TAKE_PTR(c.v[best].version);
	out->commit = c.v[best].commit;
	return 0;
}

/* The name that was meant is appended to *name. */
static int resolve(git_repository *repo, const struct baseline_query *q,
		   struct strbuf *name, git_oid *id, struct err *err)
{
	AUTO_ERR struct err aside = ERR_INIT;

	strbuf_addstr(name, q->revision);
	if (!revision_commit(repo, name->buf, id, &aside))
		return 0;
	strbuf_reset(name);
	baseline_name(q->pattern, q->revision, name);
	if (!revision_commit(repo, name->buf, id, &aside))
		return 0;
	return revision_commit(repo, q->revision, id, err);
}

int vendor_revision_commit(git_repository *repo, const struct baseline_query *q,
			   git_oid *id, struct err *err)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;

	return resolve(repo, q, &name, id, err);
}

static int find_named(git_repository *repo, const struct baseline_query *q,
		      struct vendor_baseline *out, struct err *err)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT, version = STRBUF_INIT;

	if (resolve(repo, q, &name, &out->commit, err) < 0)
		return err->code;
	if (baseline_version(q->pattern, name.buf, &version))
		out->version = strbuf_detach(&version);
	out->name = strbuf_detach(&name);
	out->reachable = true;
	return 0;
}

int vendor_baseline_find(git_repository *repo, const struct baseline_query *q,
			 struct vendor_baseline *out, struct err *err)
{
	AUTO_VENDOR_BASELINE struct vendor_baseline b = VENDOR_BASELINE_INIT;
	int ret = q->revision ? find_named(repo, q, &b, err)
			      : find_newest(repo, q, &b, err);

	if (ret < 0)
		return ret;
	if (commit_tree(repo, &b.commit, &b.tree, err) < 0)
		return err->code;
	*out = b;
	b = (struct vendor_baseline)VENDOR_BASELINE_INIT;
	return 0;
}
