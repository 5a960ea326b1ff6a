/*
 * What a vendor delivers: the first byte says whether the rest is a zip archive
 * or a list of names. Whatever comes in, a list that is taken holds no path
 * that leads anywhere but below its directory, none twice, none that is a
 * directory as well, in the order of a git tree; and no content is longer than
 * its archive says.
 */
#include "common/base/base.h"
#include "git-drift/drop_source.h"
#include "common/sys/fileio.h"

#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(const char *path)
{
	if (*path == '/' || !*path)
		abort();
	while (path) {
		size_t len = strcspn(path, "/");

		if (!len || len > NAME_MAX || !strncmp(path, "../", 3) ||
		    !strcmp(path, "..") || !strncmp(path, ".git/", 5) ||
		    !strcmp(path, ".git") || !strncmp(path, "./", 2))
			abort();
		path = path[len] ? path + len + 1 : NULL;
	}
}

static void check(const struct drop_list *list)
{
	for (size_t i = 0; i < list->nr; i++) {
		const char *path = list->v[i].path;
		size_t len = strlen(path);

		check_path(path);
		if (list->v[i].mode != 0100644 && list->v[i].mode != 0100755 &&
		    list->v[i].mode != 0120000)
			abort();
		if (i && strcmp(list->v[i - 1].path, path) >= 0)
			abort();
		for (size_t j = i + 1; j < list->nr; j++)
			if (!strncmp(list->v[j].path, path, len) &&
			    list->v[j].path[len] == '/')
				abort();
	}
}

static void try_names(const char *p, size_t size)
{
	AUTO_DROP_LIST struct drop_list list = { .strict_names = true };
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	const char *end;

	strbuf_add(&text, p, size);
	/* NUL or newline ends a name. */
	for (p = text.buf, end = p + text.len; p < end; p += strlen(p) + 1) {
		struct drop_file file = { .path = p, .mode = S_IFREG | 0755 };

		*(char *)(uintptr_t)(p + strcspn(p, "\n")) = '\0';
		if (drop_list_add(&list, &file, &err) < 0)
			return;
	}
	if (drop_list_finish(&list, true, &err) == 0)
		check(&list);
}

static void read_all(void *zip, const struct drop_list *list)
{
	AUTO_STRBUF struct strbuf content = STRBUF_INIT;

	for (size_t i = 0; i < list->nr; i++) {
		AUTO_ERR struct err err = ERR_INIT;

		if (list->v[i].size < (1u << 20) &&
		    !drop_zip_reader.read(zip, &list->v[i], &content, &err) &&
		    content.len != list->v[i].size)
			abort();
	}
}

static void try_zip(const uint8_t *data, size_t size)
{
	AUTO_DROP_LIST struct drop_list list = DROP_LIST_INIT;
	AUTO_FD int fd = memfd_create("zip", MFD_CLOEXEC);
	AUTO_ERR struct err err = ERR_INIT;
	void *zip;

	if (fd < 0 || write_all(fd, data, size) < 0 ||
	    drop_zip_open(fd, &zip, &err) < 0)
		return;
	if (drop_zip_reader.list(zip, &list, &err) == 0 &&
	    drop_list_finish(&list, true, &err) == 0) {
		check(&list);
		read_all(zip, &list);
	}
	drop_zip_reader.close(zip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] == 'n')
		try_names((const char *)data + 1, size - 1);
	else
		try_zip(data, size);
	return 0;
}
