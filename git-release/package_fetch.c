#include "common/base/base.h"
#include "git-release/package_fetch.h"

#include "git-release/package_survey.h"
#include "common/base/mem.h"
#include "common/git/fast_import.h"
#include "common/sys/hash.h"
#include "common/text/manifest.h"

#include <sys/statvfs.h>

/* A manifest has about a hundred bytes for each file. */
#define MANIFEST_LIMIT ((size_t)32 << 20)

struct fetch {
	const struct package_fetch *req;
	struct manifest all;
	size_t *lacking; /* entries of it */
	size_t nr, alloc;
	uint64_t bytes;
	struct fast_import git;
	struct strbuf line;

	size_t at;     /* which of them is coming */
	uint64_t left; /* bytes of it */
	struct blob_hash hash;
};

static void fetch_release(struct fetch *f)
{
	fast_import_release(&f->git);
	manifest_release(&f->all);
	strbuf_release(&f->line);
	free(f->lacking);
}

static int take_manifest(void *ctx, const char *data, size_t len, struct err *err)
{
	if (strbuf_add(ctx, data, len) < 0)
		return err_set(err, ERR_FAILED,
			       "the manifest on the server is too long");
	return 0;
}

static int get_manifest(struct fetch *f, struct err *err)
{
	AUTO_STRBUF struct strbuf request = STRBUF_INIT, raw = STRBUF_INIT;
	const struct host_sink sink = { .take = take_manifest, .ctx = &raw };
	int ret;

	strbuf_limit(&raw, MANIFEST_LIMIT);
	request_begin(&request, "fetch");
	request_add(&request, "id", "%s", f->req->release->id);
	ret = host_stream(f->req->host, &request, &sink, err);
	return ret < 0 ? ret : manifest_parse(&f->all, &raw, err);
}

static int find_lacking(struct fetch *f, git_repository *repo, struct err *err)
{
	AUTO_ODB git_odb *odb = NULL;
	git_oid id;

	if (git_repository_odb(&odb, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read objects");
	for (size_t i = 0; i < f->all.nr; i++) {
		git_oid_fromraw(&id, f->all.entries[i].oid.b);
		if (git_odb_exists_ext(odb, &id, GIT_ODB_LOOKUP_NO_REFRESH))
			continue;
		ALLOC_GROW(f->lacking, f->nr + 1, f->alloc);
		f->lacking[f->nr++] = i;
		f->bytes += f->all.entries[i].size;
	}
	return 0;
}

static int check_space(const struct fetch *f, const struct scratch *scratch,
		       struct err *err)
{
	struct statvfs vfs;

	if (fstatvfs(scratch->dir, &vfs) < 0)
		return err_sys(err, "cannot see how much room there is");
	if (f->bytes / vfs.f_frsize >= vfs.f_bavail)
		return err_set(err, ERR_REFUSED,
			       "the package takes %" PRIu64 " MiB, which are "
			       "not free here",
			       f->bytes >> 20);
	return 0;
}

static const struct manifest_entry *coming(const struct fetch *f)
{
	return &f->all.entries[f->lacking[f->at]];
}

static int end_blob(struct fetch *f, struct err *err)
{
	struct oid seen;

	blob_hash_final(&f->hash, &seen);
	if (!oid_eq(&seen, &coming(f)->oid))
		return err_set(err, ERR_FAILED,
			       "the files on the server are not those of the "
			       "package");
	f->at++;
	return fast_import_send(&f->git, "\n", 1, err);
}

/* Up to the next one that has bytes to wait for. */
static int begin_blob(struct fetch *f, struct err *err)
{
	int ret = 0;

	while (!ret && !f->left && f->at < f->nr) {
		f->left = coming(f)->size;
		blob_hash_init(&f->hash, f->left);
		strbuf_reset(&f->line);
		strbuf_addf(&f->line, "blob\ndata %" PRIu64 "\n", f->left);
		ret = fast_import_send(&f->git, f->line.buf, f->line.len, err);
		if (!ret && !f->left)
			ret = end_blob(f, err);
	}
	return ret;
}

static int take_contents(void *ctx, const char *data, size_t len, struct err *err)
{
	struct fetch *f = ctx;

	while (len) {
		size_t n = f->left < len ? (size_t)f->left : len;

		if (!n)
			return err_set(err, ERR_FAILED,
				       "the agent sends more than it was "
				       "asked for");
		if (fast_import_send(&f->git, data, n, err) < 0)
			return err->code;
		blob_hash_update(&f->hash, data, n);
		f->left -= n;
		data += n;
		len -= n;
		if (!f->left && (end_blob(f, err) < 0 || begin_blob(f, err) < 0))
			return err->code;
	}
	return 0;
}

static void add_wanted(const struct fetch *f, struct strbuf *request)
{
	for (size_t i = 0, n; i < f->nr; i += n) {
		n = 1;
		while (i + n < f->nr && f->lacking[i + n] == f->lacking[i] + n)
			n++;
		request_add(request, "want", "%zu %zu", f->lacking[i], n);
	}
}

static int get_contents(struct fetch *f, struct err *err)
{
	AUTO_STRBUF struct strbuf request = STRBUF_INIT;
	const struct host_sink sink = { .take = take_contents, .ctx = f };
	int ret = begin_blob(f, err);

	if (ret < 0 || !f->nr)
		return ret;
	request_begin(&request, "fetch");
	request_add(&request, "id", "%s", f->req->release->id);
	add_wanted(f, &request);
	ret = host_stream(f->req->host, &request, &sink, err);
	if (!ret && f->at < f->nr)
		return err_set(err, ERR_UNKNOWN,
			       "the agent sends less than it was asked for");
	return ret;
}

static int store(struct fetch *f, struct err *err)
{
	int ret = fast_import_commit(&f->git, err);

	for (size_t i = 0; !ret && i < f->all.nr; i++) {
		const struct manifest_entry *e = &f->all.entries[i];
		char hex[OID_HEXSZ + 1];

		strbuf_reset(&f->line);
		strbuf_addf(&f->line, "M %o %s", e->mode,
			    oid_to_hex(&e->oid, hex));
		fast_import_add_path(&f->line, e->path);
		ret = fast_import_send(&f->git, f->line.buf, f->line.len, err);
	}
	return ret < 0 ? ret : fast_import_finish(&f->git, err);
}

/* In the scratch repository: nothing that is not proven leaves it. */
static int prove(const struct fetch *f, const struct scratch *scratch,
		 git_oid *tree, struct err *err)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	AUTO_PACKAGE_SURVEY struct package_survey survey = PACKAGE_SURVEY_INIT;
	AUTO_REPO git_repository *repo = NULL;
	git_oid id, want;

	strbuf_addf(&path, "%s/repo.git", scratch->path);
	if (repo_open_at(&repo, path.buf, err) < 0 ||
	    fast_import_tree(scratch, repo, tree, err) < 0 ||
	    package_commit(repo, f->req->tag, tree, f->req->settings, &id, err) <
		    0)
		return err->code;
	if (git_oid_fromstr(&want, f->req->release->package) < 0 ||
	    !git_oid_equal(&id, &want))
		return err_set(err, ERR_REFUSED,
			       "it was built with other settings, or is not "
			       "what it is said to be");
	if (package_survey(repo, &id, NULL, &survey, err) < 0)
		return err->code;
	if (survey.leaving_nr)
		return err_set(err, ERR_REFUSED,
			       "it has symbolic links that lead out of it");
	return 0;
}

static int keep(git_repository *repo, const struct package_fetch *req,
		const git_oid *tree, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_ODB git_odb *odb = NULL;
	static const git_oid none;
	git_oid id;

	if (git_repository_odb(&odb, repo) < 0 || git_odb_refresh(odb) < 0)
		return err_git(err, ERR_FAILED, "cannot read what was stored");
	if (package_commit(repo, req->tag, tree, req->settings, &id, err) < 0)
		return err->code;
	strbuf_addf(&ref, PACKAGE_REF_PREFIX "%s", req->tag->name);
	return repo_ref_swap(repo, ref.buf, &none, &id, NULL, err);
}

int package_fetch(git_repository *repo, const struct package_fetch *req,
		  struct err *err)
{
	CLEANUP(fetch_release)
	struct fetch f = { .req = req,
			   .all = MANIFEST_INIT,
			   .git = FAST_IMPORT_INIT,
			   .line = STRBUF_INIT };
	AUTO_SCRATCH struct scratch scratch = SCRATCH_INIT;
	AUTO_STRVEC struct strvec env = STRVEC_INIT;
	git_oid tree;
	int ret;

	if ((ret = get_manifest(&f, err)) < 0 ||
	    (ret = find_lacking(&f, repo, err)) < 0 ||
	    (ret = scratch_open(repo, &scratch, err)) < 0 ||
	    (ret = check_space(&f, &scratch, err)) < 0 ||
	    (ret = scratch_repo(&scratch, repo, &env, err)) < 0 ||
	    (ret = fast_import_start(&f.git, &scratch, &env, err)) < 0 ||
	    (ret = get_contents(&f, err)) < 0 || (ret = store(&f, err)) < 0 ||
	    (ret = prove(&f, &scratch, &tree, err)) < 0 ||
	    (ret = scratch_keep_packs(&scratch, repo, err)) < 0)
		return ret;
	return keep(repo, req, &tree, err);
}
