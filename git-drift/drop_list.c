#include "common/base/base.h"
#include "git-drift/drop_list.h"

#include "common/base/mem.h"
#include "common/text/quote.h"

#include <strings.h>

/* More of them tell nobody more. */
#define CLASHES_MAX 10

void drop_list_release(struct drop_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		free((char *)list->v[i].path);
	free(list->v);
	free(list->top);
	strvec_release(&list->empty);
	strvec_release(&list->clashes);
	*list = (struct drop_list)DROP_LIST_INIT;
}

static int refuse(struct err *err, const char *path, const char *what)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, path, strnlen(path, 300));
	return err_set(err, ERR_REFUSED, "'%s' %s", shown.buf, what);
}

/*
 * The letters that HFS+ leaves out of a name (git's next_hfs_char()): three
 * bytes each, of U+200C-200F, U+202A-202E, U+206A-206F and U+FEFF.
 */
static bool hfs_ignores(const unsigned char *s, size_t len)
{
	if (len < 3)
		return false;
	if (s[0] == 0xef)
		return s[1] == 0xbb && s[2] == 0xbf;
	return s[0] == 0xe2 &&
	       ((s[1] == 0x80 && ((s[2] >= 0x8c && s[2] <= 0x8f) ||
				  (s[2] >= 0xaa && s[2] <= 0xae))) ||
		(s[1] == 0x81 && s[2] >= 0xaa && s[2] <= 0xaf));
}

/*
 * ".git" as any file system may understand a name: without regard to case, on
 * a Macintosh without some letters, and on Windows without blanks and dots at
 * the end, up to a colon or a backslash, or by its short name.
 */
static bool is_dot_git(const char *s, size_t len)
{
	char name[8];
	size_t n = 0, end = 0;

	while (end < len && s[end] != ':' && s[end] != '\\')
		end++;
	while (end > 1 && strchr(". ", s[end - 1]))
		end--;
	for (size_t i = 0; i < end && n < sizeof(name);) {
		if (hfs_ignores((const unsigned char *)s + i, end - i))
			i += 3;
		else
			name[n++] = s[i++];
	}
	return (n == 4 && !strncasecmp(name, ".git", 4)) ||
	       (n == 5 && !strncasecmp(name, "git~1", 5));
}

static const char *wrong_part(const char *s, size_t len)
{
	if (!len)
		return "has an empty name in it";
	if (len > NAME_MAX)
		return "has a name of more than 255 bytes";
	if (s[0] == '.' && (len == 1 || (len == 2 && s[1] == '.')))
		return "leads out of where it belongs";
	if (is_dot_git(s, len))
		return "has a '.git' in it: that is no part of a version";
	return NULL;
}

static bool has_drive(const char *path)
{
	return ((path[0] >= 'a' && path[0] <= 'z') ||
		(path[0] >= 'A' && path[0] <= 'Z')) &&
	       path[1] == ':';
}

static const char *wrong_path(const struct drop_list *list, const char *path,
			      size_t len)
{
	const char *why = NULL;

	if (!len)
		return "is empty";
	if (path[0] == '/')
		return "is absolute";
	if (len > DROP_PATH_MAX)
		return "is longer than 4,095 bytes";
	if (list->strict_names && memchr(path, '\\', len))
		return "has a backslash in it";
	while (!why && len) {
		const char *slash = memchr(path, '/', len);
		size_t part = slash ? (size_t)(slash - path) : len;

		why = wrong_part(path, part);
		/* Of every part: the first may be taken off. */
		if (!why && list->strict_names && has_drive(path))
			why = "begins with a drive letter";
		part += slash != NULL;
		path += part;
		len -= part;
		if (!why && slash && !len)
			why = "has an empty name in it";
	}
	return why;
}

static bool is_named(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return !strcasecmp(slash ? slash + 1 : path, name);
}

static const char *wrong_mode(const char *path, uint32_t mode)
{
	if (!S_ISREG(mode) && !S_ISLNK(mode))
		return "is neither a file nor a link";
	if (S_ISREG(mode) && mode & (S_ISUID | S_ISGID | S_ISVTX))
		return "has a set-id or sticky bit";
	/* git checks out no tree that has one. */
	if (S_ISLNK(mode) && is_named(path, ".gitmodules"))
		return "must not be a link";
	return NULL;
}

static uint32_t git_mode(uint32_t mode)
{
	if (S_ISLNK(mode))
		return 0120000;
	return mode & S_IXUSR ? 0100755 : 0100644;
}

static int check_size(struct drop_list *list, const struct drop_file *file,
		      struct err *err)
{
	uint64_t floor = DROP_RATIO_FLOOR;

	if (file->size > DROP_FILE_MAX)
		return refuse(err, file->path,
			      "is larger than 512 MiB, which is too much");
	list->bytes += file->size;
	if (list->bytes > DROP_BYTES_MAX)
		return err_set(err, ERR_REFUSED,
			       "it holds more than 1 GiB, which is too much");
	if (list->packed_bytes && list->bytes > floor &&
	    list->bytes / DROP_RATIO_MAX > list->packed_bytes)
		return err_set(err, ERR_REFUSED,
			       "it would grow to more than %u times its size, "
			       "which no honest archive does",
			       DROP_RATIO_MAX);
	if (list->nr >= DROP_FILES_MAX)
		return err_set(err, ERR_REFUSED,
			       "it holds more than %u files, which is too many",
			       DROP_FILES_MAX);
	return 0;
}

static int add_directory(struct drop_list *list, const char *path, size_t len,
			 struct err *err)
{
	AUTO_FREE char *name = xstrndup(path, len);
	const char *why = wrong_path(list, name, len);

	if (why)
		return refuse(err, path, why);
	if (list->empty.nr >= DROP_FILES_MAX)
		return err_set(err, ERR_REFUSED,
			       "it holds more than %u directories, which is "
			       "too many",
			       DROP_FILES_MAX);
	strvec_push(&list->empty, name);
	return 0;
}

int drop_list_add(struct drop_list *list, const struct drop_file *file,
		  struct err *err)
{
	size_t len = strlen(file->path);
	const char *why;

	if (len && file->path[len - 1] == '/')
		return add_directory(list, file->path, len - 1, err);
	why = wrong_path(list, file->path, len);
	if (!why)
		why = wrong_mode(file->path, file->mode);
	if (why)
		return refuse(err, file->path, why);
	if (check_size(list, file, err) < 0)
		return err->code;
	ALLOC_GROW(list->v, list->nr + 1, list->alloc);
	list->v[list->nr] = *file;
	list->v[list->nr].path = xstrdup(file->path);
	list->v[list->nr++].mode = git_mode(file->mode);
	return 0;
}

static int by_path(const void *x, const void *y)
{
	const struct drop_file *a = x, *b = y;

	return strcmp(a->path, b->path);
}

static int by_folded(const void *x, const void *y)
{
	const struct drop_file *const *a = x, *const *b = y;

	return strcasecmp((*a)->path, (*b)->path);
}

/*
 * Sorted, what lies below "a" need not come right behind it ("a", "a-b",
 * "a/b"): it is looked for.
 */
static bool is_directory_too(const struct drop_list *list, const char *path)
{
	size_t low = 0, high = list->nr, len = strlen(path);

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const char *other = list->v[mid].path;
		int order = strncmp(path, other, len);

		if (!order)
			order = (unsigned char)other[len] < '/'	  ? 1
				: (unsigned char)other[len] > '/' ? -1
								  : 0;
		if (!order)
			return true;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

static bool has_file(const struct drop_list *list, const char *path)
{
	const struct drop_file key = { .path = path };

	return bsearch(&key, list->v, list->nr, sizeof(key), by_path);
}

static int check_twice(const struct drop_list *list, struct err *err)
{
	for (size_t i = 0; i < list->empty.nr; i++)
		if (has_file(list, list->empty.v[i]))
			return refuse(err, list->empty.v[i],
				      "is a file and a directory at once");

	for (size_t i = 0; i < list->nr; i++) {
		const char *path = list->v[i].path;

		if (i && !strcmp(path, list->v[i - 1].path))
			return refuse(err, path, "is there twice");
		if (is_directory_too(list, path))
			return refuse(err, path,
				      "is a file and a directory at once");
	}
	return 0;
}

static void find_clashes(struct drop_list *list)
{
	AUTO_FREE const struct drop_file **all = xcalloc(list->nr, sizeof(*all));

	for (size_t i = 0; i < list->nr; i++)
		all[i] = &list->v[i];
	qsort(all, list->nr, sizeof(*all), by_folded);
	for (size_t i = 1; i < list->nr; i++) {
		const char *a = all[i - 1]->path, *b = all[i]->path;

		if (strcasecmp(a, b) || list->clashes.nr == CLASHES_MAX)
			continue;
		strvec_pushf(&list->clashes, "%s, %s", a, b);
	}
}

/* The bytes of "top/" when every path is in it, else 0. */
static size_t common_top(const struct drop_list *list)
{
	const char *first = list->v[0].path, *slash = strchr(first, '/');
	size_t len = slash ? (size_t)(slash - first) + 1 : 0;

	/* They are sorted: what the last has, all have. */
	if (strncmp(first, list->v[list->nr - 1].path, len))
		return 0;
	for (size_t i = 0; len && i < list->empty.nr; i++)
		if (strncmp(first, list->empty.v[i], len - 1) ||
		    (list->empty.v[i][len - 1] &&
		     list->empty.v[i][len - 1] != '/'))
			return 0;
	return len;
}

static void strip_top(struct drop_list *list)
{
	size_t len = common_top(list);

	if (!len)
		return;
	list->top = xstrndup(list->v[0].path, len - 1);
	for (size_t i = 0; i < list->nr; i++) {
		char *path = (char *)list->v[i].path;

		memmove(path, path + len, strlen(path + len) + 1);
	}
	for (size_t i = 0; i < list->empty.nr; i++) {
		char *path = list->empty.v[i];

		if (path[len - 1])
			memmove(path, path + len, strlen(path + len) + 1);
		else
			*path = '\0';
	}
}

/* Archives name every directory: those that hold something are not empty. */
static void drop_filled(struct drop_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->empty.nr; i++) {
		char *path = list->empty.v[i];

		if (!*path || is_directory_too(list, path))
			free(path);
		else
			list->empty.v[kept++] = path;
	}
	list->empty.nr = kept;
	if (list->empty.v)
		list->empty.v[kept] = NULL;
}

int drop_list_finish(struct drop_list *list, bool strip, struct err *err)
{
	if (!list->nr)
		return err_set(err, ERR_REFUSED, "it holds no file");
	qsort(list->v, list->nr, sizeof(*list->v), by_path);
	if (strip)
		strip_top(list);
	if (check_twice(list, err) < 0)
		return err->code;
	drop_filled(list);
	find_clashes(list);
	return 0;
}
