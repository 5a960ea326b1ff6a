#include "common/base/base.h"
#include "common/agent/scan_request.h"

#include "common/agent/byte_reply.h"
#include "common/agent/edits.h"
#include "common/agent/scan_keep.h"
#include "common/agent/scan_origin.h"
#include "common/agent/link_to_shared.h"
#include "common/agent/shared.h"
#include "common/agent/stream.h"
#include "common/agent/tree.h"
#include "common/base/mem.h"
#include "common/text/edit_judge.h"
#include "common/text/relpath.h"
#include "common/wire/index_file.h"
#include "common/wire/packed.h"

#include <time.h>

struct found {
	struct index_entry e;
	bool same; /* as installed: kept, not reported */
};

struct scan {
	struct agent *a;
	struct live_tree live;
	struct strvec skip, shared;
	struct release_index kept; /* of the time before; may be empty */
	bool kept_here;		   /* by us, not by the client */
	struct scan_report report;
	struct found *v;
	size_t nr, alloc, bytes;
	uint64_t new_files; /* of what is there, those not in the index */
	uint64_t begun;	    /* nanoseconds */
	bool look_only;	    /* nothing is kept for the next time */
};

static int look_up(void *ctx, struct err *err)
{
	return agent_listen(((struct scan *)ctx)->a, 0, err);
}

static int too_many(struct err *err, const char *what)
{
	err_set(err, ERR_REFUSED, "the live release has too many %s", what);
	return err_hint(err, "leave out with serversync.exclude what need not "
			     "be looked at");
}

static void take_stat(struct index_entry *to, const struct stat *st)
{
	struct stat_record r;

	stat_record_set(&r, st);
	to->mode = r.mode;
	to->size = r.size;
	to->mtime = r.mtime;
	to->ctime = r.ctime;
	to->ino = r.ino;
}

static uint32_t flags_of(const struct scan *s, const struct edit *e)
{
	uint32_t flags = 0;

	if (e->st.st_uid != s->live.st.st_uid)
		flags |= SCAN_OTHER_OWNER;
	if (S_ISLNK(e->st.st_mode) &&
	    link_to_shared(s->a, &s->live, e->path, e->at, e->name))
		flags |= SCAN_SHARED_LINK;
	return flags;
}

static int add(struct scan *s, const struct edit *e, struct err *err)
{
	struct found f = { .same = e->status == '=' };

	f.e.path_len = (uint32_t)e->len;
	/* A directory where a file was: to git, that file is gone. */
	if (e->status != 'D' && !S_ISDIR(e->st.st_mode)) {
		take_stat(&f.e, &e->st);
		f.e.oid = e->oid;
		f.e.mode |= flags_of(s, e);
	}
	s->bytes += e->len + 128;
	if (s->nr >= SCAN_FILES_MAX || s->bytes > SCAN_BYTES_MAX / 2)
		return too_many(err, "files");
	f.e.path = xstrndup(e->path, e->len);
	ALLOC_GROW(s->v, s->nr + 1, s->alloc);
	s->v[s->nr++] = f;
	return 0;
}

/* Its content is in shared/ as well, or there is none. */
static bool is_shared(const struct scan *s, const struct edit *e)
{
	for (size_t i = 0; i < s->shared.nr; i++)
		if (relpath_within(e->path, s->shared.v[i]))
			return !edit_kind(e->st.st_mode) ||
			       shared_has(s->a, e->path, &e->oid);
	return false;
}

static int take_edit(void *ctx, const struct edit *e, struct err *err)
{
	struct scan *s = ctx;

	if (e->status == '?') {
		if (s->report.unknown.nr >= SCAN_UNKNOWN_MAX)
			return too_many(err, "places that cannot be read");
		scan_report_add_unknown(&s->report, e->path, e->why);
		return 0;
	}
	/* git knows no directories: what was in it is said, one by one. */
	if (e->status == 'D' && S_ISDIR(e->was->mode))
		return 0;
	s->new_files += e->status == 'A';
	if (is_shared(s, e))
		return 0;
	return add(s, e, err);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->e.path,
		      ((const struct found *)b)->e.path);
}

static int emptied(const struct scan *s, struct err *err)
{
	if (s->live.kind == SCAN_SEALED)
		err_set(err, ERR_REFUSED,
			"none of the files of the live release '%s' are there",
			s->live.id);
	else
		err_set(err, ERR_REFUSED, "'%s' is empty",
			*s->live.id ? s->live.id : s->a->root);
	return err_hint(err, NOTHING_DELETED);
}

static int find(struct scan *s, struct err *err)
{
	struct edit_scan es = {
		.dir_fd = s->live.fd,
		.sealed = s->live.kind == SCAN_SEALED ? &s->live.sealed : NULL,
		.kept = &s->kept,
		.skip = &s->skip,
		.proven = true,
		.pause = look_up,
	};
	int ret = edits_find(&es, take_edit, s, err);

	if (ret)
		return ret;
	s->report.looked = es.looked;
	s->report.read = es.read;
	if (es.looked <= (es.sealed ? s->new_files : 0) && !s->report.unknown.nr)
		return emptied(s, err);
	if (s->nr)
		qsort(s->v, s->nr, sizeof(*s->v), by_path);
	return 0;
}

static bool same_as_kept(const struct scan *s)
{
	bool same = s->nr == s->kept.nr && !s->report.read;

	for (size_t i = 0; same && i < s->nr; i++) {
		const struct index_entry *a = &s->v[i].e;
		const struct index_entry *b = &s->kept.entries[i];

		same = !strcmp(a->path, b->path) && a->mode == b->mode &&
		       a->size == b->size && a->mtime == b->mtime &&
		       a->ctime == b->ctime && a->ino == b->ino &&
		       oid_eq(&a->oid, &b->oid);
	}
	return same;
}

/* Of all that is to be reported; or of what is there, to be kept. */
static void format(const struct scan *s, bool keep, uint64_t at,
		   struct strbuf *out)
{
	strbuf_addstr(out, RELEASE_INDEX_MAGIC);
	for (size_t i = 0; i < s->nr; i++)
		if (keep ? s->v[i].e.mode != 0 : !s->v[i].same)
			release_index_add(out, &s->v[i].e);
	index_file_end(out, at);
}

/* Only what read something has learned something. */
static void report_sealed(struct scan *s, struct strbuf *index)
{
	AUTO_STRBUF struct strbuf keep = STRBUF_INIT;

	format(s, false, s->begun, index);
	if (!s->report.read || s->look_only)
		return;
	format(s, true, s->begun, &keep);
	if (scan_keep_store(s->a, s->live.id, &keep))
		s->report.keeper = SCAN_SERVER_KEEPS;
}

/*
 * Client and server end with the same index, byte by byte: the report is it,
 * or what differs from the one before.
 */
static int report_all(struct scan *s, const char *have, struct strbuf *index,
		      struct err *err)
{
	AUTO_RELEASE_INDEX struct release_index now = RELEASE_INDEX_INIT;
	AUTO_STRBUF struct strbuf whole = STRBUF_INIT;
	bool same = same_as_kept(s);

	format(s, true, same ? s->kept.sealed_at : s->begun, &whole);
	if (!s->look_only)
		s->report.keeper = SCAN_CLIENT_KEEPS;
	if (!s->look_only && s->live.kind == SCAN_FOREIGN &&
	    ((same && s->kept_here) || scan_keep_store(s->a, s->live.id, &whole)))
		s->report.keeper = SCAN_SERVER_KEEPS;
	if (s->kept.raw.len)
		index_file_sum(&s->kept, s->report.base);
	if (!have || !s->kept.raw.len || strcmp(have, s->report.base) != 0) {
		*s->report.base = '\0';
		strbuf_swap(index, &whole);
		return 0;
	}
	if (index_file_parse(&now, &whole, err) < 0)
		return err->code;
	scan_report_difference(&s->kept, &now, index);
	return 0;
}

static int answer(struct scan *s, const char *have, struct err *err)
{
	AUTO_BYTE_REPLY struct byte_reply reply = { .a = s->a,
						    .packets = STRBUF_INIT };
	AUTO_STRBUF struct strbuf index = STRBUF_INIT, frame = STRBUF_INIT;

	if (s->live.kind == SCAN_SEALED)
		report_sealed(s, &index);
	else if (report_all(s, have, &index, err) < 0)
		return err->code;
	if (scan_report_encode(&s->report, &index, &frame, err) < 0 ||
	    byte_reply_put(&reply, frame.buf, frame.len, err) < 0)
		return err->code;
	return byte_reply_end(&reply, err);
}

/* The index that the client keeps for us, behind the request. */
static int take_index(struct scan *s, struct err *err)
{
	AUTO_UNPACKER struct unpacker u = UNPACKER_INIT;
	const char *data;
	size_t len;
	int type;

	if (unpacker_begin(&u, SCAN_BYTES_MAX, err) < 0)
		return err->code;
	while ((type = stream_read(s->a, &data, &len, err)) == PKT_DATA)
		if (unpacker_push(&u, data, len, err) < 0)
			return err->code;
	if (type < 0)
		return type;
	if (unpacker_finish(&u, err) < 0)
		return err->code;
	return index_file_parse(&s->kept, &u.raw, err);
}

static int prepare(struct scan *s, const struct message *m, struct err *err)
{
	struct timespec now;
	const char *path;
	size_t at = 0;

	if (live_tree_open(s->a, m, &s->live, err) < 0)
		return err->code;
	s->look_only = message_get(m, "look") != NULL;
	while ((path = message_next(m, "skip", &at)))
		strvec_push(&s->skip, path);
	at = 0;
	while ((path = message_next(m, "shared", &at)))
		strvec_push(&s->shared, path);
	if (s->live.kind != SCAN_SEALED)
		strvec_push(&s->skip, ".git");
	if (!s->kept.raw.len && s->live.kind != SCAN_PLAIN) {
		scan_keep_load(s->a, s->live.id, &s->kept);
		s->kept_here = s->kept.raw.len > 0;
	}
	s->report.kind = s->live.kind;
	s->report.release = xstrdup(s->live.id);
	s->report.target = xstrdup("");
	if (s->live.kind != SCAN_SEALED || message_get(m, "origin"))
		scan_origin_find(s->a, &s->live, &s->report);
	/* Before the first look: what changes from now on is not settled. */
	(void)clock_gettime(CLOCK_REALTIME, &now);
	s->begun = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	return 0;
}

static int scan(struct scan *s, const struct message *m, struct err *err)
{
	if (message_get(m, "index") && take_index(s, err) < 0) {
		/* What is left of it is no request. */
		s->a->cancelled = true;
		return err->code;
	}
	if (prepare(s, m, err) < 0 || find(s, err) < 0 ||
	    live_tree_confirm(s->a, &s->live, err) < 0)
		return err->code;
	if (answer(s, message_get(m, "have"), err) < 0)
		return err->code;
	if (!s->look_only)
		scan_keep_tidy(s->a);
	return 0;
}

int scan_request(struct agent *a, struct message *m, struct err *err)
{
	struct scan s = {
		.a = a,
		.live = LIVE_TREE_INIT,
		.report = SCAN_REPORT_INIT,
		.kept = RELEASE_INDEX_INIT,
	};
	int ret = scan(&s, m, err);

	for (size_t i = 0; i < s.nr; i++)
		free((char *)s.v[i].e.path);
	free(s.v);
	live_tree_release(&s.live);
	strvec_release(&s.skip);
	strvec_release(&s.shared);
	release_index_release(&s.kept);
	scan_report_release(&s.report);
	return ret;
}
