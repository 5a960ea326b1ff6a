#include "common/base/base.h"
#include "git-release/branch-sync/tip.h"
#include "common/base/mem.h"
#include "common/base/oid_index.h"
#include "common/git/run_git.h"

/* A list of commits with their subjects. */
#define OUTPUT_MAX ((size_t)64 << 20)
/* Between fields: no name or subject needs it, and one with it does no harm. */
#define FIELD  '\001'
#define FORMAT "--format=%H%x01%P%x01%as%x01%an%x01%s"

static void drop(struct tip_commit *c)
{
	free(c->author);
	free(c->date);
	free(c->subject);
}

void tip_release(struct tip *tip)
{
	for (size_t i = 0; i < tip->nr; i++)
		drop(&tip->commits[i]);
	free(tip->commits);
	memset(tip, 0, sizeof(*tip));
}

static char *field(const char **p, const char *end)
{
	const char *stop = memchr(*p, FIELD, (size_t)(end - *p));
	char *text;

	stop = stop ? stop : end;
	text = xstrndup(*p, (size_t)(stop - *p));
	*p = stop < end ? stop + 1 : end;
	return text;
}

static int take_commit(const char *line, size_t len, struct tip *tip)
{
	const char *end = line + len, *p = line + OID_HEXSZ + 1;
	AUTO_FREE char *parents = NULL;
	struct tip_commit *c;

	if (len < OID_HEXSZ + 1 || line[OID_HEXSZ] != FIELD)
		return -1;
	ALLOC_GROW(tip->commits, tip->nr + 1, tip->alloc);
	c = &tip->commits[tip->nr++];
	*c = (struct tip_commit){ .twin = false };
	memcpy(c->id, line, OID_HEXSZ);
	parents = field(&p, end);
	for (const char *q = parents; *q; q += *q == ' ') {
		q += strcspn(q, " ");
		c->parents++;
	}
	c->date = field(&p, end);
	c->author = field(&p, end);
	c->subject = xstrndup(p, (size_t)(end - p));
	return 0;
}

static int unreadable(struct err *err, const char *command)
{
	return err_set(err, ERR_FAILED, "git %s printed what cannot be read",
		       command);
}

/* Parents come behind their children. */
static int read_commits(git_repository *repo, const git_oid *source,
			struct tip *tip, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	char from[OID_HEXSZ + 1], to[OID_HEXSZ + 1];
	int ret;

	git_oid_tostr(from, sizeof(from), source);
	git_oid_tostr(to, sizeof(to), &tip->id);
	strvec_pushl(&cmd.argv, "rev-list", "--no-commit-header",
		     "--topo-order", "--encoding=UTF-8", FORMAT, NULL);
	if (tip->unexplained)
		strvec_pushf(&cmd.argv, "--max-count=%d", TIP_COMMITS_MAX);
	strvec_pushf(&cmd.argv, "%s..%s", from, to);
	cmd.repo = repo;
	strbuf_limit(&out, OUTPUT_MAX);
	if ((ret = git_cmd_run(&cmd, &out, err)) < 0)
		return ret;
	for (const char *p = out.buf; *p; p += *p == '\n') {
		size_t len = strcspn(p, "\n");

		if (take_commit(p, len, tip) < 0)
			return unreadable(err, "rev-list");
		p += len;
	}
	return 0;
}

/* "- <id>" is one that the source has as another commit, "+ <id>" is not. */
static int read_cherry(const char *text, struct oid_index *twins)
{
	for (const char *p = text; *p; p += *p == '\n') {
		size_t len = strcspn(p, "\n");
		struct oid id;

		if (len != 2 + OID_HEXSZ || oid_from_hex(p + 2, &id) < 0)
			return -1;
		if (*p == '-')
			oid_index_add(twins, &id, 0);
		p += len;
	}
	oid_index_sort(twins);
	return 0;
}

static int mark_twins(git_repository *repo, const git_oid *source,
		      struct tip *tip, struct err *err)
{
	AUTO_OID_INDEX struct oid_index twins = OID_INDEX_INIT;
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	char from[OID_HEXSZ + 1], to[OID_HEXSZ + 1];
	int ret;

	git_oid_tostr(from, sizeof(from), source);
	git_oid_tostr(to, sizeof(to), &tip->id);
	strvec_pushl(&cmd.argv, "cherry", from, to, NULL);
	cmd.repo = repo;
	strbuf_limit(&out, OUTPUT_MAX);
	if ((ret = git_cmd_run(&cmd, &out, err)) < 0)
		return ret;
	if (read_cherry(out.buf, &twins) < 0)
		return unreadable(err, "cherry");
	for (size_t i = 0; i < tip->nr; i++) {
		struct oid id;

		tip->commits[i].twin = !oid_from_hex(tip->commits[i].id, &id) &&
				       oid_index_find(&twins, &id);
	}
	return 0;
}

/* Which of the commits are known to be its own, by their place in the list. */
struct own {
	struct oid_index places;
	bool *known;
};

/* One that has a parent of its own is its own, too. */
static int has_own_parent(git_commit *c, const struct own *own)
{
	for (unsigned int i = 0; i < git_commit_parentcount(c); i++) {
		const struct oid_ref *found;
		struct oid id;

		memcpy(id.b, git_commit_parent_id(c, i)->id, OID_RAWSZ);
		found = oid_index_find(&own->places, &id);
		if (found && own->known[found->index])
			return 1;
	}
	return 0;
}

static int is_own(git_repository *repo, const git_oid *source,
		  const struct tip_commit *c, const struct own *own,
		  struct err *err)
{
	AUTO_COMMIT git_commit *commit = NULL;
	git_oid id;
	int ret;

	if (git_oid_fromstr(&id, c->id) < 0 ||
	    git_commit_lookup(&commit, repo, &id) < 0)
		return err_git(err, ERR_FAILED, "cannot read %s", c->id);
	if (has_own_parent(commit, own))
		return 1;
	if (git_oid_equal(&id, source))
		return 0;
	ret = git_graph_descendant_of(repo, source, &id);
	return ret < 0 ? err_git(err, ERR_FAILED, "cannot follow the history")
		       : !ret;
}

static void remove_others(struct tip *tip, const bool *known)
{
	size_t kept = 0;

	for (size_t i = 0; i < tip->nr; i++) {
		if (known[i])
			tip->commits[kept++] = tip->commits[i];
		else
			drop(&tip->commits[i]);
	}
	tip->nr = kept;
}

/*
 * Where clocks were wrong, git lists commits that the source has as well. The
 * oldest ones tell: only those without a parent of its own need a look.
 */
static int keep_own(git_repository *repo, const git_oid *source,
		    struct tip *tip, struct err *err)
{
	struct own own = { .places = OID_INDEX_INIT,
			   .known = xcalloc(tip->nr + 1, sizeof(bool)) };
	int ret = 0;

	for (size_t i = 0; i < tip->nr; i++) {
		struct oid id;

		if (!oid_from_hex(tip->commits[i].id, &id))
			oid_index_add(&own.places, &id, i);
	}
	oid_index_sort(&own.places);
	for (size_t i = tip->nr; ret >= 0 && i--;) {
		ret = is_own(repo, source, &tip->commits[i], &own, err);
		own.known[i] = ret > 0;
	}
	if (ret >= 0)
		remove_others(tip, own.known);
	oid_index_release(&own.places);
	free(own.known);
	return ret < 0 ? ret : 0;
}

int tip_list(git_repository *repo, const git_oid *source, struct tip *tip,
	     struct err *err)
{
	int ret = read_commits(repo, source, tip, err);

	if (ret < 0 || tip->unexplained)
		return ret;
	if ((ret = keep_own(repo, source, tip, err)) < 0)
		return ret;
	tip->ahead = tip->nr;
	return mark_twins(repo, source, tip, err);
}
