#include "common/base/base.h"
#include "git-drift/drop_source.h"

#include "common/base/mem.h"
#include "common/text/link_target.h"
#include "common/text/quote.h"

struct drop_source {
	const struct drop_reader *reader;
	void *ctx;
	struct drop_list list;
	struct strbuf content; /* kept between files: saves allocations */
};

void drop_source_free(struct drop_source *src)
{
	if (src->ctx)
		src->reader->close(src->ctx);
	drop_list_release(&src->list);
	strbuf_release(&src->content);
	free(src);
}

const struct drop_list *drop_source_list(const struct drop_source *src)
{
	return &src->list;
}

bool drop_source_is_archive(const struct drop_source *src)
{
	return src->reader == &drop_zip_reader;
}

/* An archive is mostly one directory, called like it; a directory is chosen. */
static int list(struct drop_source *src, struct err *err)
{
	bool strip = drop_source_is_archive(src);

	if (src->reader->list(src->ctx, &src->list, err) < 0)
		return err->code;
	return drop_list_finish(&src->list, strip, err);
}

static int open_kind(struct drop_source *src, int fd, const struct stat *st,
		     struct err *err)
{
	int ret;

	if (S_ISDIR(st->st_mode)) {
		src->reader = &drop_dir_reader;
		ret = drop_dir_open(fd, &src->ctx, err);
	} else if (S_ISREG(st->st_mode)) {
		src->reader = &drop_zip_reader;
		ret = drop_zip_open(fd, &src->ctx, err);
	} else {
		ret = err_set(err, ERR_FAILED,
			      "it is neither a directory nor a zip archive");
	}
	return ret < 0 ? ret : list(src, err);
}

int drop_source_open(const char *path, struct drop_source **out, struct err *err)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	AUTO_DROP_SOURCE struct drop_source *src = NULL;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	struct stat st;

	quote_text(&shown, path, strnlen(path, 300));
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "cannot open '%s'", shown.buf);
	src = xcalloc(1, sizeof(*src));
	src->content = (struct strbuf)STRBUF_INIT;
	if (open_kind(src, fd, &st, err) < 0)
		return err_prefix(err, "'%s'", shown.buf);
	*out = TAKE_PTR(src);
	return 0;
}

static int refuse_link(const struct drop_file *file, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, file->path, strnlen(file->path, 300));
	return err_set(err, ERR_REFUSED,
		       "'%s' is a link that leads out of the tree", shown.buf);
}

static int add_file(struct drop_source *src, struct drop_store *store,
		    const struct drop_file *file, git_oid *id, struct err *err)
{
	struct drop_object blob = { .type = GIT_OBJECT_BLOB };

	if (src->reader->read(src->ctx, file, &src->content, err) < 0)
		return err->code;
	if (file->mode == GIT_FILEMODE_LINK &&
	    !link_stays_inside(file->path, src->content.buf, src->content.len))
		return refuse_link(file, err);
	blob.data = src->content.buf;
	blob.len = src->content.len;
	return drop_store_add(store, &blob, id, err);
}

/* Files that share their path's first "prefix" bytes: one directory. */
struct range {
	const struct drop_file *v, *end;
	size_t prefix;
};

static int add_tree(struct drop_source *src, struct drop_store *store,
		    const struct range *in, git_oid *id, struct err *err);

static void add_line(struct strbuf *tree, uint32_t mode, const char *name,
		     size_t len, const git_oid *id)
{
	strbuf_addf(tree, "%o ", mode);
	strbuf_add(tree, name, len);
	strbuf_addch(tree, '\0');
	strbuf_add(tree, id->id, sizeof(id->id));
}

/* The files of the directory whose name begins the first path: its length. */
static struct range below(const struct range *in, const struct drop_file *first,
			  size_t len)
{
	struct range sub = { .v = first, .end = first };
	const char *start = first->path + in->prefix;

	sub.prefix = in->prefix + len + 1;
	while (sub.end < in->end &&
	       !strncmp(sub.end->path + in->prefix, start, len + 1))
		sub.end++;
	return sub;
}

/* The byte order of full paths is git's order in every tree. */
static int add_tree(struct drop_source *src, struct drop_store *store,
		    const struct range *in, git_oid *id, struct err *err)
{
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;
	struct drop_object tree = { .type = GIT_OBJECT_TREE };
	const struct drop_file *f = in->v;

	while (f < in->end) {
		const char *name = f->path + in->prefix;
		const char *slash = strchr(name, '/');
		size_t len = slash ? (size_t)(slash - name) : strlen(name);
		struct range sub = below(in, f, len);
		git_oid one;

		if (!slash && add_file(src, store, f, &one, err) < 0)
			return err->code;
		if (slash && add_tree(src, store, &sub, &one, err) < 0)
			return err->code;
		add_line(&bytes, slash ? GIT_FILEMODE_TREE : f->mode, name, len,
			 &one);
		f = slash ? sub.end : f + 1;
	}
	tree.data = bytes.buf;
	tree.len = bytes.len;
	return drop_store_add(store, &tree, id, err);
}

int drop_source_tree(struct drop_source *src, struct drop_store *store,
		     git_oid *tree, struct err *err)
{
	const struct range all = { .v = src->list.v,
				   .end = src->list.v + src->list.nr };

	return add_tree(src, store, &all, tree, err);
}
