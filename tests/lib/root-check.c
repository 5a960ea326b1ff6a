#include "common/base/base.h"
#include "tests/lib/root_files.h"

#include "common/agent/releases.h"
#include "common/base/mem.h"
#include "common/sys/fileio.h"
#include "common/text/quote.h"
#include "common/text/release_index.h"

#include <sys/file.h>

/*
 * What must be true of a release root after any fault:
 *
 *	root-check snapshot <root>		to keep, from before
 *	root-check check <root> <snapshot>	I1-I8 hold
 *	root-check clean <root> <snapshot>	and nothing is left over (I11)
 *
 * A release that somebody had edited before is only to be what it was then.
 *
 * Each breach is a line "I3: ...", the exit status then 1. The numbers are
 * those of the invariants in the safety notes: 1 current leads into releases/,
 *2 it leads to a sealed release, 3 shared/ lost nothing, 4 nothing half-made is
 * listed, 5 ledger and link agree, 6 the rollback target is still there, 7
 * sealed releases are as sealed, 8 the lock is free, 11 no leftovers.
 */
struct checked {
	int root, dot;
	struct told told;
	struct strvec before; /* lines of the snapshot */
	struct strvec releases;
	char live[129];
	size_t wrong;
	bool mute; /* only counts */
};

static void PRINTF_LIKE(3, 4)
	wrong(struct checked *c, int invariant, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	va_list ap;

	c->wrong++;
	if (c->mute)
		return;
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	quote_text(&shown, text.buf, text.len);
	printf("I%d: %s\n", invariant, shown.buf);
}

/* The rest of the first line of the snapshot that starts with key; or "". */
static const char *from_before(const struct checked *c, const char *key)
{
	for (size_t i = 0; i < c->before.nr; i++)
		if (!strncmp(c->before.v[i], key, strlen(key)))
			return c->before.v[i] + strlen(key);
	return "";
}

static bool has(int dot, const char *dir, const char *id)
{
	AUTO_FREE char *path = NULL;
	struct stat st;

	return asprintf(&path, "%s/%s", dir, id) > 0 &&
	       !fstatat(dot, path, &st, AT_SYMLINK_NOFOLLOW);
}

static void check_lock(struct checked *c)
{
	AUTO_FD int fd =
		c->dot < 0 ? -1 : openat(c->dot, "lock", O_RDWR | O_CLOEXEC);

	for (int i = 0; fd >= 0 && i < 200; i++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return;
		usleep(10000);
	}
	if (fd >= 0)
		wrong(c, 8, "the lock is held");
}

static int open_root(struct checked *c, const char *path)
{
	c->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	c->dot = c->root < 0 ? -1
			     : openat(c->root, ".release",
				      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* First: an agent whose client died may be undoing still. */
	check_lock(c);
	if (c->dot >= 0 && read_ledger(c->dot, &c->told) < 0)
		return -1;
	names_in(c->root, "releases", &c->releases);
	return 0;
}

static void check_current(struct checked *c)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(c->root, "current", text, sizeof(text) - 1);
	struct stat st;

	if (n < 0 && errno == ENOENT) {
		if (*from_before(c, "live "))
			wrong(c, 1, "current is gone");
		return;
	}
	if (n < 0) {
		wrong(c, 1, "current is not a link");
		return;
	}
	text[n] = '\0';
	if (strncmp(text, "releases/", 9) || strchr(text + 9, '/') ||
	    strlen(text + 9) >= sizeof(c->live)) {
		if (strcmp(text, from_before(c, "link ")))
			wrong(c, 1, "current leads to %s", text);
		return;
	}
	memcpy(c->live, text + 9, strlen(text + 9) + 1);
	if (fstatat(c->root, text, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISDIR(st.st_mode))
		wrong(c, 1, "current leads to %s, which is not there", text);
}

/* "type mode id path", as list_tree() has it, against the index. */
static void compare_entry(struct checked *c, const char *id, const char *line,
			  const struct release_index *x, size_t *met)
{
	const char *hex = strchr(line + 2, ' ') + 1;
	const char *path = strchr(hex, ' ') + 1;
	const struct index_entry *e = release_index_find(x, path, strlen(path));
	char want[OID_HEXSZ + 1];

	if (!e) {
		wrong(c, 7, "%s has %s more than was sealed", id, path);
		return;
	}
	(*met)++;
	if (strtoul(line + 2, NULL, 8) != (e->mode & 07777) && *line != 'l')
		wrong(c, 7, "%s/%s has another mode", id, path);
	if ((*line == 'd') != !!S_ISDIR(e->mode) ||
	    (*line == 'l') != !!S_ISLNK(e->mode))
		wrong(c, 7, "%s/%s is of another type", id, path);
	else if (*line != 'd' &&
		 strncmp(hex, oid_to_hex(&e->oid, want), OID_HEXSZ) != 0)
		wrong(c, 7, "%s/%s has another content", id, path);
}

static void check_sealed(struct checked *c, const char *id)
{
	AUTO_FREE char *path = NULL;
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	AUTO_STRVEC struct strvec list = STRVEC_INIT;
	AUTO_RELEASE_INDEX struct release_index x = RELEASE_INDEX_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_FD int indexes = openat(c->dot, "index", O_RDONLY | O_DIRECTORY);
	const char *sum;
	size_t len, met = 0;

	if (file_read(indexes, id, 64 << 20, &raw, &err) < 0 ||
	    release_index_parse(&x, &raw, &len, &sum, &err) < 0 ||
	    asprintf(&path, "releases/%s", id) < 0 ||
	    list_tree(c->root, path, &list) < 0) {
		wrong(c, 7, "%s cannot be compared: %s", id, err.msg.buf);
		return;
	}
	for (size_t i = 0; i < list.nr; i++)
		compare_entry(c, id, list.v[i], &x, &met);
	if (met != x.nr)
		wrong(c, 7, "%s lacks %zu of what was sealed", id, x.nr - met);
}

static void check_release(struct checked *c, const char *id)
{
	AUTO_FREE char *key = NULL, *path = NULL, *edited = NULL;
	char digest[65] = "";
	const char *old;

	if (asprintf(&key, "release %s ", id) < 0 ||
	    asprintf(&edited, "edited %s", id) < 0 ||
	    asprintf(&path, "releases/%s", id) < 0)
		abort();
	old = from_before(c, key);
	if (*old &&
	    (digest_tree(c->root, path, digest) < 0 || strcmp(digest, old) != 0))
		wrong(c, 7, "%s is not what it was", id);
	if (in_list(&c->before, edited))
		return;
	if (c->dot >= 0 && has(c->dot, "index", id))
		check_sealed(c, id);
	else if (!*old && !strcmp(c->live, id))
		wrong(c, 2, "%s is live and not sealed", id);
	else if (!*old && !in_list(&c->told.unfinished, id))
		wrong(c, 4, "releases/%s is neither sealed nor staged", id);
}

static void check_shared(struct checked *c)
{
	AUTO_STRVEC struct strvec now = STRVEC_INIT;

	(void)list_tree(c->root, "shared", &now);
	for (size_t i = 0; i < c->before.nr; i++) {
		const char *old = c->before.v[i];
		bool found = false;

		if (strncmp(old, "shared ", 7))
			continue;
		old += 7;
		for (size_t k = 0; !found && k < now.nr; k++)
			found = !strcmp(strchr(now.v[k] + 7, ' '),
					strchr(old + 7, ' ')) &&
				now.v[k][0] == old[0] &&
				!(strtoul(now.v[k] + 2, NULL, 8) &
				  ~strtoul(old + 2, NULL, 8)) &&
				!strncmp(now.v[k] + 7, old + 7,
					 strcspn(old + 7, " "));
		if (!found)
			wrong(c, 3, "shared/ had %s", old);
	}
}

static void check_targets(struct checked *c)
{
	const char *live = from_before(c, "live ");
	const char *target = from_before(c, "target ");

	if (*live && !in_list(&c->releases, live))
		wrong(c, 6, "%s was live and is gone", live);
	if (*target && !strcmp(live, c->live) && !in_list(&c->releases, target))
		wrong(c, 6, "%s was the way back and is gone", target);
}

static void check_empty(struct checked *c, const char *dir)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;

	names_in(c->dot, dir, &names);
	for (size_t i = 0; i < names.nr; i++)
		wrong(c, 11, ".release/%s/%s is left over", dir, names.v[i]);
}

static void check_dir_of_ids(struct checked *c, const char *dir)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;

	names_in(c->dot, dir, &names);
	for (size_t i = 0; i < names.nr; i++)
		if (!in_list(&c->releases, names.v[i]))
			wrong(c, 11, ".release/%s/%s belongs to nothing", dir,
			      names.v[i]);
}

static void check_links(struct checked *c)
{
	AUTO_FD int dir = openat(c->dot, "link", O_RDONLY | O_DIRECTORY);
	AUTO_STRVEC struct strvec names = STRVEC_INIT;

	names_in(dir, ".", &names);
	for (size_t i = 0; i < names.nr; i++) {
		char text[256] = "";

		if (readlinkat(dir, names.v[i], text, sizeof(text) - 1) < 0 ||
		    strncmp(text, "releases/", 9) != 0 ||
		    strcmp(text + 9, names.v[i]) != 0)
			wrong(c, 11, "link/%s says %s", names.v[i], text);
		if (!strcmp(names.v[i], c->live))
			wrong(c, 11, "link/%s although it is live", names.v[i]);
	}
	/* Without its link a rollback would need a free inode. */
	for (size_t i = 0; i < c->told.proven.nr; i++) {
		const char *id = c->told.proven.v[i];

		if (strcmp(id, c->live) != 0 && in_list(&c->releases, id) &&
		    !in_list(&names, id))
			wrong(c, 11, "there is no link to go back to %s", id);
	}
}

static void check_clean(struct checked *c)
{
	static const char *const known[] = { ".release", "current",
					     "deployment.log", "releases",
					     "shared" };
	AUTO_STRVEC struct strvec names = STRVEC_INIT;

	check_empty(c, "tmp");
	check_empty(c, "trash");
	check_dir_of_ids(c, "manifest");
	check_dir_of_ids(c, "index");
	check_dir_of_ids(c, "link");
	check_links(c);
	names_in(c->root, ".", &names);
	for (size_t i = 0; i < names.nr; i++) {
		bool ours = false;

		for (size_t k = 0; k < ARRAY_SIZE(known); k++)
			ours |= !strcmp(names.v[i], known[k]);
		if (!ours && !in_list(&c->before, names.v[i]))
			wrong(c, 11, "%s is left over", names.v[i]);
	}
	for (size_t i = 0; i < c->releases.nr; i++)
		if (in_list(&c->told.unfinished, c->releases.v[i]))
			wrong(c, 11, "releases/%s was never finished",
			      c->releases.v[i]);
	if (strcmp(c->told.live, c->live) != 0 &&
	    strcmp(c->live, from_before(c, "live ")) != 0)
		wrong(c, 5, "the ledger says %s, the link %s", c->told.live,
		      c->live);
	if (c->told.torn)
		wrong(c, 5, "the ledger's last line is torn");
}

static void snapshot(struct checked *c)
{
	AUTO_STRVEC struct strvec shared = STRVEC_INIT;
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	const char *target = "";
	char hex[65], text[PATH_MAX] = "";

	if (readlinkat(c->root, "current", text, sizeof(text) - 1) > 0) {
		printf("link %s\n", text);
		printf("live %s\n", strrchr(text, '/') + 1);
	}
	for (size_t i = 0; i < c->told.proven.nr; i++)
		if (strcmp(c->told.proven.v[i], c->told.live) != 0)
			target = c->told.proven.v[i];
	printf("target %s\n", target);
	for (size_t i = 0; i < c->releases.nr; i++) {
		AUTO_FREE char *path = NULL;

		if (asprintf(&path, "releases/%s", c->releases.v[i]) > 0 &&
		    !digest_tree(c->root, path, hex))
			printf("release %s %s\n", c->releases.v[i], hex);
		c->wrong = 0;
		if (c->dot >= 0 && has(c->dot, "index", c->releases.v[i]))
			check_sealed(c, c->releases.v[i]);
		if (c->wrong)
			printf("edited %s\n", c->releases.v[i]);
	}
	(void)list_tree(c->root, "shared", &shared);
	for (size_t i = 0; i < shared.nr; i++)
		printf("shared %s\n", shared.v[i]);
	names_in(c->root, ".", &names);
	for (size_t i = 0; i < names.nr; i++)
		printf("%s\n", names.v[i]);
}

static int read_snapshot(struct checked *c, const char *path)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read_rest(fd, &raw) < 0)
		return -1;
	for (char *p = raw.buf, *nl; (nl = strchr(p, '\n')); p = nl + 1)
		strvec_pushf(&c->before, "%.*s", (int)(nl - p), p);
	return 0;
}

static void check(struct checked *c, bool clean)
{
	check_current(c);
	for (size_t i = 0; i < c->releases.nr; i++)
		check_release(c, c->releases.v[i]);
	check_shared(c);
	check_targets(c);
	if (c->told.damaged)
		wrong(c, 5, "%zu lines of the ledger are damaged",
		      c->told.damaged);
	if (clean)
		check_clean(c);
}

int main(int argc, char **argv)
{
	struct checked c = { .root = -1, .dot = -1, .mute = argc == 3 };
	bool clean = argc == 4 && !strcmp(argv[1], "clean");

	if ((argc != 3 || strcmp(argv[1], "snapshot") != 0) && !clean &&
	    (argc != 4 || strcmp(argv[1], "check") != 0))
		return 129;
	if (open_root(&c, argv[2]) < 0 ||
	    (argc == 4 && read_snapshot(&c, argv[3]) < 0)) {
		printf("cannot read: %s\n", strerror(errno));
		return 1;
	}
	if (argc == 3)
		snapshot(&c);
	else
		check(&c, clean);
	told_clear(&c.told);
	strvec_release(&c.before);
	strvec_release(&c.releases);
	return !c.mute && c.wrong;
}
