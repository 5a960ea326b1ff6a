#include "common/base/base.h"
#include "common/agent/server_edits.h"

#include "common/agent/edits.h"
#include "common/agent/event_log.h"
#include "common/agent/seal.h"
#include "common/agent/shared.h"
#include "common/base/mem.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/text/edit_judge.h"
#include "common/text/quote.h"

#include <pthread.h>
#include <stdatomic.h>

/* What is kept to be judged; where there is more, it counts as it is. */
#define FOUND_MAX 100000
#define BYTES_MAX ((size_t)64 << 20)
/* So many names are in the message. */
#define NAMED 3
/* How often is looked whether the comparison has come to its end. */
#define DONE_LOOK_MS   5
#define NAME_MAX_SHOWN 200

struct found {
	char *path;
	char status;
	uint32_t kind; /* as a manifest has it; 0: no file and no link */
	struct oid oid;
};

struct server_edits {
	struct agent *a;
	const struct run *run;
	const char *id; /* of the live release */
	bool ours;	/* and so sealed by us */
	bool discard;
	struct strvec skip;
	struct edit_judge judge;

	pthread_t thread;
	bool apart; /* the thread runs */
	atomic_bool stop, done;
	struct release_index sealed;
	int ret;
	struct err err;

	struct found *v;
	size_t nr, alloc, bytes;
	size_t more; /* that were not kept */
	bool settled;
};

/* What is no edit, whatever the new release has there. */
static bool is_nothing(const struct server_edits *g, const struct edit *e)
{
	const struct index_entry *was = e->was;
	uint32_t kind = edit_kind(e->st.st_mode);

	/* Each file that was in it is told by itself. */
	if (was && S_ISDIR(was->mode) && !kind && e->status != '?')
		return true;
	/* A socket, a pipe: they hold nothing. */
	if (e->status == 'A' && !kind)
		return true;
	/* Other permissions alone: git has none either. */
	if (e->status == 'M' && kind && was && kind == edit_kind(was->mode) &&
	    oid_eq(&e->oid, &was->oid))
		return true;
	/* What is unknown may be a directory. */
	return edit_judge_excluded(&g->judge, e->path, e->status == '?');
}

static bool is_excluded(void *ctx, const char *path, bool is_dir)
{
	const struct server_edits *g = ctx;

	return edit_judge_excluded(&g->judge, path, is_dir);
}

static int take_edit(void *ctx, const struct edit *e, struct err *err UNUSED)
{
	struct server_edits *g = ctx;

	if (is_nothing(g, e))
		return 0;
	if (g->nr >= FOUND_MAX || g->bytes >= BYTES_MAX) {
		g->more++;
		return 0;
	}
	ALLOC_GROW(g->v, g->nr + 1, g->alloc);
	g->v[g->nr++] = (struct found){
		.path = xstrndup(e->path, e->len),
		.status = e->status,
		.kind = edit_kind(e->st.st_mode),
		.oid = e->oid,
	};
	g->bytes += e->len;
	return 0;
}

static int pause_or_stop(void *ctx, struct err *err)
{
	struct server_edits *g = ctx;

	if (!atomic_load_explicit(&g->stop, memory_order_relaxed))
		return 0;
	return err_set(err, ERR_INTERRUPTED, "stopped");
}

static int compare(struct server_edits *g)
{
	struct edit_scan scan = {
		.sealed = &g->sealed,
		.skip = &g->skip,
		.ignore = is_excluded,
		.pause = pause_or_stop,
	};

	if (seal_load(g->a, g->id, &g->sealed, &g->err) < 0)
		return g->err.code;
	AUTO_FD int fd = openat(g->a->releases_fd, g->id,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return err_sys(&g->err, "cannot open release '%s'", g->id);
	scan.dir_fd = fd;
	return edits_find(&scan, take_edit, g, &g->err);
}

static void *compare_apart(void *arg)
{
	struct server_edits *g = arg;

	g->ret = compare(g);
	atomic_store(&g->done, true);
	return NULL;
}

static void take_request(struct server_edits *g, const struct run *run)
{
	const struct message *m = &run->request;
	const char *s;

	g->discard = !strcmp(message_get(m, "guard"), "discard");
	g->judge.prefix = message_get(m, "guard-prefix");
	for (size_t at = 0; (s = message_next(m, "guard-exclude", &at));)
		edit_judge_exclude(&g->judge, s);
	for (size_t at = 0; (s = message_next(m, "guard-known", &at));)
		(void)edit_judge_know(&g->judge, s);
	for (size_t at = 0; (s = message_next(m, "writable", &at));)
		strvec_push(&g->skip, s);
}

void server_edits_begin(struct agent *a, struct run *run)
{
	const struct release *live = run->releases.live;
	struct server_edits *g;

	if (!message_get(&run->request, "guard"))
		return;
	run->edits = g = xcalloc(1, sizeof(*g));
	g->a = a;
	g->run = run;
	g->sealed = (struct release_index)RELEASE_INDEX_INIT;
	g->err = (struct err)ERR_INIT;
	if (!live || !live->present)
		return;
	g->id = live->id;
	g->ours = live->staged_seq != 0;
	take_request(g, run);
	g->apart = !pthread_create(&g->thread, NULL, compare_apart, g);
	if (!g->apart)
		g->ret = compare(g);
}

static void end_thread(struct server_edits *g)
{
	if (g->apart)
		pthread_join(g->thread, NULL);
	g->apart = false;
}

int server_edits_wait(struct run *run, struct err *err)
{
	struct server_edits *g = run->edits;
	int ret = 0;

	while (!ret && g && g->apart && !atomic_load(&g->done))
		ret = agent_listen(g->a, DONE_LOOK_MS, err);
	return ret;
}

static int by_path(const void *va, const void *vb)
{
	const struct found *a = va, *b = vb;

	return strcmp(a->path, b->path);
}

/*
 * A shared path is a link into shared/, below which nothing is looked at. A
 * directory or a file in its place, somebody's own or from before it was
 * declared, is buried by the link that the new release has there, unless
 * shared/ has the same.
 */
static bool is_shared(const struct server_edits *g, const struct found *f)
{
	return shared_covers(g->run, f->path) &&
	       (!f->kind || shared_has(g->a, f->path, &f->oid));
}

static bool is_lost(struct server_edits *g, const struct found *f)
{
	return f->status == '?' ||
	       (!is_shared(g, f) &&
		edit_is_buried(&g->run->new, f->path, f->kind, &f->oid) &&
		!edit_judge_knows(&g->judge, f->path, f->kind, &f->oid));
}

static void judge(struct server_edits *g)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->nr; i++) {
		const struct found *f = &g->v[i];

		if (is_lost(g, f))
			g->v[kept++] = *f;
		else
			free(f->path);
	}
	g->nr = kept;
	if (g->nr)
		qsort(g->v, g->nr, sizeof(*g->v), by_path);
}

/* There is nothing to compare it with. */
static bool is_foreign(const struct server_edits *g)
{
	return g->ret == ERR_NOTFOUND && !g->ours;
}

static size_t count(const struct server_edits *g)
{
	return g->nr + g->more;
}

static void add_names(const struct server_edits *g, struct strbuf *out)
{
	size_t nr = g->nr < NAMED ? g->nr : NAMED;

	for (size_t i = 0; i < nr; i++) {
		const char *path = g->v[i].path;

		if (i)
			strbuf_addstr(out, ", ");
		quote_text(out, path, strnlen(path, NAME_MAX_SHOWN));
		if (strlen(path) > NAME_MAX_SHOWN)
			strbuf_addstr(out, "...");
	}
	if (count(g) > nr)
		strbuf_addf(out, " and %zu more", count(g) - nr);
}

static void add_fields(const struct server_edits *g, struct strbuf *out)
{
	reply_add(out, "guard", "%s",
		  !g->id	  ? "none"
		  : !g->ret	  ? "compared"
		  : is_foreign(g) ? "foreign"
				  : "unknown");
	reply_add(out, "edits", "%zu", count(g));
	for (size_t i = 0; i < g->nr && i < EDITS_TOLD; i++)
		reply_add(out, "edit", "%c %s", g->v[i].status, g->v[i].path);
}

static int refuse(struct server_edits *g, struct err *err)
{
	const char *env = message_get(&g->run->request, "environment");
	AUTO_STRBUF struct strbuf names = STRBUF_INIT, out = STRBUF_INIT;
	size_t nr = count(g), unread = 0, shared = 0;

	for (size_t i = 0; i < g->nr; i++) {
		unread += g->v[i].status == '?';
		shared += shared_covers(g->run, g->v[i].path);
	}
	add_fields(g, &out);
	agent_send(g->a, &out);
	add_names(g, &names);
	err_set(err, ERR_REFUSED, "%zu file%s edited on the server%s: %s", nr,
		nr == 1 ? " was" : "s were",
		unread ? ", or cannot be read there" : "", names.buf);
	return err_hint(err,
			"%s with git serversync %s, or release over them with "
			"--discard-server-edits",
			shared ? "copy what is below release.shared paths into "
				 "shared/ on the server, capture the rest"
			       : "capture them",
			env ? env : "");
}

static void forget(struct server_edits *g)
{
	while (g->nr)
		free(g->v[--g->nr].path);
	g->more = 0;
}

/* Nothing could be compared: what is not known is not buried. */
static int not_compared(struct server_edits *g, struct err *err)
{
	const char *env = message_get(&g->run->request, "environment");

	forget(g);
	if (is_foreign(g)) {
		agent_tell(g->a, "note",
			   "release %s was not made by git release: what was "
			   "edited there is not looked for, as git serversync "
			   "%s would",
			   g->id, env ? env : "");
		return 0;
	}
	if (g->discard) {
		agent_tell(g->a, "warn",
			   "what was edited on the server is not known: %s",
			   g->err.msg.buf);
		return 0;
	}
	err_set(err, ERR_REFUSED,
		"cannot tell whether files were edited on the server: %s",
		g->err.msg.buf);
	return err_hint(err, "release nevertheless with "
			     "--discard-server-edits");
}

int server_edits_settle(struct run *run, struct err *err)
{
	struct server_edits *g = run->edits;

	if (!g || g->settled)
		return 0;
	end_thread(g);
	g->settled = true;
	if (g->ret < 0)
		return not_compared(g, err);
	judge(g);
	if (!count(g))
		return 0;
	return g->discard ? 0 : refuse(g, err);
}

int server_edits_record(struct agent *a, const struct run *run, struct err *err)
{
	const struct server_edits *g = run->edits;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	if (!g || !count(g))
		return 0;
	for (size_t i = 0; i < g->nr; i++) {
		strbuf_addf(&text, "server edit discarded: %c ", g->v[i].status);
		quote_text(&text, g->v[i].path, strlen(g->v[i].path));
		strbuf_addch(&text, '\n');
	}
	if (g->more)
		strbuf_addf(&text, "server edits discarded: %zu more\n", g->more);
	AUTO_FD int fd = release_log_open(a, run->id);

	if (fd < 0 || fault("record edits") ||
	    write_all(fd, text.buf, text.len) < 0)
		return err_sys(err, "cannot write '.release/log/%s'", run->id);
	return 0;
}

void server_edits_reply(const struct run *run, struct strbuf *out)
{
	if (run->edits)
		add_fields(run->edits, out);
}

size_t server_edits_discarded(const struct run *run)
{
	return run->edits ? count(run->edits) : 0;
}

void server_edits_free(struct server_edits *g)
{
	if (!g)
		return;
	atomic_store(&g->stop, true);
	end_thread(g);
	forget(g);
	free(g->v);
	strvec_release(&g->skip);
	edit_judge_release(&g->judge);
	release_index_release(&g->sealed);
	err_release(&g->err);
	free(g);
}
