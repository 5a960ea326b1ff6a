#include "common/base/base.h"
#include "git-drift/drop_source.h"

#include "common/base/mem.h"
#include "common/text/quote.h"

#include <zip.h>

/* A zip archive, read with libzip from a descriptor that is held. */
struct zip_drop {
	zip_t *zip;
	uint64_t packed;
};

static int cannot_open(int code, struct err *err)
{
	zip_error_t why;

	if (code == ZIP_ER_EXISTS)
		return err_set(err, ERR_REFUSED, "a path in it is there twice");
	zip_error_init_with_code(&why, code);
	err_set(err, ERR_FAILED, "it is no zip archive that can be read: %s",
		zip_error_strerror(&why));
	zip_error_fini(&why);
	return err->code;
}

int drop_zip_open(int fd, void **ctx, struct err *err)
{
	struct zip_drop *z;
	struct stat st;
	int code = 0, own;
	zip_t *zip;

	if (fstat(fd, &st) < 0)
		return err_sys(err, "cannot look at it");
	own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (own < 0)
		return err_sys(err, "cannot open it");
	zip = zip_fdopen(own, ZIP_CHECKCONS, &code); /* closes own */
	if (!zip) {
		close_quietly(own);
		return cannot_open(code, err);
	}
	z = xcalloc(1, sizeof(*z));
	z->zip = zip;
	z->packed = (uint64_t)st.st_size;
	*ctx = z;
	return 0;
}

static void zip_close_drop(void *ctx)
{
	struct zip_drop *z = ctx;

	zip_discard(z->zip);
	free(z);
}

static int cannot_read(struct zip_drop *z, const char *name, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, name, strnlen(name, 300));
	return err_set(err, ERR_FAILED, "cannot read '%s': %s", shown.buf,
		       zip_error_strerror(zip_get_error(z->zip)));
}

/*
 * Archives of Unix keep the mode in the upper half, and names as they were;
 * in others (and in those that say nothing) every file is a plain one, and
 * what is not UTF-8 is in the code page of DOS.
 */
static const char *look(struct zip_drop *z, uint64_t index, uint32_t *mode)
{
	zip_uint8_t system = 0;
	zip_uint32_t bits = 0;
	bool is_unix;

	if (zip_file_get_external_attributes(z->zip, index, 0, &system, &bits))
		return NULL;
	is_unix = system == ZIP_OPSYS_UNIX;
	*mode = is_unix ? bits >> 16 : 0;
	if (!(*mode & S_IFMT))
		*mode |= S_IFREG;
	return zip_get_name(z->zip, index,
			    is_unix ? ZIP_FL_ENC_RAW : ZIP_FL_ENC_GUESS);
}

static int add(struct zip_drop *z, uint64_t index, struct drop_list *out,
	       struct err *err)
{
	struct drop_file file = { .index = index };
	zip_stat_t st;

	zip_stat_init(&st);
	file.path = look(z, index, &file.mode);
	if (!file.path || zip_stat_index(z->zip, index, 0, &st) ||
	    !(st.valid & ZIP_STAT_SIZE))
		return cannot_read(z, "an entry", err);
	file.size = st.size;
	if (st.valid & ZIP_STAT_ENCRYPTION_METHOD && st.encryption_method)
		return err_set(err, ERR_REFUSED, "it is encrypted");
	return drop_list_add(out, &file, err);
}

static int zip_list(void *ctx, struct drop_list *out, struct err *err)
{
	struct zip_drop *z = ctx;
	zip_int64_t nr = zip_get_num_entries(z->zip, 0);

	out->strict_names = true;
	out->packed_bytes = z->packed;
	for (zip_int64_t i = 0; i < nr; i++)
		if (add(z, (uint64_t)i, out, err) < 0)
			return err->code;
	return 0;
}

/* To its end, where libzip compares the checksum. */
static bool read_all(zip_file_t *f, struct strbuf *out, uint64_t max)
{
	zip_int64_t got;

	do {
		got = zip_fread(f, out->buf + out->len, max - out->len);
		out->len += got > 0 ? (size_t)got : 0;
	} while (got > 0 && out->len < max);
	out->buf[out->len] = '\0';
	return !got;
}

/* Room for one byte more than there should be: it may hold more than it says. */
static int zip_read(void *ctx, const struct drop_file *file, struct strbuf *out,
		    struct err *err)
{
	struct zip_drop *z = ctx;
	zip_file_t *f = zip_fopen_index(z->zip, file->index, 0);
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	bool whole;

	if (!f)
		return cannot_read(z, file->path, err);
	strbuf_reset(out);
	(void)strbuf_grow(out, file->size + 1);
	whole = read_all(f, out, file->size + 1);
	if (!zip_fclose(f) && whole && out->len == file->size)
		return 0;
	quote_text(&shown, file->path, strnlen(file->path, 300));
	return err_set(err, ERR_REFUSED,
		       "'%s' is damaged, or not as long as the archive says",
		       shown.buf);
}

const struct drop_reader drop_zip_reader = {
	.list = zip_list,
	.read = zip_read,
	.close = zip_close_drop,
};
