#include "common/base/base.h"
#include "git-serversync/capture.h"

#include "common/base/mem.h"

void capture_file_release(struct capture_file *f)
{
	free(f->path);
	free(f->git_path);
	free(f->why);
	free(f->delete_reason);
}

void capture_release(struct capture *c)
{
	for (size_t i = 0; i < c->nr; i++)
		capture_file_release(&c->v[i]);
	for (size_t i = 0; i < c->nr_ignored; i++)
		free(c->ignored[i].path);
	free(c->v);
	free(c->ignored);
	strvec_release(&c->unknown);
	free(c->environment);
	free(c->server);
	free(c->release);
	free(c->version);
	free(c->captured_at);
	free(c->branch);
	free(c->target);
	*c = (struct capture)CAPTURE_INIT;
}

struct capture_file *capture_add(struct capture *c, const char *path,
				 const char *git_path)
{
	struct capture_file *f;

	ALLOC_GROW(c->v, c->nr + 1, c->alloc);
	f = &c->v[c->nr++];
	*f = (struct capture_file){
		.path = xstrdup(path),
		.git_path = xstrdup(git_path),
		.why = xstrdup(""),
	};
	return f;
}

struct capture_file *capture_find(const struct capture *c, const char *git_path)
{
	size_t low = 0, high = c->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int cmp = strcmp(c->v[mid].git_path, git_path);

		if (!cmp)
			return &c->v[mid];
		if (cmp < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

void capture_why(struct capture_file *f, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf why = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&why, fmt, ap);
	va_end(ap);
	free(f->why);
	f->why = strbuf_detach(&why);
}

const char *capture_mode_change(const struct capture_file *f)
{
	if (f->status != 'M' || !f->mode || !f->old_mode || f->mode == f->old_mode)
		return NULL;
	if (f->mode == GIT_FILEMODE_LINK)
		return "now a link";
	if (f->old_mode == GIT_FILEMODE_LINK)
		return "was a link";
	return f->mode == GIT_FILEMODE_BLOB_EXECUTABLE
		       ? "now executable"
		       : "not executable any more";
}

size_t capture_taken(const struct capture *c)
{
	size_t nr = 0;

	for (size_t i = 0; i < c->nr; i++)
		nr += c->v[i].taken;
	return nr;
}
