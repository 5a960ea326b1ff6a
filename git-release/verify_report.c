#include "common/base/base.h"
#include "git-release/verify_report.h"

#include "common/base/mem.h"

void verify_report_release(struct verify_report *r)
{
	while (r->nr)
		free(r->v[--r->nr].path);
	free(r->v);
	*r = (struct verify_report)VERIFY_REPORT_INIT;
}

bool verify_report_clean(const struct verify_report *r)
{
	return !r->changed && !r->missing && !r->added && !r->nr;
}

static int by_path(const void *va, const void *vb)
{
	const struct verify_path *a = va, *b = vb;

	return strcmp(a->path, b->path);
}

int verify_report_take(struct verify_report *out, const struct message *reply,
		       struct err *err)
{
	const char *text;
	size_t at = 0;

	if (message_u64(reply, "files", &out->files, err) < 0 ||
	    message_u64(reply, "changed", &out->changed, err) < 0 ||
	    message_u64(reply, "missing", &out->missing, err) < 0 ||
	    message_u64(reply, "extra", &out->added, err) < 0)
		return err->code;
	while ((text = message_next(reply, "path", &at))) {
		if (!*text || !strchr("MDA", *text) || text[1] != ' ' || !text[2])
			return err_set(err, ERR_FAILED,
				       "the agent's report is not in order");
		ALLOC_GROW(out->v, out->nr + 1, out->alloc);
		out->v[out->nr].status = *text;
		out->v[out->nr++].path = xstrdup(text + 2);
	}
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_path);
	return 0;
}
