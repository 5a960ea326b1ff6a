#include "common/base/base.h"
#include "common/host/scan_cache.h"

#include "common/base/mem.h"
#include "common/sys/fileio.h"
#include "common/wire/index_file.h"

#define MAGIC "git-release scan-cache 1\n"

/* The directory may be one that nobody has made yet. */
static int open_dir(const char *path, bool make)
{
	AUTO_FREE char *copy = xstrdup(path);

	for (char *slash = copy; make && (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		(void)mkdir(copy, 0777);
		*slash = '/';
	}
	if (make && mkdir(path, 0777) < 0 && errno != EEXIST)
		return -1;
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void name_of(const struct scan_cache *c, char out[SHA256_HEXSZ + 1])
{
	struct sha256 sha;

	sha256_init(&sha);
	sha256_update(&sha, c->host, strlen(c->host) + 1);
	sha256_update(&sha, c->root, strlen(c->root));
	sha256_final_hex(&sha, out);
}

static void format_head(const struct scan_cache *c, enum scan_keeper keeper,
			struct strbuf *out)
{
	strbuf_addf(out, MAGIC "%s\n%s\n", c->release,
		    keeper == SCAN_CLIENT_KEEPS ? "client" : "server");
}

static bool parse(const struct scan_cache *c, enum scan_keeper keeper,
		  const struct strbuf *file, struct release_index *x)
{
	AUTO_STRBUF struct strbuf head = STRBUF_INIT, rest = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	format_head(c, keeper, &head);
	if (file->len < head.len || memcmp(file->buf, head.buf, head.len) != 0)
		return false;
	strbuf_add(&rest, file->buf + head.len, file->len - head.len);
	if (!index_file_parse(x, &rest, &ignored))
		return true;
	release_index_release(x);
	return false;
}

void scan_cache_load(const struct scan_cache *c, struct release_index *x,
		     enum scan_keeper *keeper)
{
	static const enum scan_keeper all[] = { SCAN_SERVER_KEEPS,
						SCAN_CLIENT_KEEPS };
	AUTO_FD int dir = c->dir ? open_dir(c->dir, false) : -1;
	AUTO_STRBUF struct strbuf file = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	char name[SHA256_HEXSZ + 1];

	*keeper = SCAN_NOBODY_KEEPS;
	name_of(c, name);
	if (dir < 0 || file_read(dir, name, SCAN_BYTES_MAX, &file, &ignored) < 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (parse(c, all[i], &file, x)) {
			*keeper = all[i];
			return;
		}
}

void scan_cache_store(const struct scan_cache *c, const struct release_index *x,
		      enum scan_keeper keeper)
{
	AUTO_FD int dir = c->dir ? open_dir(c->dir, true) : -1;
	AUTO_STRBUF struct strbuf file = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	char name[SHA256_HEXSZ + 1];

	if (dir < 0)
		return;
	name_of(c, name);
	format_head(c, keeper, &file);
	strbuf_add(&file, x->raw.buf, x->raw.len);
	(void)!file_replace(dir, name, &file, 0600, &ignored);
}
