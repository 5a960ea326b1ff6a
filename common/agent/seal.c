#include "common/base/base.h"
#include "common/agent/seal.h"

#include "common/agent/installed.h"
#include "common/agent/link.h"
#include "common/agent/root.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"

#include <time.h>

#define INDEX_MAX ((size_t)1 << 30)

/* Both lists are sorted: one more step of merging for each entry. */
static void merge(const struct index_list *a, const struct index_list *b,
		  struct strbuf *out)
{
	size_t i = 0, k = 0;

	while (i < a->nr || k < b->nr) {
		bool first = k == b->nr ||
			     (i < a->nr && strcmp(a->entries[i].path,
						  b->entries[k].path) < 0);

		release_index_add(out,
				  first ? &a->entries[i++] : &b->entries[k++]);
	}
}

static void format_index(const struct installed *in, struct strbuf *out)
{
	char sum[SHA256_HEXSZ + 1];
	struct timespec now;
	struct sha256 sha;

	(void)strbuf_grow(out, (in->known.nr + in->seen.nr) * 192 + 256);
	strbuf_addstr(out, RELEASE_INDEX_MAGIC);
	merge(&in->known, &in->seen, out);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	strbuf_addf(out, "end %lld%09ld ", (long long)now.tv_sec, now.tv_nsec);
	sha256_init(&sha);
	sha256_update(&sha, out->buf, out->len);
	sha256_final_hex(&sha, sum);
	strbuf_addf(out, "%s\n", sum);
}

static int write_in(struct agent *a, const char *dir, const char *id,
		    const struct strbuf *bytes, struct err *err)
{
	AUTO_FD int fd = root_dot_dir(a, dir, true);

	if (fd < 0)
		return err_sys(err, "cannot open '.release/%s'", dir);
	return file_replace(fd, id, bytes, 0600, err);
}

int seal_write(struct agent *a, struct run *run, struct err *err)
{
	struct installed in = { .run = run };
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;
	int ret = run->hooks_ran ? installed_scan(&in, err)
				 : installed_recall(&in, err);

	if (!ret)
		format_index(&in, &bytes);
	installed_release(&in);
	/* Hooks may have written after the first syncfs. */
	if (!ret && run->hooks_ran && syncfs(run->tree_fd) < 0)
		ret = err_sys(err, "cannot sync the release");
	if (!ret)
		ret = write_in(a, "manifest", run->id, &run->new.raw, err);
	if (!ret)
		ret = write_in(a, "index", run->id, &bytes, err);
	if (!ret)
		ret = link_prepare(a, run->id, err);
	if (!ret)
		ret = journal_reserve(&a->journal, a->dot_fd, err);
	if (!ret)
		run->sealed = true;
	return ret;
}

int seal_load(struct agent *a, const char *id, struct release_index *x,
	      struct err *err)
{
	AUTO_FD int fd = root_dot_dir(a, "index", false);
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	char sum[SHA256_HEXSZ + 1];
	const char *want;
	struct sha256 sha;
	size_t len;

	if (fd < 0)
		return err_set(err, ERR_NOTFOUND, "there is no index");
	if (file_read(fd, id, INDEX_MAX, &raw, err) < 0 ||
	    release_index_parse(x, &raw, &len, &want, err) < 0)
		return err->code;
	sha256_init(&sha);
	sha256_update(&sha, x->raw.buf, len);
	sha256_final_hex(&sha, sum);
	if (strncmp(sum, want, SHA256_HEXSZ))
		return err_set(err, ERR_FAILED, "the index of '%s' is damaged",
			       id);
	return 0;
}
