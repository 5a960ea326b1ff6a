#include "common/base/base.h"
#include "common/agent/delta_base.h"

#include "common/agent/root.h"
#include "common/agent/seal.h"
#include "common/base/mem.h"
#include "common/sys/fileio.h"

void delta_base_free(struct delta_base *base)
{
	if (!base)
		return;
	manifest_release(&base->manifest);
	release_index_release(&base->index);
	if (base->dir_fd >= 0)
		close_quietly(base->dir_fd);
	free(base);
}
DEFINE_AUTO(struct delta_base *, delta_base_free, NULL)
#define AUTO_DELTA_BASE CLEANUP(delta_base_free_auto)

int delta_base_open(struct agent *a, const char *id, struct delta_base **out,
		    struct err *err)
{
	AUTO_FD int dir = root_dot_dir(a, "manifest", false);
	AUTO_DELTA_BASE struct delta_base *base = xcalloc(1, sizeof(*base));
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;

	*base = (struct delta_base){
		.manifest = MANIFEST_INIT,
		.index = RELEASE_INDEX_INIT,
		.dir_fd = openat(a->releases_fd, id,
				 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
	};
	snprintf(base->id, sizeof(base->id), "%s", id);
	if (dir < 0 || base->dir_fd < 0)
		return err_set(err, ERR_NOTFOUND, "there is no release '%s'", id);
	if (file_read(dir, id, MANIFEST_MAX_BYTES, &raw, err) < 0 ||
	    manifest_parse(&base->manifest, &raw, err) < 0)
		return err->code = ERR_NOTFOUND;
	*out = TAKE_PTR(base);
	return 0;
}

void delta_base_index(struct agent *a, struct delta_base *base)
{
	AUTO_ERR struct err ignored = ERR_INIT;

	if (seal_load(a, base->id, &base->index, &ignored) < 0)
		release_index_release(&base->index);
}
