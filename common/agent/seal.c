#include "common/base/base.h"
#include "common/agent/seal.h"

#include "common/agent/installed.h"
#include "common/agent/link.h"
#include "common/agent/root.h"
#include "common/sys/fileio.h"
#include "common/wire/index_file.h"

#include <time.h>

#define INDEX_MAX ((size_t)1 << 30)

/* The lines that hold, from *next on to where "before" will stand. */
static void copy_held(const struct installed *in, size_t *next,
		      const struct index_entry *before, struct strbuf *out)
{
	const unsigned char *lines = in->run->lines;
	size_t end = 0;

	if (in->held)
		end = before ? release_index_position(in->held, before->path,
						      before->path_len)
			     : in->held->nr;
	while (*next < end) {
		size_t first = *next;

		while (*next < end && lines[*next] == LINE_HOLDS)
			++*next;
		release_index_copy(out, in->held, first, *next);
		while (*next < end && lines[*next] != LINE_HOLDS)
			++*next;
	}
}

/* All are sorted: one more step of merging for each entry. */
static void merge(const struct installed *in, struct strbuf *out)
{
	const struct index_list *a = &in->known, *b = &in->seen;
	size_t i = 0, k = 0, held = 0;

	while (i < a->nr || k < b->nr) {
		bool first = k == b->nr ||
			     (i < a->nr && strcmp(a->entries[i].path,
						  b->entries[k].path) < 0);
		const struct index_entry *e = first ? &a->entries[i++]
						    : &b->entries[k++];

		copy_held(in, &held, e, out);
		release_index_add(out, e);
	}
	copy_held(in, &held, NULL, out);
}

static void format_index(const struct installed *in, struct strbuf *out)
{
	struct timespec now;

	(void)strbuf_grow(out, (in->known.nr + in->seen.nr) * 192 + 256 +
				       (in->held ? in->held->raw.len : 0));
	strbuf_addstr(out, RELEASE_INDEX_MAGIC);
	merge(in, out);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	index_file_end(out, (uint64_t)now.tv_sec * 1000000000 +
				    (uint64_t)now.tv_nsec);
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

	if (fd < 0)
		return err_set(err, ERR_NOTFOUND, "there is no index");
	if (file_read(fd, id, INDEX_MAX, &raw, err) < 0)
		return err->code;
	if (index_file_parse(x, &raw, err) < 0)
		return err_set(err, ERR_FAILED, "the index of '%s' is damaged",
			       id);
	return 0;
}
