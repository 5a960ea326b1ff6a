#include "common/base/base.h"
#include "common/agent/receive_release.h"

#include "common/agent/copy.h"
#include "common/agent/receive.h"
#include "common/agent/recycle.h"
#include "common/agent/server_edits.h"
#include "common/agent/shared.h"
#include "common/agent/stream.h"
#include "common/base/mem.h"
#include "common/sys/fault.h"
#include "common/text/relpath.h"
#include "common/wire/manifest_frame.h"

static int receive_manifest(struct agent *a, struct run *run, struct err *err)
{
	struct manifest_frame_decoder d = MANIFEST_FRAME_DECODER_INIT;
	int ret = manifest_frame_begin(
		&d, run->base ? &run->base->manifest : NULL, err);

	while (!ret) {
		const char *data;
		size_t len;
		int type = stream_read(a, &data, &len, err);

		if (type == PKT_DATA) {
			ret = manifest_frame_push(&d, data, len, err);
			continue;
		}
		if (type == PKT_DELIM)
			ret = manifest_frame_finish(&d, &run->new, err);
		else
			ret = type < 0 ? type
				       : err_set(err, ERR_FAILED,
						 "the stream ends early");
		break;
	}
	manifest_frame_release(&d);
	return ret;
}

/* The directories of every file that goes there, before threads need them. */
static int make_directories(struct run *run, struct err *err)
{
	AUTO_TREE struct tree tree, seed;

	tree_init(&tree, run->tree_fd);
	tree_init(&seed, run->seed_fd);
	for (size_t i = 0; i < run->new.nr; i++) {
		struct tree *t = run->places[i] == PLACE_SEED ? &seed : &tree;
		const char *path = run->new.entries[i].path;

		if (run->places[i] == PLACE_NOWHERE || run->done[i])
			continue;
		if (tree_make_parents(t, path, run->directory_mode) < 0)
			return err_sys(err,
				       "cannot make the directory of "
				       "'%s'",
				       path);
	}
	return 0;
}

static int make_tree(struct agent *a, struct run *run, struct err *err)
{
	bool used;
	int ret = recycle_try(a, run, &used, err);

	if (ret < 0)
		return ret;
	if (!used) {
		if (fault("make tree") || mkdirat(run->tmp_fd, "tree", 0700) < 0)
			return err_sys(err, "cannot make the release");
		run->tree_fd =
			openat(run->tmp_fd, "tree",
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (run->tree_fd < 0)
			return err_sys(err, "cannot make the release");
	}
	return make_directories(run, err);
}

/* One pass of frames: what is in them is done afterwards, or missing. */
static int receive_frames(struct agent *a, struct run *run,
			  const struct delta_input *in, struct err *err)
{
	AUTO_DELTA_PLAN struct delta_plan plan = DELTA_PLAN_INIT;
	struct receive_store store;
	struct delta_store callbacks;
	struct delta_receive *r;
	const size_t *missing;
	size_t nr;
	int ret = delta_plan_make(&plan, in, err);

	if (ret < 0)
		return ret;
	receive_store_init(&store, run);
	callbacks = receive_store_callbacks(&store);
	r = delta_receive_new(&plan, in->old, &run->new, &callbacks);
	for (;;) {
		const char *data;
		size_t len;
		int type = stream_read(a, &data, &len, err);

		ret = type < 0 ? type : 0;
		if (type == PKT_DATA)
			ret = delta_receive_data(r, data, len, err);
		else if (type == PKT_DELIM)
			ret = delta_receive_end_frame(r, err);
		if (ret < 0 || type == PKT_FLUSH)
			break;
	}
	if (!ret)
		ret = delta_receive_finish(r, &missing, &nr, err);
	delta_receive_free(r);
	receive_store_release(&store);
	return ret;
}

static void omit_below(const struct run *run, unsigned char *bits)
{
	const char *path;
	size_t at = 0;

	while ((path = message_next(&run->request, "omit", &at)))
		for (size_t i = 0; i < run->base->manifest.nr; i++)
			if (relpath_within(run->base->manifest.entries[i].path,
					   path))
				bits[i / 8] |= (unsigned char)(1 << i % 8);
}

static bool is_missing(const struct run *run, size_t i)
{
	return !run->done[i] && run->places[i] != PLACE_NOWHERE;
}

/* Second pass: whole contents of what could not be made, nothing assumed. */
static int receive_missing(struct agent *a, struct run *run, struct err *err)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT, verb = STRBUF_INIT;
	AUTO_MESSAGE struct message m = MESSAGE_INIT;
	AUTO_FREE size_t *wanted = xcalloc(run->new.nr, sizeof(*wanted));
	struct delta_input in = { .new = &run->new, .wanted = wanted };
	int ret;

	for (size_t i = 0; i < run->new.nr; i++) {
		if (!is_missing(run, i))
			continue;
		wanted[in.nr_wanted++] = i;
		reply_add(&out, "want", "%zu", i);
	}
	if (!in.nr_wanted)
		return 0;
	pkt_add_flush(&out);
	agent_send(a, &out);
	/* It would wait for the list, and we for what is on it. */
	if (a->gone)
		return err_set(err, ERR_INTERRUPTED, "the client is gone");
	ret = message_read_request(&a->in, AGENT_PATIENCE_MS, &verb, &m, err);
	if (ret != PKT_DATA || strcmp(verb.buf, "resend"))
		return ret < 0 ? ret
			       : err_set(err, ERR_INTERRUPTED,
					 "the client is gone");
	ret = receive_frames(a, run, &in, err);
	if (ret < 0)
		return ret;
	for (size_t i = 0; i < run->new.nr; i++)
		if (is_missing(run, i))
			return err_set(err, ERR_FAILED, "'%s' was not sent",
				       run->new.entries[i].path);
	return 0;
}

/* Mostly the one that the reply to "open" has named. */
static int find_base(struct agent *a, struct run *run, struct err *err)
{
	if (a->base && strcmp(a->base->id, run->base_id)) {
		delta_base_free(a->base);
		a->base = NULL;
	}
	if (!a->base && delta_base_open(a, run->base_id, &a->base, err) < 0)
		return err->code;
	run->base = a->base;
	return 0;
}

int receive_release(struct agent *a, struct run *run, struct err *err)
{
	struct delta_input in = { .new = &run->new };
	AUTO_FREE unsigned char *omitted = NULL;
	struct copy_job *job;
	AUTO_ERR struct err copy_err = ERR_INIT;
	int ret;

	if (*run->base_id) {
		if (find_base(a, run, err) < 0)
			return err_prefix(err, "the release to build upon");
		omitted = xcalloc(run->base->manifest.nr / 8 + 1, 1);
		omit_below(run, omitted);
		in.old = &run->base->manifest;
		in.omitted = omitted;
	}
	ret = receive_manifest(a, run, err);
	if (ret < 0)
		return ret;
	run->places = xcalloc(run->new.nr, sizeof(*run->places));
	run->records = xcalloc(run->new.nr, sizeof(*run->records));
	run->done = xcalloc(run->new.nr, 1);
	shared_assign(run);
	ret = make_tree(a, run, err);
	if (ret < 0)
		return ret;
	if (run->base && copy_is_needed(run))
		delta_base_index(a, run->base);
	job = copy_start(run);
	ret = receive_frames(a, run, &in, err);
	if (copy_finish(job, &copy_err) < 0 && !ret)
		ret = err_set(err, copy_err.code, "%s", copy_err.msg.buf);
	/* What was edited would be asked for now. */
	if (!ret)
		ret = server_edits_wait(run, err);
	if (!ret)
		ret = server_edits_settle(run, err);
	return ret < 0 ? ret : receive_missing(a, run, err);
}
