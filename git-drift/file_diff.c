#include "common/base/base.h"
#include "git-drift/file_diff.h"

#include "common/git/tree_bytes.h"

/* git's own measure, in buffer_is_binary(). */
#define BINARY_BYTES 8000

struct side {
	git_odb_object *object; /* NULL for none */
	const char *data;
	size_t len;
	char subproject[sizeof("Subproject commit \n") + GIT_OID_HEXSZ];
};

static void side_release(struct side *s)
{
	git_odb_object_free(s->object);
}
#define AUTO_SIDE CLEANUP(side_release)

static void read_submodule(struct side *s, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	snprintf(s->subproject, sizeof(s->subproject), "Subproject commit %s\n",
		 hex);
	s->data = s->subproject;
	s->len = strlen(s->subproject);
}

static int read_side(struct file_diff *d, const struct file_side *from,
		     struct side *s, struct err *err)
{
	AUTO_ODB git_odb *odb = NULL;
	git_object_t type;
	int ret;

	s->data = "";
	if (from->mode == GIT_FILEMODE_COMMIT)
		read_submodule(s, from->id);
	if (!from->mode || from->mode == GIT_FILEMODE_COMMIT)
		return 0;
	if (git_repository_odb(&odb, d->repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read objects");
	ret = git_odb_read_header(&s->len, &type, odb, from->id);
	if (!ret && type == GIT_OBJECT_BLOB && s->len > FILE_DIFF_MAX) {
		d->too_large = d->binary = true;
		return 0;
	}
	if (!ret)
		ret = git_odb_read(&s->object, odb, from->id);
	if (ret == GIT_ENOTFOUND)
		return object_missing(d->repo, from->id, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a file");
	s->data = git_odb_object_data(s->object);
	s->len = git_odb_object_size(s->object);
	if (memchr(s->data, '\0', s->len < BINARY_BYTES ? s->len : BINARY_BYTES))
		d->binary = true;
	return 0;
}

static int tell(struct file_diff *d, const struct file_diff_line *line)
{
	return d->on_line && d->on_line(d->ctx, line) ? GIT_EUSER : 0;
}

static int take_hunk(const git_diff_delta *delta UNUSED,
		     const git_diff_hunk *hunk, void *ctx)
{
	const struct file_diff_line line = {
		.kind = '@',
		.old_line = (uint32_t)hunk->old_start,
		.new_line = (uint32_t)hunk->new_start,
		.old_lines = (uint32_t)hunk->old_lines,
		.new_lines = (uint32_t)hunk->new_lines,
		.text = "",
	};

	return tell(ctx, &line);
}

static char kind_of(char origin)
{
	switch (origin) {
	case GIT_DIFF_LINE_CONTEXT:
	case GIT_DIFF_LINE_ADDITION:
	case GIT_DIFF_LINE_DELETION: return origin;
	default: return '\\';
	}
}

static int take_line(const git_diff_delta *delta UNUSED,
		     const git_diff_hunk *hunk UNUSED, const git_diff_line *l,
		     void *ctx)
{
	struct file_diff *d = ctx;
	struct file_diff_line line = {
		.kind = kind_of(l->origin),
		.old_line = l->old_lineno > 0 ? (uint32_t)l->old_lineno : 0,
		.new_line = l->new_lineno > 0 ? (uint32_t)l->new_lineno : 0,
		.text = l->content,
		.len = l->content_len,
	};

	d->added += line.kind == '+';
	d->removed += line.kind == '-';
	if (line.len && line.text[line.len - 1] == '\n')
		line.len--;
	if (line.kind == '\\')
		line.len = 0;
	return tell(d, &line);
}

/* Every line of a file that only one side has: nothing to compare. */
static uint64_t count_lines(const struct side *s)
{
	const char *p = s->data, *end = p + s->len, *nl;
	uint64_t nr = 0;

	for (; p < end && (nl = memchr(p, '\n', (size_t)(end - p))); p = nl + 1)
		nr++;
	return nr + (p < end);
}

static bool same(const struct side *a, const struct side *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

static int run_xdiff(struct file_diff *d, const struct side *old,
		     const struct side *new, struct err *err)
{
	git_diff_options opts = GIT_DIFF_OPTIONS_INIT;
	int ret;

	opts.context_lines = d->context;
	opts.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
	ret = git_diff_buffers(old->data, old->len, NULL, new->data, new->len,
			       NULL, &opts, NULL, NULL,
			       d->on_line ? take_hunk : NULL, take_line, d);
	if (ret < 0 && ret != GIT_EUSER)
		return err_git(err, ERR_FAILED, "cannot compare two files");
	return 0;
}

int file_diff_run(struct file_diff *d, const struct file_side *old_side,
		  const struct file_side *new_side, struct err *err)
{
	AUTO_SIDE struct side old = { 0 };
	AUTO_SIDE struct side new = { 0 };

	d->added = d->removed = 0;
	d->binary = d->too_large = false;
	if (read_side(d, old_side, &old, err) < 0 ||
	    read_side(d, new_side, &new, err) < 0)
		return err->code;
	if (d->binary || same(&old, &new))
		return 0;
	if (!d->on_line && (!old_side->mode || !new_side->mode)) {
		d->added = count_lines(&new);
		d->removed = count_lines(&old);
		return 0;
	}
	return run_xdiff(d, &old, &new, err);
}
