#include "common/base/base.h"
#include "tests/lib/lying.h"

#include "common/sys/zstd_stream.h"
#include "common/wire/index_file.h"
#include "common/wire/packed.h"
#include "common/wire/scan_report.h"
#include "common/wire/take_stream.h"

/* Paths of one entry each, after "scan-". */
static const struct {
	const char *lie, *path;
} paths[] = {
	{ "scan-up", "../x" },
	{ "scan-up-deep", "a/../../x" },
	{ "scan-absolute", "/etc/x" },
	{ "scan-dot", "./x" },
	{ "scan-slashes", "a//x" },
	{ "scan-git", ".git/hooks/x" },
	{ "scan-git-case", "a/.GIT/config" },
	{ "scan-gitmodules", ".gitmodules" },
	{ "scan-workflow", ".github/workflows/x.yml" },
	{ "scan-escapes", "a\033]0;owned\007\r\nb" },
};

static bool is(const char *name)
{
	return !strcmp(lie, name);
}

static void add_entry(struct strbuf *to, const char *path, uint32_t mode,
		      uint64_t size)
{
	struct index_entry e = {
		.path = path,
		.path_len = (uint32_t)strlen(path),
		.mode = mode,
		.size = size,
	};

	if (mode && oid_from_hex(HELLO, &e.oid) < 0)
		abort();
	release_index_add(to, &e);
}

/* All that $LIE_GONE lists, in order, one path a line, is gone. */
static void add_gone(struct strbuf *to)
{
	const char *p = getenv("LIE_GONE");

	while (p && *p) {
		size_t len = strcspn(p, "\n");
		char *path = strndup(p, len);

		add_entry(to, path, 0, 0);
		free(path);
		p += len + (p[len] == '\n');
	}
}

static void make_index(struct strbuf *to)
{
	static char deep[4096], wide[257];
	const char *path = "file";

	memset(deep, 'a', sizeof(deep) - 1);
	for (size_t i = 200; i < sizeof(deep) - 1; i += 200)
		deep[i] = '/';
	memset(wide, 'n', sizeof(wide) - 1);

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (is(paths[i].lie))
			path = paths[i].path;
	if (is("scan-deep"))
		path = deep;
	if (is("scan-long-name"))
		path = wide;
	strbuf_addstr(to, RELEASE_INDEX_MAGIC);
	if (is("scan-gone")) {
		add_gone(to);
		index_file_end(to, 1767225600000000000);
		return;
	}
	if (is("scan-unsorted"))
		add_entry(to, "z", 0100644, 5);
	if (is("scan-directory"))
		add_entry(to, "dir", 0040755, 0);
	for (int i = 0; is("scan-deletions") && i < 5000; i++) {
		char name[16];

		snprintf(name, sizeof(name), "a%04d", i);
		add_entry(to, name, 0, 0);
	}
	add_entry(to, path, is("scan-fifo") ? 0010644 : 0100644,
		  is("scan-huge")    ? (uint64_t)1 << 40
		  : is("scan-small") ? 3
				     : 5);
	/* Behind the name, which is counted, and no part of it. */
	if (is("scan-nul"))
		to->buf[to->len - 3] = '\0';
	if (is("scan-twice"))
		add_entry(to, path, 0100644, 5);
	if (is("scan-place"))
		add_entry(to, "file/in/it", 0100644, 5);
	index_file_end(to, 1767225600000000000);
	if (is("scan-sum"))
		to->buf[to->len - 2] ^= 1;
}

/* 1 GiB that travels as 32 KiB. */
static void add_bomb(struct strbuf *to)
{
	static const char zeros[1 << 20];
	struct zstd_encoder *e = zstd_encoder_new();
	const struct zstd_settings s = { .level = 1,
					 .content_len = sizeof(zeros) << 10 };
	AUTO_ERR struct err err = ERR_INIT;
	int ret = zstd_encoder_begin(e, &s, &err);

	for (int i = 0; !ret && i < 1 << 10; i++)
		ret = zstd_encoder_push(e, zeros, sizeof(zeros), to, &err);
	if (ret < 0 || zstd_encoder_end(e, to, &err) < 0)
		abort();
	zstd_encoder_free(e);
}

static void make_scan(struct strbuf *to)
{
	AUTO_STRBUF struct strbuf index = STRBUF_INIT, none = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct scan_report r = {
		.kind = is("scan-plain") ? SCAN_PLAIN : SCAN_SEALED,
		.release = (char *)LIE_ID,
		.target = (char *)"",
		.looked = 1,
		.read = 1,
	};

	if (is("scan-nothing"))
		return;
	if (is("scan-bomb")) {
		add_bomb(to);
		return;
	}
	if (is("scan-other"))
		r.release = (char *)"20200101000001";
	if (is("scan-plain"))
		r.release = (char *)"";
	if (is("scan-base") || is("scan-foreign")) {
		r.kind = SCAN_FOREIGN;
		r.keeper = SCAN_CLIENT_KEEPS;
	}
	if (is("scan-base"))
		memset(r.base, 'a', SHA256_HEXSZ);
	if (is("scan-revision"))
		memcpy(r.revision, "--upload-pack=x", 16);
	if (is("scan-target"))
		r.target = (char *)"a\033[31mb";
	if (is("scan-unknown"))
		scan_report_add_unknown(&r, "../x", EACCES);
	make_index(&index);
	if (is("scan-text"))
		strbuf_addstr(&none, "no scan");
	if ((is("scan-text") ? packed_add(&none, &none, to, &err)
			     : scan_report_encode(&r, &index, to, &err)) < 0)
		abort();
	if (is("scan-cut"))
		strbuf_setlen(to, to->len - 1);
	if (is("scan-more"))
		strbuf_addch(to, 'x');
	strvec_release(&r.unknown);
	strvec_release(&r.unknown_why);
}

static void pack(const char *text, struct strbuf *to)
{
	struct zstd_encoder *e = zstd_encoder_new();
	const struct zstd_settings s = { .level = 1, .content_len = strlen(text) };
	AUTO_ERR struct err err = ERR_INIT;

	if (zstd_encoder_begin(e, &s, &err) < 0 ||
	    zstd_encoder_push(e, text, strlen(text), to, &err) < 0 ||
	    zstd_encoder_end(e, to, &err) < 0)
		abort();
	zstd_encoder_free(e);
}

static void make_take(struct strbuf *to)
{
	static const uint32_t which[] = { 0, 0 };
	AUTO_STRBUF struct strbuf packed = STRBUF_INIT;
	struct take_head head = { .wants = 1, .which = which };

	if (is("take-nothing"))
		return;
	if (is("take-many"))
		head.wants = UINT32_MAX;
	if (is("take-none"))
		head.wants = 0;
	if (is("take-old"))
		head.olds = 1;
	if (is("take-bomb"))
		add_bomb(&packed);
	else
		pack(is("take-wrong")	? "hellO"
		     : is("take-short") ? "hell"
		     : is("take-long")	? "hello!"
					: "hello",
		     &packed);
	take_frame_head(to, &head);
	/* The second number, and nothing of what it announces. */
	if (is("take-olds"))
		memset(to->buf + 4, 0xff, 4);
	if (is("take-chunk"))
		strbuf_add(to, "\377\377\377\177", 4);
	take_frame_data(to, packed.buf, packed.len);
	take_frame_end(to);
	if (is("take-twice"))
		take_frame_head(to, &head);
	if (is("take-cut"))
		strbuf_setlen(to, to->len - 1);
}

static void put_bytes(const struct strbuf *bytes)
{
	for (size_t at = 0; at < bytes->len; at += 60000)
		pkt_add_band(&out, BAND_FIELD, bytes->buf + at,
			     bytes->len - at < 60000 ? bytes->len - at : 60000);
}

/* What any reply of bytes can be instead; true when it was. */
static bool lie_at_bytes(const char *what)
{
	if (strncmp(lie, what, 5) != 0)
		return false;
	if (!strcmp(lie + 5, "garbage"))
		raw("zzzzzzzz");
	else if (!strcmp(lie + 5, "endless"))
		flood((size_t)5 << 30, BAND_FIELD, "x");
	else if (!strcmp(lie + 5, "empty"))
		pkt_add_band(&out, BAND_FIELD, "", 0);
	else if (!strcmp(lie + 5, "error"))
		fail("3", "no" ESC, "hin" ESC "t");
	else if (!strcmp(lie + 5, "close"))
		_exit(0);
	else
		return false;
	return true;
}

/* Release LIE_ID is live, and was edited. */
void talk_of_scan(void)
{
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;

	honest_open();
	reply_add(&out, "live", LIE_ID);
	release(LIE_ID, getenv("LIE_PACKAGE") ? getenv("LIE_PACKAGE") : "",
		"v1", true);
	flush();
	if (read_to_flush() == PKT_EOF)
		return;
	if (!lie_at_bytes("scan-"))
		make_scan(&bytes);
	put_bytes(&bytes);
	flush();
	strbuf_reset(&bytes);
	if (read_to_flush() == PKT_EOF)
		return;
	if (!lie_at_bytes("take-"))
		make_take(&bytes);
	put_bytes(&bytes);
	flush();
	(void)read_to_flush();
}
