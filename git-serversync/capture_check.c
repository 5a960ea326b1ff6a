#include "common/base/base.h"
#include "git-serversync/capture_check.h"

#include "common/base/mem.h"
#include "common/git/revision.h"
#include "common/git/tree_bytes.h"
#include "common/text/link_target.h"
#include "common/text/quote.h"
#include "common/text/relpath.h"
#include "git-serversync/branch_history.h"
#include "git-serversync/capture_class.h"
#include "git-serversync/gits_path.h"
#include "git-serversync/path_cover.h"
#include "git-serversync/review_list.h"

const char *capture_finding_name(enum capture_finding_kind kind)
{
	static const char *const names[] = {
		[FINDING_AUDIT] = "audit",   [FINDING_DELETION] = "deletion",
		[FINDING_REASON] = "reason", [FINDING_CLEARED] = "cleared",
		[FINDING_SECRET] = "secret", [FINDING_GIT] = "git",
		[FINDING_KIND] = "kind",     [FINDING_SIZE] = "size",
	};

	return names[kind];
}

void capture_check_release(struct capture_check *c)
{
	while (c->nr) {
		c->nr--;
		free(c->v[c->nr].path);
		free(c->v[c->nr].what);
	}
	free(c->v);
	capture_branch_release(&c->branch);
	symmetry_audit_release(&c->audit);
	tree_delta_release(&c->delta);
}

static void find(struct capture_check *c, enum capture_finding_kind kind,
		 const char *path, const char *fmt, ...) PRINTF_LIKE(4, 5);
static void find(struct capture_check *c, enum capture_finding_kind kind,
		 const char *path, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&what, fmt, ap);
	va_end(ap);
	ALLOC_GROW(c->v, c->nr + 1, c->alloc);
	c->v[c->nr++] = (struct capture_finding){
		.kind = kind,
		.path = xstrdup(path),
		.what = strbuf_detach(&what),
	};
}

static void check_audit(struct capture_check *c)
{
	const struct symmetry_audit *a = &c->audit;
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	if (a->verdict == AUDIT_UNPROVEN) {
		if (a->gap.line)
			strbuf_addf(&line, " at line %u", a->gap.line);
		find(c, FINDING_AUDIT, a->gap.file,
		     "cannot prove symmetry%s: %s", line.buf, a->gap.why.buf);
		return;
	}
	for (size_t i = 0; i < a->cleared.paths.nr; i++) {
		const struct audited_path *p = &a->cleared.paths.v[i];
		AUTO_STRBUF struct strbuf by = STRBUF_INIT;

		if (a->is_protected[i])
			continue;
		quote_text(&by, a->protected_by, strlen(a->protected_by));
		find(c, FINDING_AUDIT, p->path,
		     "is cleared by every deploy (%s:%u), and not protected "
		     "by %s",
		     p->file, p->line, by.buf);
	}
}

/* What cannot be read may be the reason that is missed below. */
static void check_trailers(struct capture_check *c)
{
	for (size_t i = 0; i < c->branch.nr; i++) {
		const struct capture_said *said = &c->branch.v[i];
		char hex[8];

		git_oid_tostr(hex, sizeof(hex), &said->id);
		for (size_t k = 0; k < said->trailers.unreadable.nr; k++) {
			const char *text = said->trailers.unreadable.v[k];
			AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

			quote_text(&shown, text, strnlen(text, 200));
			find(c, FINDING_REASON, hex,
			     "its trailer cannot be read: %s", shown.buf);
		}
	}
}

static bool rejects(const struct capture_said *said, const char *path)
{
	for (size_t i = 0; i < said->trailers.rejected.nr; i++)
		if (!strcmp(said->trailers.rejected.v[i], path))
			return true;
	return false;
}

/* 1 when somebody has rejected the path after this commit. */
static int is_void(struct capture_check *c, const struct capture_said *reason,
		   const char *path, struct err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < c->branch.nr; i++) {
		const struct capture_said *said = &c->branch.v[i];

		if (rejects(said, path))
			ret = git_graph_descendant_of(c->repo, &said->id,
						      &reason->id);
	}
	return ret < 0 ? err_git(err, ERR_FAILED, "cannot compare commits") : ret;
}

static int check_deletion(struct capture_check *c, const char *path,
			  struct err *err)
{
	for (size_t i = 0; i < c->branch.nr; i++) {
		const struct capture_said *said = &c->branch.v[i];
		int ret;

		if (!capture_trailers_reason(&said->trailers, path))
			continue;
		if ((ret = is_void(c, said, path, err)) <= 0)
			return ret;
	}
	find(c, FINDING_DELETION, path, "is deleted without a reason");
	return 0;
}

static void check_cleared(struct capture_check *c, const char *path)
{
	const struct audited_paths *cleared = &c->audit.cleared.paths;
	const char *dir = c->settings->subdirectory, *below = NULL;

	if (dir && relpath_within(path, dir) && path[strlen(dir)])
		below = path + strlen(dir) + 1;
	for (size_t i = 0; i < cleared->nr; i++) {
		const struct audited_path *p = &cleared->v[i];

		if (!path_cover_file(p->path, path) &&
		    !(below && path_cover_file(p->path, below)))
			continue;
		find(c, FINDING_CLEARED, path,
		     "is cleared by every deploy (%s:%u), so that no server "
		     "has it for long",
		     p->file, p->line);
		return;
	}
}

/* Whoever makes trees by hand can have such in them. */
static bool is_odd(const char *path)
{
	for (const char *p = path;;) {
		size_t len = strcspn(p, "/");

		if (!len || (len == 1 && *p == '.') ||
		    (len == 2 && !strncmp(p, "..", 2)))
			return true;
		p += len;
		if (!*p++)
			return false;
	}
}

static void check_link(struct capture_check *c,
		       const struct tree_change *change, const git_blob *blob)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	const char *target = git_blob_rawcontent(blob);
	size_t len = (size_t)git_blob_rawsize(blob);

	if (link_stays_inside(change->path, target, len))
		return;
	quote_text(&shown, target, len < 200 ? len : 200);
	find(c, FINDING_KIND, change->path,
	     "is a symbolic link that may lead out: %s", shown.buf);
}

/* What was there before, and what is now; NULL: not read. */
static void free_both(git_blob *(*blob)[2])
{
	git_blob_free((*blob)[0]);
	git_blob_free((*blob)[1]);
}

static bool is_secret(const struct tree_change *change, git_blob *blob[2],
		      struct class_verdict *verdict)
{
	struct class_input in = {
		.path = change->path,
		.status = change->old_mode ? 'M' : 'A',
		.st_mode = change->new_mode,
		.in_commit = change->old_mode != 0,
	};

	if (blob[1] && !S_ISLNK(change->new_mode)) {
		in.content = git_blob_rawcontent(blob[1]);
		in.len = (size_t)git_blob_rawsize(blob[1]);
	}
	if (blob[0]) {
		in.old = git_blob_rawcontent(blob[0]);
		in.old_len = (size_t)git_blob_rawsize(blob[0]);
	}
	capture_classify(&in, verdict);
	return verdict->class == CLASS_SECRET;
}

static int read_size(struct capture_check *c, git_odb *odb, const git_oid *id,
		     size_t *len, struct err *err)
{
	git_object_t type;
	int ret = git_odb_read_header(len, &type, odb, id);

	if (ret == GIT_ENOTFOUND)
		return object_missing(c->repo, id, err);
	return ret < 0 ? err_git(err, ERR_FAILED, "cannot read a file") : 0;
}

/* NULL when it is too large to be looked into; then only its name tells. */
static int read_small(struct capture_check *c, git_odb *odb, const git_oid *id,
		      git_blob **out, struct err *err)
{
	size_t len;
	int ret = read_size(c, odb, id, &len, err);

	if (ret < 0 || len > c->settings->max_file_size)
		return ret;
	return git_blob_lookup(out, c->repo, id) < 0
		       ? err_git(err, ERR_FAILED, "cannot read a file")
		       : 0;
}

static int check_size(struct capture_check *c, git_odb *odb,
		      const struct tree_change *change, struct err *err)
{
	AUTO_STRBUF struct strbuf size = STRBUF_INIT;
	size_t len;
	int ret = read_size(c, odb, &change->new_id, &len, err);

	if (ret < 0 || len <= c->settings->max_file_size)
		return ret;
	review_add_size(&size, len);
	find(c, FINDING_SIZE, change->path,
	     "is larger than serversync.maxFileSize: %s", size.buf);
	return 0;
}

/* Both contents, where there are such. */
static int read_both(struct capture_check *c, git_odb *odb,
		     const struct tree_change *change, git_blob *out[2],
		     struct err *err)
{
	int ret = read_small(c, odb, &change->new_id, &out[1], err);

	if (ret < 0 || !S_ISREG(change->old_mode))
		return ret;
	return read_small(c, odb, &change->old_id, &out[0], err);
}

static int check_content(struct capture_check *c, git_odb *odb,
			 const struct tree_change *change, struct err *err)
{
	AUTO_CLASS_VERDICT struct class_verdict verdict = CLASS_VERDICT_INIT;
	CLEANUP(free_both) git_blob *blob[2] = { NULL, NULL };
	int ret;

	if (change->new_mode == GIT_FILEMODE_COMMIT) {
		find(c, FINDING_KIND, change->path, "is a submodule");
		return 0;
	}
	if ((ret = check_size(c, odb, change, err)) < 0 ||
	    (ret = read_both(c, odb, change, blob, err)) < 0)
		return ret;
	if (blob[1] && S_ISLNK(change->new_mode))
		check_link(c, change, blob[1]);
	if (is_secret(change, blob, &verdict))
		find(c, FINDING_SECRET, change->path, "is a secret: %s",
		     verdict.why.buf);
	return 0;
}

struct past {
	struct capture_check *check;
	git_odb *odb;
};

static bool has_secret(const struct capture_check *c, const char *path)
{
	for (size_t i = 0; i < c->nr; i++)
		if (c->v[i].kind == FINDING_SECRET && !strcmp(c->v[i].path, path))
			return true;
	return false;
}

/* What is gone from the tip is told once, by the newest commit that had it. */
static int check_past(void *ctx, const git_oid *commit,
		      const struct tree_change *change, struct err *err)
{
	AUTO_CLASS_VERDICT struct class_verdict verdict = CLASS_VERDICT_INIT;
	struct past *past = ctx;
	struct capture_check *c = past->check;
	CLEANUP(free_both) git_blob *blob[2] = { NULL, NULL };
	char hex[8];
	int ret;

	if (has_secret(c, change->path))
		return 0;
	if ((ret = read_both(c, past->odb, change, blob, err)) < 0 ||
	    !is_secret(change, blob, &verdict))
		return ret;
	git_oid_tostr(hex, sizeof(hex), commit);
	find(c, FINDING_SECRET, change->path,
	     "is a secret in the history of the branch (%s): %s", hex,
	     verdict.why.buf);
	return 0;
}

static int check_change(struct capture_check *c, git_odb *odb,
			const struct tree_change *change, struct err *err)
{
	if (path_is_gits(change->path))
		find(c, FINDING_GIT, change->path,
		     "steers git, in which no server has a say");
	if (is_odd(change->path))
		find(c, FINDING_KIND, change->path,
		     "is no name that a work tree can hold");
	if (change->status == 'D')
		return check_deletion(c, change->path, err);
	check_cleared(c, change->path);
	return check_content(c, odb, change, err);
}

static int find_delta(struct capture_check *c, struct err *err)
{
	git_oid old, new;
	int ret;

	if ((ret = commit_tree(c->repo, &c->branch.common, &old, err)) < 0 ||
	    (ret = commit_tree(c->repo, &c->branch.tip, &new, err)) < 0)
		return ret;
	return tree_delta_find(c->repo, &old, &new, &c->delta, err);
}

int capture_check_run(struct capture_check *c, const git_oid *tip,
		      const struct project_files *files, struct err *err)
{
	const struct capture_branch_request request = { .repo = c->repo,
							.settings = c->settings,
							.tip = *tip };
	struct past past = { .check = c };
	AUTO_ODB git_odb *odb = NULL;
	int ret;

	if ((ret = capture_branch_read(&request, &c->branch, err)) < 0 ||
	    (ret = symmetry_audit_run(c->settings, files, &c->audit, err)) < 0 ||
	    (ret = find_delta(c, err)) < 0)
		return ret;
	if (git_repository_odb(&odb, c->repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read objects");
	check_audit(c);
	check_trailers(c);
	for (size_t i = 0; !ret && i < c->delta.nr; i++)
		ret = check_change(c, odb, &c->delta.v[i], err);
	if (ret < 0)
		return ret;
	past.odb = odb;
	return branch_history_each(c->repo, &c->branch, check_past, &past, err);
}
