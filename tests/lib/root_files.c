#include "common/base/base.h"
#include "tests/lib/root_files.h"

#include "common/agent/scan.h"
#include "common/base/oid.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"
#include "common/text/ledger_line.h"

#include <dirent.h>

static int by_text(const void *va, const void *vb)
{
	return strcmp(*(char *const *)va, *(char *const *)vb);
}

static void sort(struct strvec *list)
{
	if (list->nr)
		qsort(list->v, list->nr, sizeof(*list->v), by_text);
}

bool in_list(const struct strvec *list, const char *s)
{
	for (size_t i = 0; i < list->nr; i++)
		if (!strcmp(list->v[i], s))
			return true;
	return false;
}

void names_in(int at, const char *name, struct strvec *out)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!d)
		return;
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			strvec_push(out, e->d_name);
	closedir(d);
	sort(out);
}

static int content_id(int at, const char *name, const struct stat *st,
		      struct oid *oid)
{
	struct blob_hash hash;
	char buf[65536];
	ssize_t n;

	blob_hash_init(&hash, (uint64_t)st->st_size);
	if (S_ISLNK(st->st_mode)) {
		n = readlinkat(at, name, buf, sizeof(buf));
		if (n < 0)
			return -1;
		blob_hash_update(&hash, buf, (size_t)n);
		blob_hash_final(&hash, oid);
		return 0;
	}
	AUTO_FD int fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -1;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		blob_hash_update(&hash, buf, (size_t)n);
	blob_hash_final(&hash, oid);
	return n < 0 ? -1 : 0;
}

static int add_line(void *ctx, const char *path, size_t len UNUSED, int at,
		    const char *name, const struct stat *st, struct err *err)
{
	struct strvec *out = ctx;
	char hex[OID_HEXSZ + 1] = "-", type = '?';
	struct oid oid;

	if (S_ISREG(st->st_mode))
		type = 'f';
	else if (S_ISDIR(st->st_mode))
		type = 'd';
	else if (S_ISLNK(st->st_mode))
		type = 'l';
	if ((type == 'f' || type == 'l') && content_id(at, name, st, &oid) < 0)
		return err_sys(err, "%s", path);
	if (type == 'f' || type == 'l')
		oid_to_hex(&oid, hex);
	strvec_pushf(out, "%c %04o %s %s", type, st->st_mode & 07777, hex, path);
	return 0;
}

static int by_path(const void *va, const void *vb)
{
	const char *a = *(char *const *)va, *b = *(char *const *)vb;

	/* Behind type, mode and id, the first of which has a fixed width. */
	return strcmp(strchr(a + 7, ' '), strchr(b + 7, ' '));
}

int list_tree(int at, const char *name, struct strvec *out)
{
	AUTO_FD int fd = openat(at, name,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	AUTO_ERR struct err err = ERR_INIT;

	if (fd < 0 || scan_tree(fd, add_line, out, &err) < 0)
		return -1;
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_path);
	return 0;
}

int digest_tree(int at, const char *name, char hex[65])
{
	AUTO_STRVEC struct strvec list = STRVEC_INIT;
	struct sha256 sha;

	if (list_tree(at, name, &list) < 0)
		return -1;
	sort(&list);
	sha256_init(&sha);
	for (size_t i = 0; i < list.nr; i++)
		sha256_update(&sha, list.v[i], strlen(list.v[i]) + 1);
	sha256_final_hex(&sha, hex);
	return 0;
}

static void drop(struct strvec *list, const char *s)
{
	for (size_t i = 0; i < list->nr; i++) {
		if (strcmp(list->v[i], s))
			continue;
		free(list->v[i]);
		list->nr--;
		for (size_t k = i; k <= list->nr; k++)
			list->v[k] = list->v[k + 1];
		return;
	}
}

static void replay(struct told *t, const struct ledger_line *l)
{
	switch (l->event) {
	case LEDGER_STAGING: strvec_push(&t->unfinished, l->release); break;
	case LEDGER_ACTIVE:
		snprintf(t->live, sizeof(t->live), "%s", l->release);
		if (in_list(&t->proven, l->release)) {
			drop(&t->proven, l->release);
			strvec_push(&t->proven, l->release);
		}
		break;
	case LEDGER_HEALTHY:
		drop(&t->unfinished, l->release);
		drop(&t->proven, l->release);
		strvec_push(&t->proven, l->release);
		break;
	case LEDGER_ROLLEDBACK:
	case LEDGER_BAD:
	case LEDGER_PRUNED:
		drop(&t->proven, l->release);
		drop(&t->unfinished, l->release);
		break;
	default: break;
	}
}

int read_ledger(int dot, struct told *t)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	AUTO_FD int fd = openat(dot, "journal", O_RDONLY | O_CLOEXEC);
	char *p, *nl;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	if (read_rest(fd, &raw) < 0)
		return -1;
	for (p = raw.buf; (nl = strchr(p, '\n')); p = nl + 1) {
		struct ledger_line line;

		*nl = '\0';
		if (nl != p && ledger_line_parse(p, &line) < 0)
			t->damaged++;
		else if (nl != p)
			replay(t, &line);
	}
	t->torn = *p;
	return 0;
}

void told_clear(struct told *t)
{
	strvec_release(&t->proven);
	strvec_release(&t->unfinished);
}
