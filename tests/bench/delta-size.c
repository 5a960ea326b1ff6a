/*
 * How large is the delta between two commits, and what does it cost?
 *
 *	delta-size <repository> <old>|- <new> [slow]
 *
 * Sends and receives in one process, checks every byte that arrives, prints
 * sizes and times. tests/bench/delta-size.sh puts it next to git's own pack.
 */
#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/wire/delta_receive.h"
#include "common/wire/delta_send.h"
#include "common/wire/manifest_frame.h"

#include <git2.h>
#include <sys/resource.h>
#include <time.h>

struct run {
	git_repository *repo;
	struct manifest old, new;
	struct delta_plan plan;
	struct strbuf stream; /* all frames */
	struct strbuf ends;   /* size_t each: where they end */
};

static void give_up(const char *what, const struct err *err)
{
	fprintf(stderr, "%s: %s\n", what, err ? err->msg.buf : "failed");
	exit(1);
}

static double cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double wall_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int on_tree_entry(const char *root, const git_tree_entry *te, void *arg)
{
	struct run *run = ((void **)arg)[0];
	struct strbuf *raw = ((void **)arg)[1];
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	struct manifest_entry e = { 0 };
	git_odb *odb;
	git_object_t type;
	size_t size;

	if (git_tree_entry_type(te) == GIT_OBJECT_TREE)
		return 0;
	strbuf_addf(&path, "%s%s", root, git_tree_entry_name(te));
	memcpy(e.oid.b, git_tree_entry_id(te)->id, OID_RAWSZ);
	git_repository_odb(&odb, run->repo);
	if (git_odb_read_header(&size, &type, odb, git_tree_entry_id(te)) < 0)
		return -1;
	git_odb_free(odb);
	e.path = path.buf;
	e.path_len = (uint32_t)path.len;
	e.mode = (uint32_t)git_tree_entry_filemode_raw(te);
	e.size = size;
	return manifest_format_entry(raw, &e);
}

static void load(struct run *run, const char *rev, struct manifest *m)
{
	AUTO_STRBUF struct strbuf spec = STRBUF_INIT, raw = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	void *arg[] = { run, &raw };
	git_object *tree;

	strbuf_addf(&spec, "%s^{tree}", rev);
	if (git_revparse_single(&tree, run->repo, spec.buf) < 0 ||
	    git_tree_walk((git_tree *)tree, GIT_TREEWALK_PRE, on_tree_entry,
			  arg) < 0)
		give_up(rev, NULL);
	git_object_free(tree);
	if (manifest_parse(m, &raw, &err) < 0)
		give_up(rev, &err);
}

struct reading {
	git_blob *blob;
	uint64_t pos;
};

static int blob_open(void *ctx, const struct oid *oid, uint64_t size UNUSED,
		     void **stream, struct err *err)
{
	struct run *run = ctx;
	struct reading *in = xcalloc(1, sizeof(*in));
	git_oid id;

	git_oid_fromraw(&id, oid->b);
	if (git_blob_lookup(&in->blob, run->repo, &id) < 0) {
		free(in);
		return err_set(err, ERR_NOTFOUND, "no such blob");
	}
	*stream = in;
	return 0;
}

static ssize_t blob_read(void *ctx UNUSED, void *stream, void *buf, size_t len,
			 struct err *err UNUSED)
{
	struct reading *in = stream;
	uint64_t left = (uint64_t)git_blob_rawsize(in->blob) - in->pos;

	if (len > left)
		len = (size_t)left;
	memcpy(buf, (const char *)git_blob_rawcontent(in->blob) + in->pos, len);
	in->pos += len;
	return (ssize_t)len;
}

static void blob_close(void *ctx UNUSED, void *stream)
{
	struct reading *in = stream;

	git_blob_free(in->blob);
	free(in);
}

static int keep_data(void *ctx, const void *buf, size_t len,
		     struct err *err UNUSED)
{
	return strbuf_add(&((struct run *)ctx)->stream, buf, len);
}

static int keep_end(void *ctx, struct err *err UNUSED)
{
	struct run *run = ctx;

	return strbuf_add(&run->ends, &run->stream.len, sizeof(size_t));
}

static int read_old(void *ctx, size_t entry, uint64_t off, void *buf,
		    size_t len, struct err *err)
{
	struct run *run = ctx;
	struct reading *in;
	void *stream;
	int ret = blob_open(ctx, &run->old.entries[entry].oid, 0, &stream, err);

	if (ret < 0)
		return ret;
	in = stream;
	in->pos = off;
	blob_read(ctx, in, buf, len, err);
	blob_close(ctx, in);
	return 0;
}

static int no_op(void *ctx UNUSED, size_t entry UNUSED, struct err *err UNUSED)
{
	return 0;
}

static int no_data(void *ctx UNUSED, size_t entry UNUSED, const void *buf UNUSED,
		   size_t len UNUSED, struct err *err UNUSED)
{
	return 0;
}

static void no_abort(void *ctx UNUSED, size_t entry UNUSED)
{
}

static int no_copy(void *ctx UNUSED, const struct delta_copy *copy UNUSED,
		   struct err *err UNUSED)
{
	return 0;
}

static void receive(struct run *run, const struct manifest *old)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct delta_store store = { read_old, no_op,	no_data, no_op,
				     no_abort, no_copy, run };
	struct delta_receive *r =
		delta_receive_new(&run->plan, old, &run->new, &store);
	const size_t *ends = (const void *)run->ends.buf;
	const size_t *missing;
	size_t i, nr, at = 0;

	for (i = 0; i < run->ends.len / sizeof(size_t); i++) {
		if (delta_receive_data(r, run->stream.buf + at, ends[i] - at,
				       &err) < 0 ||
		    delta_receive_end_frame(r, &err) < 0)
			give_up("receive", &err);
		at = ends[i];
	}
	if (delta_receive_finish(r, &missing, &nr, &err) < 0 || nr)
		give_up("receive", &err);
	delta_receive_free(r);
}

static size_t manifest_bytes(struct run *run, const struct manifest *old)
{
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_STRBUF struct strbuf frame = STRBUF_INIT;
	AUTO_MANIFEST struct manifest back = MANIFEST_INIT;
	struct manifest_frame_decoder d = MANIFEST_FRAME_DECODER_INIT;

	if (manifest_frame_encode(old, &run->new, &frame, &err) < 0 ||
	    manifest_frame_begin(&d, old, &err) < 0 ||
	    manifest_frame_push(&d, frame.buf, frame.len, &err) < 0 ||
	    manifest_frame_finish(&d, &back, &err) < 0)
		give_up("manifest", &err);
	manifest_frame_release(&d);
	if (back.raw.len != run->new.raw.len ||
	    memcmp(back.raw.buf, run->new.raw.buf, back.raw.len) != 0)
		give_up("manifest differs", NULL);
	return frame.len;
}

static void measure(struct run *run, const struct manifest *old, bool slow)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct delta_input in = { .old = old, .new = &run->new };
	struct delta_source source = { blob_open, blob_read, blob_close, run };
	struct delta_sink sink = { .data = keep_data,
				   .end_frame = keep_end,
				   .ctx = run };
	struct delta_job job = { .plan = &run->plan,
				 .old = old,
				 .new = &run->new,
				 .source = &source,
				 .sink = &sink,
				 .link = slow ? LINK_SLOW : LINK_FAST };
	double cpu = cpu_now(), wall = wall_now(), t;
	struct rusage usage;
	size_t list;

	list = manifest_bytes(run, old);
	t = cpu_now();
	printf("manifest %zu bytes, %.0f ms both ways\n", list, (t - cpu) * 1e3);
	cpu = t;
	wall = wall_now();
	if (delta_plan_make(&run->plan, &in, &err) < 0)
		give_up("plan", &err);
	printf("plan %zu pieces, %zu prefixes, %zu copies, %zu frames, "
	       "%.1f ms\n",
	       run->plan.nr_pieces, run->plan.nr_prefix, run->plan.nr_copies,
	       run->plan.nr_frames, (cpu_now() - cpu) * 1e3);
	if (delta_send(&job, &err) < 0)
		give_up("send", &err);
	printf("send %" PRIu64 "+%" PRIu64 " -> %zu bytes, cpu %.0f ms, "
	       "wall %.0f ms\n",
	       run->plan.total, run->plan.prefix_total, run->stream.len,
	       (cpu_now() - cpu) * 1e3, (wall_now() - wall) * 1e3);
	getrusage(RUSAGE_SELF, &usage);
	cpu = cpu_now();
	receive(run, old);
	printf("receive cpu %.0f ms; peak of sending %ld MiB\n",
	       (cpu_now() - cpu) * 1e3, usage.ru_maxrss >> 10);
	printf("total %zu bytes\n", list + run->stream.len);
}

int main(int argc, char **argv)
{
	struct run run = { .old = MANIFEST_INIT,
			   .new = MANIFEST_INIT,
			   .plan = DELTA_PLAN_INIT,
			   .stream = STRBUF_INIT,
			   .ends = STRBUF_INIT };
	bool first;

	if (argc < 4) {
		fputs("usage: delta-size <repository> <old>|- <new> [slow]\n",
		      stderr);
		return 129;
	}
	git_libgit2_init();
	/* The receiver checks every object id; once is enough. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	if (git_repository_open(&run.repo, argv[1]) < 0)
		give_up(argv[1], NULL);
	first = !strcmp(argv[2], "-");
	if (!first)
		load(&run, argv[2], &run.old);
	load(&run, argv[3], &run.new);
	measure(&run, first ? NULL : &run.old, argc > 4);
	return 0;
}
