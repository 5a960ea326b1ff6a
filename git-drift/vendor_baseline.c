#include "common/base/base.h"
#include "git-drift/vendor_baseline.h"

#include "common/base/mem.h"
#include "common/git/run_git.h"
#include "common/text/quote.h"
#include "common/text/version_order.h"
#include "common/git/revision.h"

#include <fnmatch.h>

#define TAGS "refs/tags/"

#define NEAR_MAX   300 /* commits: less time than a process takes */
#define NAMES_MAX  (16u << 20)
#define ERRORS_MAX (64u << 10)

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

/* The first candidate (the newest) that has this commit; nr: none has. */
static size_t which(const struct candidates *c, const git_oid *id)
{
	size_t i = 0;

	while (i < c->nr && !git_oid_equal(id, &c->v[i].commit))
		i++;
	return i;
}

/*
 * Is the newest near? Along the first parents, and one step to the side, where
 * a vendor's line was merged. False proves nothing.
 */
static bool is_near(const struct candidates *c, const git_oid *head)
{
	AUTO_COMMIT git_commit *at = NULL;
	bool found = !which(c, head);

	if (!found && git_commit_lookup(&at, c->repo, head) < 0)
		return false;
	for (int i = 0; !found && at && i < NEAR_MAX; i++) {
		git_commit *next = NULL;

		for (unsigned int n = 0; n < git_commit_parentcount(at); n++)
			found |= !which(c, git_commit_parent_id(at, n));
		if (git_commit_parent(&next, at, 0) < 0)
			next = NULL;
		git_commit_free(at);
		at = next;
	}
	return found;
}

/*
 * git walks histories faster than libgit2 and knows how to use a commit-graph,
 * which makes this a matter of milliseconds however long they are.
 */
static int is_ancestor(const struct candidates *c, const git_oid *head,
		       bool *answer, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	int status;

	strvec_pushl(&cmd.argv, "merge-base", "--is-ancestor", NULL);
	strvec_push(&cmd.argv, git_oid_tostr(hex, sizeof(hex), &c->v[0].commit));
	strvec_push(&cmd.argv, git_oid_tostr(hex, sizeof(hex), head));
	cmd.repo = c->repo;
	strbuf_limit(&errors, ERRORS_MAX);
	if (git_cmd_status(&cmd, NULL, &errors, &status, err) < 0)
		return err->code;
	if (status > 1)
		return git_cmd_failed(err, ERR_FAILED,
				      "cannot walk the history", &errors);
	*answer = !status;
	return 0;
}

/* The names of all tags of the pattern that are in the history of head. */
static int list_merged(const struct candidates *c, const git_oid *head,
		       struct strbuf *names, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	char hex[GIT_OID_HEXSZ + 1];

	strvec_pushl(&cmd.argv, "for-each-ref", "--format=%(refname:lstrip=2)",
		     NULL);
	strvec_pushf(&cmd.argv, "--merged=%s",
		     git_oid_tostr(hex, sizeof(hex), head));
	strvec_pushf(&cmd.argv, TAGS "%s", c->pattern);
	cmd.repo = c->repo;
	strbuf_limit(names, NAMES_MAX);
	return git_cmd_run(&cmd, names, err);
}

static bool is_listed(const char *names, const char *name)
{
	size_t len = strlen(name);

	for (; *names; names += strcspn(names, "\n") + 1) {
		if (!strncmp(names, name, len) && names[len] == '\n')
			return true;
		if (!strchr(names, '\n'))
			break;
	}
	return false;
}

/* The newest candidate in the history of head; nr: none is. */
static int pick(const struct candidates *c, const git_oid *head, size_t *best,
		struct err *err)
{
	AUTO_STRBUF struct strbuf names = STRBUF_INIT;
	bool found;
	size_t i = 0;

	*best = 0;
	found = is_near(c, head);
	if (!found && is_ancestor(c, head, &found, err) < 0)
		return err->code;
	if (found)
		return 0;
	if (list_merged(c, head, &names, err) < 0)
		return err->code;
	while (i < c->nr && !is_listed(names.buf, c->v[i].name))
		i++;
	if (i && git_repository_is_shallow(c->repo) == 1) {
		err_set(err, ERR_FAILED,
			"this is a shallow clone: which baseline its history "
			"started from cannot be told");
		return err_hint(err, "git fetch --unshallow, or name the "
				     "baseline");
	}
	*best = i;
	return 0;
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
