#include "common/base/base.h"
#include "common/agent/seal.h"

#include "common/agent/link.h"
#include "common/agent/root.h"
#include "common/agent/scan.h"
#include "common/base/mem.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"
#include "common/text/quote.h"

#include <time.h>

#define INDEX_MAX ((size_t)1 << 30)

struct sealing {
	struct run *run;
	struct index_entry *entries;
	size_t nr, alloc;
	size_t found; /* package files that were met */
};

static int hash_of(int at, const char *name, const struct stat *st,
		   struct oid *oid)
{
	if (S_ISLNK(st->st_mode))
		return tree_hash_link(at, name, oid);
	AUTO_FD int fd =
		openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? -1 : tree_hash_file(fd, (uint64_t)st->st_size, oid);
}

static bool below_any(const struct strvec *dirs, const char *path)
{
	for (size_t i = 0; i < dirs->nr; i++)
		if (path_within(path, dirs->v[i]))
			return true;
	return false;
}

static bool writable(const struct run *run, const char *path)
{
	const char *dir;
	size_t at = 0;

	while ((dir = message_next(&run->request, "writable", &at)))
		if (path_within(path, dir))
			return true;
	return false;
}

/* The id of a file: known, if it is as we left it; else from its content. */
static int identify(struct sealing *s, const char *path, size_t len, int at,
		    const char *name, const struct stat *st, struct oid *oid)
{
	struct run *run = s->run;
	ssize_t i = manifest_find(&run->new, path, len);
	bool ours = i >= 0 && run->places[i] == PLACE_RELEASE;

	if (ours && stat_record_matches(&run->records[i], st)) {
		*oid = run->new.entries[i].oid;
		s->found++;
		return 0;
	}
	if (hash_of(at, name, st, oid) < 0)
		return -1;
	if (!ours)
		return 0;
	s->found++;
	if (!oid_eq(oid, &run->new.entries[i].oid) && !writable(run, path)) {
		errno = ESTALE;
		return -1;
	}
	return 0;
}

static int seal_one(void *ctx, const char *path, size_t len, int at,
		    const char *name, const struct stat *st, struct err *err)
{
	struct sealing *s = ctx;
	struct stat_record r;
	struct oid oid = { { 0 } };
	struct index_entry *e;

	if (!S_ISREG(st->st_mode) && !S_ISLNK(st->st_mode) &&
	    !S_ISDIR(st->st_mode)) {
		if (writable(s->run, path))
			return SCAN_SKIP;
		return err_set(err, ERR_FAILED,
			       "a hook left '%s', which is no file, directory "
			       "or link",
			       path);
	}
	if (!S_ISDIR(st->st_mode) &&
	    identify(s, path, len, at, name, st, &oid) < 0) {
		if (errno != ESTALE)
			return err_sys(err, "cannot read '%s'", path);
		err_set(err, ERR_FAILED,
			"a hook changed '%s', which is part of the package",
			path);
		return err_hint(err, "declare it with release.writable if "
				     "hooks may write there");
	}
	stat_record_set(&r, st);
	ALLOC_GROW(s->entries, s->nr + 1, s->alloc);
	e = &s->entries[s->nr++];
	*e = (struct index_entry){
		.path = xstrndup(path, len),
		.path_len = (uint32_t)len,
		.mode = r.mode,
		.oid = oid,
		.size = r.size,
		.mtime = r.mtime,
		.ctime = r.ctime,
		.ino = r.ino,
	};
	return 0;
}

static int by_path(const void *va, const void *vb)
{
	const struct index_entry *a = va, *b = vb;

	return strcmp(a->path, b->path);
}

static void sealing_release(struct sealing *s)
{
	for (size_t i = 0; i < s->nr; i++)
		free((char *)s->entries[i].path);
	free(s->entries);
}

static int check_complete(const struct sealing *s, struct err *err)
{
	const struct run *run = s->run;
	size_t want = 0;

	for (size_t i = 0; i < run->new.nr; i++)
		want += run->places[i] == PLACE_RELEASE;
	if (s->found == want)
		return 0;
	return err_set(err, ERR_FAILED,
		       "%zu of the package's files are missing from the "
		       "release",
		       want - s->found);
}

static void format_index(struct sealing *s, struct strbuf *out)
{
	char sum[SHA256_HEXSZ + 1];
	struct timespec now;
	struct sha256 sha;

	if (s->nr)
		qsort(s->entries, s->nr, sizeof(*s->entries), by_path);
	(void)strbuf_grow(out, s->nr * 192 + 256);
	strbuf_addstr(out, RELEASE_INDEX_MAGIC);
	for (size_t i = 0; i < s->nr; i++)
		release_index_add(out, &s->entries[i]);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	strbuf_addf(out, "end %lld%09ld ", (long long)now.tv_sec, now.tv_nsec);
	sha256_init(&sha);
	sha256_update(&sha, out->buf, out->len);
	sha256_final_hex(&sha, sum);
	strbuf_addf(out, "%s\n", sum);
}

static int write_in(struct agent *a, const char *dir, const char *id,
		    const struct strbuf *bytes, struct err *err)
{
	AUTO_FD int fd = root_dot_dir(a, dir, true);

	if (fd < 0)
		return err_sys(err, "cannot open '.release/%s'", dir);
	return file_replace(fd, id, bytes, 0600, err);
}

int seal_write(struct agent *a, struct run *run, struct err *err)
{
	struct sealing s = { .run = run };
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;
	int ret = scan_tree(run->tree_fd, seal_one, &s, err);

	if (!ret)
		ret = check_complete(&s, err);
	if (!ret)
		format_index(&s, &bytes);
	sealing_release(&s);
	/* Hooks may have written after the first syncfs. */
	if (!ret && run->hooks_ran && syncfs(run->tree_fd) < 0)
		ret = err_sys(err, "cannot sync the release");
	if (!ret)
		ret = write_in(a, "manifest", run->id, &run->new.raw, err);
	if (!ret)
		ret = write_in(a, "index", run->id, &bytes, err);
	if (!ret)
		ret = link_prepare(a, run->id, err);
	if (!ret)
		ret = journal_reserve(&a->journal, a->dot_fd, err);
	if (!ret)
		run->sealed = true;
	return ret;
}

int seal_load(struct agent *a, const char *id, struct release_index *x,
	      struct err *err)
{
	AUTO_FD int fd = root_dot_dir(a, "index", false);
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	char sum[SHA256_HEXSZ + 1];
	const char *want;
	struct sha256 sha;
	size_t len;

	if (fd < 0)
		return err_set(err, ERR_NOTFOUND, "there is no index");
	if (file_read(fd, id, INDEX_MAX, &raw, err) < 0 ||
	    release_index_parse(x, &raw, &len, &want, err) < 0)
		return err->code;
	sha256_init(&sha);
	sha256_update(&sha, x->raw.buf, len);
	sha256_final_hex(&sha, sum);
	if (strncmp(sum, want, SHA256_HEXSZ))
		return err_set(err, ERR_FAILED, "the index of '%s' is damaged",
			       id);
	return 0;
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
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	if (report->paths.nr >= 10000)
		return;
	quote_text(&shown, path, strlen(path));
	strvec_pushf(&report->paths, "%c %s", kind, shown.buf);
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
	return !hash_of(at, name, st, &oid) && oid_eq(&oid, &e->oid);
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
