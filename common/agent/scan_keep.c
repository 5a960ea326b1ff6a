#include "common/base/base.h"
#include "common/agent/scan_keep.h"

#include "common/agent/root.h"
#include "common/sys/dirstream.h"
#include "common/sys/fileio.h"
#include "common/wire/index_file.h"
#include "common/wire/scan_report.h"

#define SCAN_DIR "scan"
/* Names that one look goes through. */
#define TIDY_MAX 10000

void scan_keep_load(struct agent *a, const char *id, struct release_index *x)
{
	AUTO_FD int dir = a->dot_fd < 0 ? -1 : root_dot_dir(a, SCAN_DIR, false);
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	if (dir < 0 || file_read(dir, id, SCAN_BYTES_MAX, &raw, &ignored) < 0)
		return;
	if (index_file_parse(x, &raw, &ignored) < 0)
		release_index_release(x);
}

bool scan_keep_store(struct agent *a, const char *id, const struct strbuf *file)
{
	AUTO_FD int dir =
		root_make_dot(a) < 0 ? -1 : root_dot_dir(a, SCAN_DIR, true);
	AUTO_ERR struct err ignored = ERR_INIT;

	return dir >= 0 && file_replace(dir, id, file, 0600, &ignored) == 0;
}

void scan_keep_tidy(struct agent *a)
{
	int dir = a->dot_fd < 0 ? -1 : root_dot_dir(a, SCAN_DIR, false);
	DIR *d = dirstream_take(dir);
	struct dirent *e;

	for (size_t i = 0; d && i < TIDY_MAX && (e = dirstream_next(d)); i++)
		if (faccessat(a->releases_fd, e->d_name, F_OK,
			      AT_SYMLINK_NOFOLLOW) < 0 &&
		    errno == ENOENT)
			(void)unlinkat(dir, e->d_name, 0);
	if (d)
		closedir(d);
}
