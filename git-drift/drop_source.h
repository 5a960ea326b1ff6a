#ifndef DROP_SOURCE_H
#define DROP_SOURCE_H

#include "git-drift/drop_list.h"
#include "git-drift/drop_store.h"

/*
 * A vendor's version as it was delivered: a directory, or a zip archive.
 * Opening it lists and checks what it holds (drop_list.h); making its tree
 * reads the contents. Nothing is unpacked to disk, and nothing in a directory
 * is reached through a link.
 *
 * Files are taken byte for byte: no filter, no line ends, no ignored files.
 * A link that leads out of the tree is refused, as is an archive that is
 * encrypted, or whose contents are not as long as it says.
 */
struct drop_source;

/* Frees it with drop_source_free(). The path is shown in messages. */
int drop_source_open(const char *path, struct drop_source **out,
		     struct err *err) MUST_CHECK;
void drop_source_free(struct drop_source *src);
DEFINE_AUTO(struct drop_source *, drop_source_free, NULL)
#define AUTO_DROP_SOURCE CLEANUP(drop_source_free_auto)

const struct drop_list *drop_source_list(const struct drop_source *src);
bool drop_source_is_archive(const struct drop_source *src);

/* Adds every file and every tree to the store; *tree is the top one. */
int drop_source_tree(struct drop_source *src, struct drop_store *store,
		     git_oid *tree, struct err *err) MUST_CHECK;

/* For the two kinds: how a list is made, and a content is read. */
struct drop_reader {
	int (*list)(void *ctx, struct drop_list *out, struct err *err);
	/* Replaces what is in out. */
	int (*read)(void *ctx, const struct drop_file *file, struct strbuf *out,
		    struct err *err);
	void (*close)(void *ctx);
};

int drop_dir_open(int fd, void **ctx, struct err *err) MUST_CHECK;
int drop_zip_open(int fd, void **ctx, struct err *err) MUST_CHECK;
extern const struct drop_reader drop_dir_reader, drop_zip_reader;

#endif
