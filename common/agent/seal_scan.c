#include "common/base/base.h"
#include "common/agent/seal.h"

#include "common/agent/scan.h"
#include "common/base/mem.h"
#include "common/text/relpath.h"

static bool below_any(const struct strvec *dirs, const char *path)
{
	for (size_t i = 0; i < dirs->nr; i++)
		if (relpath_within(path, dirs->v[i]))
			return true;
	return false;
}

struct compare {
	const struct release_index *index;
	struct seal_report *report;
	const struct strvec *writable;
	unsigned char *seen;
	bool every_byte;
};

static void note(struct seal_report *report, char kind, const char *path)
{
	/* All of them must fit into one reply. */
	if (report->paths.nr >= 10000 || report->bytes >= MESSAGE_MAX / 2)
		return;
	strvec_pushf(&report->paths, "%c %s", kind, path);
	report->bytes += strlen(path) + 16;
}

static bool unchanged(const struct compare *c, const struct index_entry *e,
		      int at, const char *name, const struct stat *st)
{
	struct stat_record now;
	struct oid oid;

	stat_record_set(&now, st);
	if (S_ISDIR(st->st_mode))
		return S_ISDIR(e->mode);
	if (now.mode != e->mode || now.size != e->size)
		return false;
	if (!c->every_byte && now.mtime == e->mtime && now.ctime == e->ctime &&
	    now.ino == e->ino && release_index_settled(c->index, e))
		return true;
	return !tree_hash(at, name, st, &oid) && oid_eq(&oid, &e->oid);
}

static int compare_one(void *ctx, const char *path, size_t len, int at,
		       const char *name, const struct stat *st,
		       struct err *err UNUSED)
{
	struct compare *c = ctx;
	const struct index_entry *e = release_index_find(c->index, path, len);

	c->report->files += !S_ISDIR(st->st_mode);
	if (e)
		c->seen[e - c->index->entries] = 1;
	if (c->writable && below_any(c->writable, path))
		return 0;
	if (!e) {
		c->report->extra += !S_ISDIR(st->st_mode);
		if (!S_ISDIR(st->st_mode))
			note(c->report, 'A', path);
	} else if (!unchanged(c, e, at, name, st)) {
		c->report->changed++;
		note(c->report, 'M', path);
	}
	return 0;
}

int seal_scan(struct agent *a, const char *id, bool every_byte,
	      const struct strvec *writable_dirs, struct seal_report *report,
	      struct err *err)
{
	AUTO_RELEASE_INDEX struct release_index x = RELEASE_INDEX_INIT;
	int ret = seal_load(a, id, &x, err);

	if (ret < 0)
		return ret;
	AUTO_FD int fd = openat(a->releases_fd, id,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	AUTO_FREE unsigned char *seen = xcalloc(x.nr, 1);
	struct compare c = {
		.index = &x,
		.report = report,
		.writable = writable_dirs,
		.seen = seen,
		.every_byte = every_byte,
	};

	if (fd < 0)
		return err_sys(err, "cannot open release '%s'", id);
	ret = scan_tree(fd, compare_one, &c, err);
	for (size_t i = 0; !ret && i < x.nr; i++) {
		const char *path = x.entries[i].path;

		if (seen[i] || (writable_dirs && below_any(writable_dirs, path)))
			continue;
		report->missing++;
		note(report, 'D', path);
	}
	return ret;
}

void seal_report_release(struct seal_report *r)
{
	strvec_release(&r->paths);
}
