#include "common/base/base.h"
#include "tests/unit/delta_fixture.h"

#define MIB ((size_t)1 << 20)

static uint32_t rnd_state;

static uint32_t rnd(uint32_t below)
{
	rnd_state ^= rnd_state << 13;
	rnd_state ^= rnd_state >> 17;
	rnd_state ^= rnd_state << 5;
	return rnd_state % below;
}

static void add_noise(struct strbuf *out, size_t len)
{
	while (len--)
		strbuf_addch(out, (int)rnd(256));
}

static void add_text(struct strbuf *out, uint32_t lines)
{
	while (lines--)
		strbuf_addf(out, "line %u of %x\n", rnd(1000), rnd(1u << 30));
}

static void edit(struct strbuf *data)
{
	if (data->len)
		data->buf[rnd((uint32_t)data->len)] ^= 1;
	add_text(data, 1);
}

/* One old file becomes something new, or nothing. */
static void evolve(struct world *w, const struct file *f, uint32_t kind)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	uint32_t mode = f->mode;
	struct strbuf *to;

	strbuf_addstr(&path, f->path);
	if (kind == 0)
		return;
	if (kind == 1 || kind == 2) {
		strbuf_reset(&path);
		strbuf_addf(&path, "moved/%s", f->path);
	}
	if (kind == 3)
		mode = mode == MANIFEST_FILE ? MANIFEST_EXECUTABLE
					     : MANIFEST_FILE;
	if (kind == 4)
		mode = MANIFEST_SYMLINK;
	to = tree_add(&w->new, path.buf, mode);
	strbuf_add(to, f->data.buf, f->data.len);
	if (kind == 2 || kind == 5 || kind == 6)
		edit(to);
	if (kind == 7)
		strbuf_reset(to);
}

static void random_world(struct world *w, uint32_t seed)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	uint32_t i;

	rnd_state = seed * 2654435761u + 1;
	for (i = 0; i < 60; i++) {
		strbuf_reset(&path);
		strbuf_addf(&path, "d%u/n\n\t\"%u\377.%s", rnd(9), i,
			    rnd(2) ? "c" : "js");
		add_text(tree_add(&w->old, path.buf,
				  rnd(9) ? MANIFEST_FILE : MANIFEST_SYMLINK),
			 rnd(4) ? rnd(200) : 0);
	}
	for (i = 0; i < 60; i++)
		evolve(w, &w->old.f[i], rnd(16));
	for (i = 0; i < 20; i++) {
		strbuf_reset(&path);
		strbuf_addf(&path, "d%u/new%u.c", rnd(9), i);
		add_text(tree_add(&w->new, path.buf, MANIFEST_FILE),
			 i % 5 ? rnd(100) : 0);
	}
	/* The same content twice. */
	strbuf_add(tree_add(&w->new, "twin", MANIFEST_FILE),
		   w->new.f[w->new.nr - 2].data.buf,
		   w->new.f[w->new.nr - 2].data.len);
	tree_seal(&w->old);
	tree_seal(&w->new);
}

static void test_random(void **state UNUSED)
{
	uint32_t seed;

	for (seed = 0; seed < 40; seed++) {
		CLEANUP(world_release) struct world w;
		AUTO_ERR struct err err = ERR_INIT;
		AUTO_FREE size_t *missing = NULL;
		struct delta_input in = { 0 };
		unsigned char omitted[8];
		size_t i, nr;

		world_init(&w);
		random_world(&w, seed);
		memset(omitted, 0x5a, sizeof(omitted));
		in.old = seed % 5 ? &w.old.m : NULL;
		in.new = &w.new.m;
		in.omitted = seed % 3 ? NULL : omitted;
		assert_works(&err, world_send(&w, &in, LINK_FAST, &err));
		for (i = 0; in.omitted && i < w.plan.nr_prefix; i++) {
			size_t old = w.plan.prefix[i].entry;

			assert_false(omitted[old / 8] >> old % 8 & 1);
		}
		assert_works(&err, world_receive(&w, seed % 7 + 1, &missing,
						 &nr, &err));
		assert_int_equal(nr, 0);
		assert_int_equal(w.aborted, 0);
		world_check(&w, in.old);
	}
}

/* Files edited on the server: a first pass, then one for what was missing. */
static void test_spoiled(void **state UNUSED)
{
	uint32_t seed, i;
	size_t asked = 0;

	for (seed = 0; seed < 20; seed++) {
		CLEANUP(world_release) struct world w;
		AUTO_ERR struct err err = ERR_INIT;
		AUTO_FREE size_t *missing = NULL;
		AUTO_FREE size_t *still = NULL;
		struct delta_input in = { 0 };
		size_t nr;

		world_init(&w);
		random_world(&w, seed);
		for (i = 0; i < w.old.nr; i++)
			w.old.f[i].spoiled = !rnd(9);
		in.old = &w.old.m;
		in.new = &w.new.m;
		assert_works(&err, world_send(&w, &in, LINK_FAST, &err));
		assert_works(&err, world_receive(&w, 1000, &missing, &nr, &err));
		asked += nr;
		if (!nr)
			continue;
		in.wanted = missing;
		in.nr_wanted = nr;
		assert_works(&err, world_send(&w, &in, LINK_FAST, &err));
		assert_int_equal(w.plan.nr_prefix, 0);
		assert_int_equal(w.plan.nr_copies, 0);
		assert_works(&err, world_receive(&w, 1000, &still, &nr, &err));
		assert_int_equal(nr, 0);
		world_check(&w, in.old);
	}
	assert_true(asked > 20);
}

/* 40 MiB of noise with one edit in its middle, between small files. */
static void big_world(struct world *w)
{
	struct strbuf *data;

	rnd_state = 7;
	tree_text(&w->old, "a", "small\n");
	tree_text(&w->new, "a", "small, edited\n");
	tree_text(&w->new, "z", "small, added\n");
	data = tree_add(&w->old, "big", MANIFEST_FILE);
	add_noise(data, 40 * MIB);
	data = tree_add(&w->new, "big", MANIFEST_FILE);
	strbuf_add(data, w->old.f[1].data.buf, 40 * MIB);
	memcpy(data->buf + 20 * MIB, "edited here", 11);
	tree_seal(&w->old);
	tree_seal(&w->new);
}

static void test_big_file(void **state UNUSED)
{
	CLEANUP(world_release) struct world w;
	AUTO_STRBUF struct strbuf first = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_FREE size_t *missing = NULL;
	AUTO_FREE size_t *lost = NULL;
	struct delta_input in = { 0 };
	size_t nr, i;

	world_init(&w);
	big_world(&w);
	in.old = &w.old.m;
	in.new = &w.new.m;
	assert_works(&err, world_send(&w, &in, LINK_FAST, &err));
	assert_true(w.plan.nr_frames >= 3);
	for (i = 0; i < w.plan.nr_frames; i++) {
		assert_true(w.plan.frames[i].len <= DELTA_FRAME_MAX);
		assert_true(w.plan.frames[i].prefix_len <= DELTA_PREFIX_MAX);
	}
	assert_true(w.stream.len < 20000);
	assert_works(&err, world_receive(&w, 65536, &missing, &nr, &err));
	assert_int_equal(nr, 0);
	world_check(&w, in.old);

	/* The threads must not show in the bytes. */
	strbuf_swap(&first, &w.stream);
	assert_works(&err, world_send(&w, &in, LINK_FAST, &err));
	assert_int_equal(first.len, w.stream.len);
	assert_memory_equal(first.buf, w.stream.buf, first.len);

	/* One edited byte in it: all of its frames are to be sent again. */
	for (i = 0; i < w.new.nr; i++) {
		strbuf_reset(&w.new.f[i].got);
		w.new.f[i].done = false;
	}
	w.old.f[1].data.buf[39 * MIB] ^= 1;
	assert_works(&err, world_receive(&w, 65536, &lost, &nr, &err));
	assert_true(nr >= 1 && nr <= 2);
	assert_false(w.new.f[1].done);
	assert_true(w.new.f[0].done);
}

/* At the end all are waited for, on the way nobody waits. */
static void test_copies_on_the_way(void **state UNUSED)
{
	CLEANUP(world_release) struct world w;
	struct delta_store store = { store_read, store_begin, store_data,
				     store_end,	 store_abort, store_copy,
				     &w };
	AUTO_ERR struct err err = ERR_INIT;
	struct delta_input in = { 0 };
	struct delta_receive *r;
	size_t end;

	world_init(&w);
	tree_text(&w.new, "a", "the same\n");
	tree_text(&w.new, "b", "the same\n");
	add_noise(tree_add(&w.new, "c", MANIFEST_FILE), 17 * MIB);
	tree_text(&w.new, "d", "the same\n");
	tree_seal(&w.new);
	in.new = &w.new.m;
	assert_works(&err, world_send(&w, &in, LINK_FAST, &err));
	assert_int_equal(w.plan.nr_copies, 2);
	memcpy(&end, w.ends.buf, sizeof(end));
	assert_true(end < w.stream.len);

	r = delta_receive_new(&w.plan, NULL, &w.new.m, &store);
	assert_works(&err, delta_receive_data(r, w.stream.buf, end, &err));
	assert_works(&err, delta_receive_end_frame(r, &err));
	assert_true(w.new.f[1].done);
	assert_false(w.new.f[3].done);
	delta_receive_free(r);
}

static void test_plan(void **state UNUSED)
{
	CLEANUP(world_release) struct world w;
	AUTO_ERR struct err err = ERR_INIT;
	struct delta_input in = { 0 };
	size_t i, unordered[] = { 1, 1 }, beyond[] = { 99 };

	world_init(&w);
	tree_text(&w.old, "js/app.1a2b.js", "one\ntwo\nthree\nfour\n");
	tree_text(&w.old, "moved.c", "same\n");
	tree_text(&w.old, "src/x/name.c", "text text\n");
	tree_text(&w.new, "js/app.3c4d.js", "one\ntwo\nthree\nfive\n");
	tree_text(&w.new, "lib/moved.c", "same\n");
	tree_text(&w.new, "lib/x/name.c", "text text edited\n");
	tree_seal(&w.old);
	tree_seal(&w.new);
	in.old = &w.old.m;
	in.new = &w.new.m;
	assert_works(&err, delta_plan_make(&w.plan, &in, &err));
	/* Each finds the file it came from; the moved one is not sent. */
	assert_int_equal(w.plan.nr_pieces, 2);
	assert_int_equal(w.plan.nr_prefix, 2);
	for (i = 0; i < 2; i++) {
		assert_int_equal(w.plan.pieces[i].entry, i * 2);
		assert_int_equal(w.plan.prefix[i].entry, i * 2);
	}
	assert_int_equal(w.plan.nr_copies, 1);
	assert_int_equal(w.plan.copies[0].entry, 1);
	assert_int_equal(w.plan.copies[0].from, 1);
	assert_false(w.plan.copies[0].from_new);

	delta_plan_release(&w.plan);
	in.wanted = unordered;
	in.nr_wanted = 2;
	assert_fails_with(&err, ERR_FAILED, delta_plan_make(&w.plan, &in, &err));
	in.wanted = beyond;
	in.nr_wanted = 1;
	err_release(&err);
	assert_fails_with(&err, ERR_FAILED, delta_plan_make(&w.plan, &in, &err));
}

/* No damage may end in success with other bytes than were meant. */
static void test_damage(void **state UNUSED)
{
	CLEANUP(world_release) struct world w;
	AUTO_ERR struct err err = ERR_INIT;
	struct delta_input in = { 0 };
	size_t at, i, nr, refused = 0, end;

	world_init(&w);
	random_world(&w, 3);
	in.old = &w.old.m;
	in.new = &w.new.m;
	assert_works(&err, world_send(&w, &in, LINK_SLOW, &err));
	for (at = 0; at < w.stream.len; at += 37) {
		AUTO_ERR struct err bad = ERR_INIT;
		AUTO_FREE size_t *missing = NULL;

		for (i = 0; i < w.new.nr; i++) {
			strbuf_reset(&w.new.f[i].got);
			w.new.f[i].done = false;
		}
		w.stream.buf[at] ^= 1 << at % 8;
		if (world_receive(&w, 4096, &missing, &nr, &bad) < 0) {
			assert_int_not_equal(bad.msg.len, 0);
			refused++;
		} else {
			world_check(&w, in.old);
		}
		w.stream.buf[at] ^= 1 << at % 8;
	}
	assert_true(refused > w.stream.len / 37 - 3);

	/* Cut short, too long, a frame too few, a frame too many. */
	for (i = 0; i < 4; i++) {
		AUTO_ERR struct err bad = ERR_INIT;
		AUTO_STRBUF struct strbuf ends = STRBUF_INIT;
		AUTO_FREE size_t *missing = NULL;
		size_t f;

		strbuf_add(&ends, w.ends.buf, w.ends.len);
		for (f = 0; f < w.new.nr; f++) {
			strbuf_reset(&w.new.f[f].got);
			w.new.f[f].done = false;
		}
		memcpy(&end, w.ends.buf, sizeof(end));
		strbuf_add(&w.stream, "x", 1);
		end += i == 0 ? (size_t)-1 : 1;
		if (i < 2)
			memcpy(w.ends.buf, &end, sizeof(end));
		else if (i == 2)
			strbuf_setlen(&w.ends, 0);
		else
			strbuf_add(&w.ends, &end, sizeof(end));
		assert_fails_with(&bad, ERR_FAILED,
				  world_receive(&w, 4096, &missing, &nr, &bad));
		strbuf_setlen(&w.stream, w.stream.len - 1);
		strbuf_swap(&ends, &w.ends);
	}
}

/* A sender whose contents are not what its manifest says. */
static void test_lying_sender(void **state UNUSED)
{
	CLEANUP(world_release) struct world w;
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_FREE size_t *missing = NULL;
	struct delta_input in = { 0 };
	size_t nr;

	world_init(&w);
	tree_text(&w.old, "a", "text\n");
	tree_text(&w.new, "a\033", "other text\n");
	tree_seal(&w.old);
	tree_seal(&w.new);
	w.new.f[0].data.buf[0] = 'X';
	in.old = &w.old.m;
	in.new = &w.new.m;
	assert_works(&err, world_send(&w, &in, LINK_FAST, &err));
	assert_fails_with(&err, ERR_FAILED,
			  world_receive(&w, 10, &missing, &nr, &err));
	assert_int_equal(w.aborted, 1);
	assert_false(w.new.f[0].done);
	assert_null(strchr(err.msg.buf, '\033'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_spoiled),
		cmocka_unit_test(test_big_file),
		cmocka_unit_test(test_copies_on_the_way),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_lying_sender),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
