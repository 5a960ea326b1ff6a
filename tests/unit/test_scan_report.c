/*
 * The answer to "scan" on its way: what is written is read back, two indexes
 * and what differs between them give the second, and what a hostile server
 * could send is refused.
 */
#include "common/base/base.h"
#include "common/wire/index_file.h"
#include "common/wire/packed.h"
#include "common/wire/scan_report.h"
#include "tests/unit/unit.h"

#define COMMIT "0123456789012345678901234567890123456789"
#define SUM    COMMIT "abcdefabcdefabcdefabcdef"

struct line {
	const char *path;
	uint32_t mode;
	unsigned char id;
};

static void write_index(struct strbuf *out, const struct line *lines, size_t nr)
{
	strbuf_addstr(out, RELEASE_INDEX_MAGIC);
	for (size_t i = 0; i < nr; i++) {
		const struct index_entry e = {
			.path = lines[i].path,
			.path_len = (uint32_t)strlen(lines[i].path),
			.mode = lines[i].mode,
			.oid = { { lines[i].id } },
		};

		release_index_add(out, &e);
	}
	index_file_end(out, 1767225600000000000);
}

static const struct line some[] = {
	{ "a", 0, 0 },
	{ "a/b", 0100644 | SCAN_OTHER_OWNER, 1 },
	{ "c", 0120777 | SCAN_SHARED_LINK, 2 },
	{ "fifo", 0010600, 0 },
};

static int through(const struct scan_report *from, const struct strbuf *index,
		   struct scan_report *to, struct err *err)
{
	AUTO_UNPACKER struct unpacker u = UNPACKER_INIT;
	AUTO_STRBUF struct strbuf frame = STRBUF_INIT;

	assert_works(err, scan_report_encode(from, index, &frame, err));
	assert_works(err, unpacker_begin(&u, SCAN_BYTES_MAX, err));
	for (size_t i = 0; i < frame.len; i++)
		assert_works(err, unpacker_push(&u, frame.buf + i, 1, err));
	assert_works(err, unpacker_finish(&u, err));
	return scan_report_parse(to, &u.raw, err);
}

static void test_there_and_back(void **state UNUSED)
{
	AUTO_SCAN_REPORT struct scan_report r = SCAN_REPORT_INIT;
	AUTO_STRBUF struct strbuf index = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct scan_report from = {
		.kind = SCAN_SEALED,
		.release = (char *)"20260101000000",
		.revision = COMMIT,
		.target = (char *)"a name",
		.looked = 7,
		.read = 3,
		.keeper = SCAN_SERVER_KEEPS,
	};

	scan_report_add_unknown(&from, "dir\nx", EACCES);
	scan_report_add_unknown(&from, "mnt", EXDEV);
	scan_report_add_unknown(&from, "odd", EIO);
	write_index(&index, some, ARRAY_SIZE(some));
	assert_works(&err, through(&from, &index, &r, &err));
	assert_string_equal(r.release, from.release);
	assert_string_equal(r.revision, COMMIT);
	assert_string_equal(r.target, "a name");
	assert_int_equal(r.looked, 7);
	assert_int_equal(r.read, 3);
	assert_int_equal(r.keeper, SCAN_SERVER_KEEPS);
	assert_int_equal(r.unknown.nr, 3);
	assert_string_equal(r.unknown.v[0], "dir\nx");
	assert_string_equal(r.unknown_why.v[0], "permission denied");
	assert_string_equal(r.unknown_why.v[1], "something is mounted there");
	assert_string_equal(r.unknown_why.v[2], "cannot be read");
	assert_int_equal(r.entries.nr, ARRAY_SIZE(some));
	for (size_t i = 0; i < r.entries.nr; i++) {
		assert_string_equal(r.entries.entries[i].path, some[i].path);
		assert_int_equal(r.entries.entries[i].mode, some[i].mode);
	}
	strvec_release(&from.unknown);
	strvec_release(&from.unknown_why);
}

static void parse_index(struct release_index *x, const struct line *lines,
			size_t nr)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	write_index(&raw, lines, nr);
	assert_works(&err, index_file_parse(x, &raw, &err));
}

static void test_difference(void **state UNUSED)
{
	static const struct line was[] = { { "a", 0100644, 1 },
					   { "b", 0100644, 1 },
					   { "d", 0100644, 1 } };
	static const struct line is[] = { { "a", 0100644, 1 },
					  { "b", 0100755, 1 },
					  { "c", 0100644, 1 } };
	AUTO_RELEASE_INDEX struct release_index old = RELEASE_INDEX_INIT;
	AUTO_RELEASE_INDEX struct release_index new = RELEASE_INDEX_INIT;
	AUTO_SCAN_REPORT struct scan_report r = SCAN_REPORT_INIT;
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	char sum[SHA256_HEXSZ + 1], want[SHA256_HEXSZ + 1];

	parse_index(&old, was, ARRAY_SIZE(was));
	parse_index(&new, is, ARRAY_SIZE(is));
	scan_report_difference(&old, &new, &raw);
	assert_works(&err, index_file_parse(&r.entries, &raw, &err));
	assert_int_equal(r.entries.nr, 3); /* b, c, and d that is gone */
	assert_string_equal(r.entries.entries[2].path, "d");
	assert_int_equal(r.entries.entries[2].mode, 0);
	r.kind = SCAN_FOREIGN;
	assert_works(&err, scan_report_complete(&r, &old, &err));
	index_file_sum(&r.entries, sum);
	index_file_sum(&new, want);
	assert_string_equal(sum, want);
}

static int parse_text(const char *head, const struct line *lines, size_t nr)
{
	AUTO_SCAN_REPORT struct scan_report r = SCAN_REPORT_INIT;
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT, index = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	int ret;

	write_index(&index, lines, nr);
	strbuf_addstr(&raw, head);
	strbuf_add(&raw, index.buf, index.len);
	ret = scan_report_parse(&r, &raw, &err);
	assert_true(!ret || (ret == ERR_FAILED && err.msg.len));
	return ret;
}

#define HEAD(kind, release, revision, target, base)                            \
	"git-release scan 1\nkind " kind "\nrelease " release                  \
	"\nrevision " revision "\ntarget " target                              \
	"\nlooked 1\nread 1\nkeeps nobody\nbase " base "\n"
#define PLAIN_HEAD HEAD("sealed", "r1", "", "", "") "unknown 0\n"

static void test_heads(void **state UNUSED)
{
	static const char *const bad[] = {
		"",
		"git-release scan 2\n",
		HEAD("odd", "r1", "", "", "") "unknown 0\n",
		HEAD("sealed", "../x", "", "", "") "unknown 0\n",
		HEAD("sealed", "", "", "", "") "unknown 0\n",
		HEAD("plain", "r1", "", "", "") "unknown 0\n",
		HEAD("sealed", "r1", "0123", "", "") "unknown 0\n",
		HEAD("sealed", "r1", "--upload-pack", "", "") "unknown 0\n",
		HEAD("sealed", "r1", "", "a\033b", "") "unknown 0\n",
		HEAD("sealed", "r1", "", "", "0123") "unknown 0\n",
		/* Of these nothing is kept: there is no base. */
		HEAD("sealed", "r1", "", "", SUM) "unknown 0\n",
		HEAD("sealed", "r1", "", "", "") "unknown 1\n",
		HEAD("sealed", "r1", "", "", "") "unknown 99999999999\n",
		HEAD("sealed", "r1", "", "", "") "unknown -1\n",
		"git-release scan 1\nkind sealed\nrelease r1",
	};

	assert_int_equal(parse_text(PLAIN_HEAD, some, ARRAY_SIZE(some)), 0);
	assert_int_equal(parse_text(HEAD("foreign", "r1", COMMIT, "x",
					 SUM) "unknown 0\n",
				    some, ARRAY_SIZE(some)),
			 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (!parse_text(bad[i], some, ARRAY_SIZE(some)))
			fail_msg("taken: %s", bad[i]);
}

static void test_entries(void **state UNUSED)
{
	static const struct line bad[][2] = {
		{ { "../x", 0100644, 1 } },
		{ { "/etc/x", 0100644, 1 } },
		{ { "a/../b", 0100644, 1 } },
		{ { "a/./b", 0100644, 1 } },
		{ { "a//b", 0100644, 1 } },
		{ { "a/", 0100644, 1 } },
		{ { ".", 0100644, 1 } },
		{ { "a", 0040755, 0 } },		      /* a directory */
		{ { "a", 0100644 | 1u << 20, 1 } },	      /* no such flag */
		{ { "a", 0644, 1 } },			      /* no type */
		{ { "b", 0100644, 1 }, { "a", 0100644, 1 } }, /* unsorted */
		{ { "a", 0100644, 1 }, { "a", 0100644, 1 } },
		{ { "a", 0100644, 1 }, { "a/b", 0100644, 1 } }, /* no place */
	};
	static const struct line fine[] = { { "...", 0100644, 1 },
					    { ".git/hooks/x", 0100755, 1 } };

	assert_int_equal(parse_text(PLAIN_HEAD, fine, 2), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (!parse_text(PLAIN_HEAD, bad[i], bad[i][1].path ? 2 : 1))
			fail_msg("taken: %s", bad[i][0].path);
	/* Gone is what was there: of everything nothing is gone. */
	assert_int_equal(
		parse_text(HEAD("foreign", "r1", "", "", "") "unknown 0\n",
			   some, 1),
		ERR_FAILED);
}

static void test_unknown_paths(void **state UNUSED)
{
	AUTO_SCAN_REPORT struct scan_report r = SCAN_REPORT_INIT;
	static const char head[] =
		HEAD("sealed", "r1", "", "", "") "unknown 1\npa/../b";
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT, index = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	write_index(&index, some, 0);
	strbuf_add(&raw, head, sizeof(head)); /* its NUL, too */
	strbuf_add(&raw, index.buf, index.len);
	assert_fails_with(&err, ERR_FAILED, scan_report_parse(&r, &raw, &err));
}

static void test_endless(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf big = STRBUF_INIT, none = STRBUF_INIT;
	AUTO_STRBUF struct strbuf frame = STRBUF_INIT;
	AUTO_UNPACKER struct unpacker u = UNPACKER_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	while (big.len < 100000)
		strbuf_addch(&big, 'x');
	assert_works(&err, packed_add(&big, &none, &frame, &err));
	assert_works(&err, unpacker_begin(&u, 99999, &err));
	assert_fails_with(&err, ERR_FAILED,
			  unpacker_push(&u, frame.buf, frame.len, &err));
	assert_true(u.raw.len <= 99999);
	assert_works(&err, unpacker_begin(&u, 100000, &err));
	assert_works(&err, unpacker_push(&u, frame.buf, frame.len - 1, &err));
	assert_fails_with(&err, ERR_FAILED, unpacker_finish(&u, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_difference),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_unknown_paths),
		cmocka_unit_test(test_endless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
