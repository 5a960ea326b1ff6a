#include "common/base/base.h"
#include "common/model/package.h"
#include "common/base/mem.h"

#define ABBREV 7

void package_release(struct package *pkg)
{
	free(pkg->tag);
	free(pkg->version);
	free(pkg->build);
	free(pkg->subdirectory);
	*pkg = (struct package)PACKAGE_INIT;
}

/* Trailers are lines: a line break in a value would make up another one. */
static void add_trailer(struct strbuf *msg, const char *key, const char *value)
{
	strbuf_addf(msg, "%s: ", key);
	for (; *value; value++)
		strbuf_addch(msg,
			     *value == '\n' || *value == '\r' ? ' ' : *value);
	strbuf_addch(msg, '\n');
}

static void make_message(struct strbuf *msg, const struct version_tag *tag,
			 const struct build_settings *settings)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), &tag->commit);
	strbuf_addf(msg, "Release %s\n\n", tag->name);
	strbuf_addf(msg, "Version: %s\n", tag->version);
	strbuf_addf(msg, "Build: %s+%.*s\n", tag->version, ABBREV, hex);
	strbuf_addf(msg, "Commit: %s\n", hex);
	if (settings->subdirectory && *settings->subdirectory)
		add_trailer(msg, "Subdirectory", settings->subdirectory);
	for (size_t i = 0; i < settings->build.nr; i++)
		add_trailer(msg, "Build-Command", settings->build.v[i]);
	for (size_t i = 0; i < settings->exclude.nr; i++)
		add_trailer(msg, "Exclude", settings->exclude.v[i]);
	if (settings->submodules)
		strbuf_addstr(msg, "Submodules: true\n");
}

static int find_author(git_repository *repo, const struct version_tag *tag,
		       git_commit *commit, git_signature **out, struct err *err)
{
	AUTO_TAG git_tag *object = NULL;
	const git_signature *who = NULL;

	if (tag->annotated) {
		if (git_tag_lookup(&object, repo, &tag->tag) < 0)
			return err_git(err, ERR_FAILED, "cannot read tag '%s'",
				       tag->name);
		who = git_tag_tagger(object);
	}
	if (!who)
		who = git_commit_committer(commit);
	if (git_signature_dup(out, who) < 0)
		return err_git(err, ERR_FAILED, "cannot read who made '%s'",
			       tag->name);
	return 0;
}

int package_commit(git_repository *repo, const struct version_tag *tag,
		   const git_oid *tree_id, const struct build_settings *settings,
		   git_oid *id, struct err *err)
{
	AUTO_STRBUF struct strbuf msg = STRBUF_INIT;
	AUTO_SIGNATURE git_signature *who = NULL;
	AUTO_COMMIT git_commit *parent = NULL;
	AUTO_TREE git_tree *tree = NULL;
	const git_commit *parents[1];
	git_oid made;
	int ret;

	if (git_commit_lookup(&parent, repo, &tag->commit) < 0 ||
	    git_tree_lookup(&tree, repo, tree_id) < 0)
		return err_git(err, ERR_FAILED, "cannot read tag '%s'",
			       tag->name);
	if ((ret = find_author(repo, tag, parent, &who, err)) < 0)
		return ret;
	make_message(&msg, tag, settings);
	parents[0] = parent;
	/* Never signed, whatever commit.gpgSign says: the id is the proof. */
	if (git_commit_create(&made, repo, NULL, who, who, NULL, msg.buf, tree,
			      1, parents) < 0)
		return err_git(err, ERR_FAILED, "cannot write the package");
	*id = made;
	return 0;
}

bool package_made_alike(git_repository *repo, const struct package *pkg,
			const struct build_settings *settings)
{
	const struct version_tag tag = {
		.name = pkg->tag,
		.version = pkg->version,
		.commit = pkg->commit,
	};
	AUTO_STRBUF struct strbuf msg = STRBUF_INIT;
	AUTO_COMMIT git_commit *commit = NULL;

	make_message(&msg, &tag, settings);
	return !git_commit_lookup(&commit, repo, &pkg->id) &&
	       !strcmp(git_commit_message_raw(commit), msg.buf);
}

/* The value of the first trailer with this key, owned; NULL: none. */
static char *find_trailer(const char *body, const char *key)
{
	size_t len = strlen(key);

	for (const char *p = body; *p;) {
		size_t line = strcspn(p, "\n");

		if (line > len + 2 && !strncmp(p, key, len) &&
		    !strncmp(p + len, ": ", 2))
			return xstrndup(p + len + 2, line - len - 2);
		p += line + (p[line] == '\n');
	}
	return NULL;
}

static int no_package(struct err *err, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	return err_set(err, ERR_FAILED, "commit %s is not a package", hex);
}

int package_read(git_repository *repo, const git_oid *id, struct package *out,
		 struct err *err)
{
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_FREE char *named = NULL;
	char hex[GIT_OID_HEXSZ + 1];
	const char *msg, *body;
	size_t len;

	if (git_commit_lookup(&commit, repo, id) < 0)
		return err_git(err, ERR_FAILED, "cannot read the package");
	msg = git_commit_message(commit);
	body = strstr(msg, "\n\n");
	if (git_commit_parentcount(commit) != 1 || !body ||
	    strncmp(msg, "Release ", 8))
		return no_package(err, id);
	len = strcspn(msg + 8, "\n");
	pkg.tag = xstrndup(msg + 8, len);
	pkg.version = find_trailer(body, "Version");
	pkg.build = find_trailer(body, "Build");
	pkg.subdirectory = find_trailer(body, "Subdirectory");
	named = find_trailer(body, "Commit");
	pkg.id = *id;
	pkg.tree = *git_commit_tree_id(commit);
	pkg.commit = *git_commit_parent_id(commit, 0);
	git_oid_tostr(hex, sizeof(hex), &pkg.commit);
	if (!len || !pkg.version || !pkg.build || !named || strcmp(named, hex))
		return no_package(err, id);
	*out = pkg;
	pkg = (struct package)PACKAGE_INIT;
	return 0;
}

int package_find(git_repository *repo, const char *tag, struct package *out,
		 struct err *err)
{
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	git_oid id;
	int ret;

	strbuf_addf(&ref, PACKAGE_REF_PREFIX "%s", tag);
	ret = repo_ref_id(repo, ref.buf, &id, err);
	if (ret == ERR_NOTFOUND)
		return err_set(err, ERR_NOTFOUND, "'%s' has not been built", tag);
	if (ret < 0)
		return ret;
	if ((ret = package_read(repo, &id, &pkg, err)) < 0)
		return err_prefix(err, "%s", ref.buf);
	if (!pkg.tag || strcmp(pkg.tag, tag))
		return err_set(err, ERR_FAILED,
			       "'%s' is the package of another tag", ref.buf);
	*out = pkg;
	pkg = (struct package)PACKAGE_INIT;
	return 0;
}

int package_check_tag(const struct package *pkg, const struct version_tag *tag,
		      struct err *err)
{
	if (git_oid_equal(&pkg->commit, &tag->commit))
		return 0;
	err_set(err, ERR_REFUSED, "tag '%s' has moved since it was built",
		tag->name);
	return err_hint(err, "git release --rebuild %s", tag->name);
}
