#include "common/base/base.h"
#include "git-serversync/capture_base.h"

#include "common/base/mem.h"
#include "common/git/remote.h"
#include "common/git/revision.h"
#include "common/model/package.h"
#include "common/text/quote.h"

void capture_base_release(struct capture_base *b)
{
	free(b->subdirectory);
	free(b->warning);
	*b = (struct capture_base)CAPTURE_BASE_INIT;
}

static bool have_commit(git_repository *repo, const git_oid *id)
{
	AUTO_COMMIT git_commit *commit = NULL;

	return !git_commit_lookup(&commit, repo, id);
}

/* Quietly: whoever needs it says that it is missing. */
static void try_fetch(const struct capture_base_query *q, const char *what)
{
	AUTO_STRVEC struct strvec refspecs = STRVEC_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	strvec_push(&refspecs, what);
	if (remote_exists(q->repo, q->settings->remote) &&
	    remote_fetch(q->repo, q->settings->remote, &refspecs, &ignored) < 0)
		return;
}

static int need_commit(const struct capture_base_query *q, const git_oid *id,
		       struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];

	if (have_commit(q->repo, id))
		return 0;
	git_oid_tostr(hex, sizeof(hex), id);
	try_fetch(q, hex);
	if (have_commit(q->repo, id))
		return 0;
	err_set(err, ERR_FAILED,
		"the commit that is live, %s, is not in this repository", hex);
	return err_hint(err,
			"git fetch %s %s; or, if it is another one, git "
			"serversync --base <commit> %s",
			q->settings->remote, hex, q->settings->environment);
}

static bool from_hex(const char *hex, git_oid *id)
{
	struct oid oid;

	if (strlen(hex) != OID_HEXSZ || oid_from_hex(hex, &oid) < 0)
		return false;
	memcpy(id->id, oid.b, sizeof(id->id));
	return true;
}

static void warn(struct capture_base *out, const char *version)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	strbuf_addstr(&text, "the package of ");
	quote_text(&text, version, strnlen(version, 100));
	strbuf_addstr(&text, " is not in this repository: files that a build "
			     "made are told from new ones by .gitignore alone");
	free(out->warning);
	out->warning = strbuf_detach(&text);
}

/* The package of a release that we made; not having it is no error. */
static int find_package(const struct capture_base_query *q,
			struct capture_base *out, struct err *err)
{
	const struct host_release *live = host_view_live(q->view);
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	git_oid id;

	if (!live || !from_hex(live->package, &id))
		return 0;
	strbuf_addf(&ref, PACKAGE_REF_PREFIX "%s", live->version);
	if (!have_commit(q->repo, &id) && git_reference_is_valid_name(ref.buf))
		try_fetch(q, ref.buf);
	if (!have_commit(q->repo, &id)) {
		warn(out, live->version);
		return 0;
	}
	if (package_read(q->repo, &id, &pkg, err) < 0)
		return err->code;
	out->has_package = true;
	out->package_tree = pkg.tree;
	out->commit = pkg.commit;
	free(out->subdirectory);
	out->subdirectory = TAKE_PTR(pkg.subdirectory);
	return 0;
}

/* A name that the server has for it: only a tag here is worth anything. */
static bool find_tag(git_repository *repo, const char *name, git_oid *id)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_REF git_reference *found = NULL;
	AUTO_OBJECT git_object *commit = NULL;

	strbuf_addf(&ref, "refs/tags/%s", name);
	if (!*name || !git_reference_is_valid_name(ref.buf) ||
	    git_reference_lookup(&found, repo, ref.buf) < 0 ||
	    git_reference_peel(&commit, found, GIT_OBJECT_COMMIT) < 0)
		return false;
	*id = *git_object_id(commit);
	return true;
}

static int nothing_tells(const struct capture_base_query *q, struct err *err)
{
	err_set(err, ERR_FAILED,
		"nothing on the server tells which commit is live there");
	return err_hint(err,
			"git serversync --base <commit> %s says it; "
			"serversync.base does so for good",
			q->settings->environment);
}

static int find_commit(const struct capture_base_query *q,
		       struct capture_base *out, struct err *err)
{
	const struct scan_report *r = q->report;

	if (q->revision)
		return revision_commit(q->repo, q->revision, &out->commit, err);
	if (out->has_package)
		return need_commit(q, &out->commit, err);
	if (from_hex(r->revision, &out->commit) ||
	    (r->target && from_hex(r->target, &out->commit)))
		return need_commit(q, &out->commit, err);
	if (r->target && find_tag(q->repo, r->target, &out->commit))
		return 0;
	if (q->settings->base)
		return revision_commit(q->repo, q->settings->base, &out->commit,
				       err);
	return nothing_tells(q, err);
}

int capture_base_find(const struct capture_base_query *q,
		      struct capture_base *out, struct err *err)
{
	const char *sub = q->settings->subdirectory;

	if (sub && *sub)
		out->subdirectory = xstrdup(sub);
	if (q->report->kind == SCAN_SEALED && find_package(q, out, err) < 0)
		return err->code;
	if (find_commit(q, out, err) < 0)
		return err->code;
	return commit_tree(q->repo, &out->commit, &out->tree, err);
}
