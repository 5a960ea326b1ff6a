#include "common/base/base.h"
#include "common/agent/seal.h"

#include "common/agent/edits.h"
#include "common/text/quote.h"

static void note(struct seal_report *report, char kind, const char *path)
{
	/* All of them must fit into one reply. */
	if (report->paths.nr >= 10000 || report->bytes >= MESSAGE_MAX / 2)
		return;
	strvec_pushf(&report->paths, "%c %s", kind, path);
	report->bytes += strlen(path) + 16;
}

/* Neither whole nor damaged: nobody can say. */
static int unknown(const struct edit *e, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, e->path, e->len);
	if (e->why == EXDEV)
		return err_set(err, ERR_FAILED, "something is mounted at '%s'",
			       shown.buf);
	errno = e->why;
	return err_sys(err, "cannot look at '%s'", shown.buf);
}

static int count(void *ctx, const struct edit *e, struct err *err)
{
	struct seal_report *report = ctx;

	switch (e->status) {
	case '?': return unknown(e, err);
	case 'A': report->extra++; break;
	case 'D': report->missing++; break;
	default: report->changed++; break;
	}
	note(report, e->status, e->path);
	return 0;
}

int seal_scan(struct agent *a, const char *id, bool every_byte,
	      const struct strvec *writable, struct seal_report *report,
	      struct err *err)
{
	AUTO_RELEASE_INDEX struct release_index x = RELEASE_INDEX_INIT;
	int ret = seal_load(a, id, &x, err);

	if (ret < 0)
		return ret;
	AUTO_FD int fd = openat(a->releases_fd, id,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct edit_scan s = {
		.dir_fd = fd,
		.sealed = &x,
		.skip = writable,
		.every_byte = every_byte,
	};

	if (fd < 0)
		return err_sys(err, "cannot open release '%s'", id);
	ret = edits_find(&s, count, report, err);
	report->files = s.looked;
	return ret;
}

void seal_report_release(struct seal_report *r)
{
	strvec_release(&r->paths);
}
