#include "common/base/base.h"
#include "git-release/build_import.h"
#include "git-release/build_tree.h"
#include "git-release/package_survey.h"
#include "common/git/fast_import.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"
#include "common/text/quote.h"

#define CHUNK (1 << 20)

struct importer {
	git_odb *odb;
	struct fast_import git;
	const char *token; /* the scratch directory's name */
	struct strbuf line;
	struct strbuf content; /* kept between files: saves allocations */
	struct strvec baked;
	size_t baked_nr, files;
};

static void importer_release(struct importer *im)
{
	fast_import_release(&im->git);
	strbuf_release(&im->line);
	strbuf_release(&im->content);
	strvec_release(&im->baked);
	git_odb_free(im->odb);
}

static bool is_known(struct importer *im, const void *data, size_t len,
		     char hex[OID_HEXSZ + 1])
{
	struct blob_hash hash;
	struct oid oid;
	git_oid id;

	blob_hash_init(&hash, len);
	blob_hash_update(&hash, data, len);
	blob_hash_final(&hash, &oid);
	oid_to_hex(&oid, hex);
	git_oid_fromraw(&id, oid.b);
	/* Looking for new packs at each miss would take most of the time. */
	return git_odb_exists_ext(im->odb, &id, GIT_ODB_LOOKUP_NO_REFRESH);
}

static int send_whole(struct importer *im, const char *mode, const char *path,
		      const void *data, size_t len, struct err *err)
{
	char hex[OID_HEXSZ + 1];
	bool known = is_known(im, data, len, hex);
	int ret;

	strbuf_reset(&im->line);
	strbuf_addf(&im->line, "M %s %s", mode, known ? hex : "inline");
	fast_import_add_path(&im->line, path);
	if (!known) {
		strbuf_addf(&im->line, "data %zu\n", len);
		strbuf_add(&im->line, data, len);
		strbuf_addch(&im->line, '\n');
	}
	ret = fast_import_send(&im->git, im->line.buf, im->line.len, err);
	if (im->line.alloc > CHUNK)
		strbuf_release(&im->line);
	return ret;
}

static int changed(struct err *err, const char *path)
{
	return err_set(err, ERR_FAILED,
		       "'%s' was changed while it was being read", path);
}

static bool holds(const char *data, size_t len, const char *token)
{
	return memmem(data, len, token, strlen(token)) != NULL;
}

/* Content past the end of a chunk is looked at together with its beginning. */
static int send_large(struct importer *im, const char *mode,
		      const struct build_file *f, int fd, struct err *err)
{
	size_t overlap = strlen(im->token) - 1, kept = 0;
	uint64_t left = (uint64_t)f->st->st_size;
	bool baked = false;
	int ret;

	strbuf_reset(&im->line);
	strbuf_addf(&im->line, "M %s inline", mode);
	fast_import_add_path(&im->line, f->path);
	strbuf_addf(&im->line, "data %" PRIu64 "\n", left);
	if ((ret = fast_import_send(&im->git, im->line.buf, im->line.len, err)) <
	    0)
		return ret;
	strbuf_reset(&im->content);
	strbuf_grow(&im->content, CHUNK + overlap);
	while (left) {
		char *at = im->content.buf + kept;
		size_t want = left < CHUNK ? (size_t)left : CHUNK;

		if (read_full(fd, at, want) != (ssize_t)want)
			return changed(err, f->path);
		baked |= holds(im->content.buf, kept + want, im->token);
		if ((ret = fast_import_send(&im->git, at, want, err)) < 0)
			return ret;
		left -= want;
		kept = want < overlap ? want : overlap;
		memmove(im->content.buf, at + want - kept, kept);
	}
	if (baked)
		survey_note(&im->baked, &im->baked_nr, f->path, NULL, 0);
	return fast_import_send(&im->git, "\n", 1, err);
}

static int import_regular(struct importer *im, const struct build_file *f,
			  struct err *err)
{
	const char *mode = f->st->st_mode & S_IXUSR ? "100755" : "100644";
	AUTO_FD int fd = openat(f->dir, f->name,
				O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	size_t size = (size_t)f->st->st_size;

	if (fd < 0)
		return err_sys(err, "cannot read '%s'", f->path);
	if (f->st->st_size > FAST_IMPORT_WHOLE_MAX)
		return send_large(im, mode, f, fd, err);
	strbuf_reset(&im->content);
	strbuf_grow(&im->content, size + 1);
	/* One more than there should be: it may have grown. */
	if (read_full(fd, im->content.buf, size + 1) != (ssize_t)size)
		return changed(err, f->path);
	if (holds(im->content.buf, size, im->token))
		survey_note(&im->baked, &im->baked_nr, f->path, NULL, 0);
	return send_whole(im, mode, f->path, im->content.buf, size, err);
}

static int import_file(const struct build_file *f, void *ctx, struct err *err)
{
	struct importer *im = ctx;
	char target[PATH_MAX];
	ssize_t n;

	if (f->empty_dir)
		return 0;
	im->files++;
	if (S_ISREG(f->st->st_mode))
		return import_regular(im, f, err);
	n = readlinkat(f->dir, f->name, target, sizeof(target));
	if (n < 0)
		return err_sys(err, "cannot read link '%s'", f->path);
	return send_whole(im, "120000", f->path, target, (size_t)n, err);
}

static int refuse_baked(const struct importer *im, struct err *err)
{
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;

	if (!im->files)
		return err_set(err, ERR_REFUSED, "the package has no files");
	if (!im->baked_nr)
		return 0;
	survey_list(&list, &im->baked, im->baked_nr);
	err_set(err, ERR_REFUSED, "files hold the path they were built in:%s",
		list.buf);
	return err_hint(err, "make caches in a midHook on the server, or "
			     "release.exclude them");
}

int build_import(git_repository *repo, const struct scratch *scratch, int tree,
		 const struct strvec *env, git_oid *id, struct err *err)
{
	CLEANUP(importer_release)
	struct importer im = { .git = FAST_IMPORT_INIT };
	int ret;

	im.token = scratch->token;
	im.line = (struct strbuf)STRBUF_INIT;
	im.content = (struct strbuf)STRBUF_INIT;
	if (git_repository_odb(&im.odb, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read objects");
	if ((ret = fast_import_start(&im.git, scratch, env, err)) < 0 ||
	    (ret = fast_import_commit(&im.git, err)) < 0 ||
	    (ret = build_tree_walk(tree, import_file, &im, err)) < 0)
		return ret;
	/* What is refused stays in the scratch repository and goes with it. */
	if ((ret = refuse_baked(&im, err)) < 0 ||
	    (ret = fast_import_finish(&im.git, err)) < 0 ||
	    (ret = scratch_keep_packs(scratch, repo, err)) < 0)
		return ret;
	return fast_import_tree(scratch, repo, id, err);
}
