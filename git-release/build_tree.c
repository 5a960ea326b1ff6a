#include "common/base/base.h"
#include "git-release/build_tree.h"
#include "git-release/package_survey.h"
#include "common/base/mem.h"
#include "common/git/run_git.h"
#include "common/sys/dirstream.h"
#include "common/sys/fileio.h"
#include "common/sys/rmtree.h"
#include "common/text/link_target.h"
#include "common/text/quote.h"

#include <strings.h>

#define DEPTH_MAX    500
#define LIST_MAX     (256u << 20)
#define DIRFLAG	     (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define MAX_PATH_LEN 4095

struct found {
	struct stat st;
	char *name;
};

struct listing {
	struct found *v;
	size_t nr, alloc;
};

struct tree_walker {
	int (*cb)(const struct build_file *f, void *ctx, struct err *err);
	void *ctx;
	struct strbuf path;
	int depth;
};

static void listing_release(struct listing *l)
{
	while (l->nr)
		free(l->v[--l->nr].name);
	free(l->v);
}

/* As git sorts a tree: a directory as if its name ended in a slash. */
static int compare_found(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	const unsigned char *p = (const unsigned char *)x->name;
	const unsigned char *q = (const unsigned char *)y->name;
	int c, d;

	while (*p && *p == *q) {
		p++;
		q++;
	}
	c = *p ? *p : (S_ISDIR(x->st.st_mode) ? '/' : 0);
	d = *q ? *q : (S_ISDIR(y->st.st_mode) ? '/' : 0);
	return c - d;
}

static int list_dir(int dir, const char *path, struct listing *l, struct err *err)
{
	int fd = openat(dir, ".", DIRFLAG);
	DIR *d = dirstream_take(fd);
	struct dirent *e;
	int ret = 0;

	if (!d)
		return err_sys(err, "cannot read directory '%s'", path);
	while (!ret && (errno = 0, e = dirstream_next(d))) {
		struct found f;

		if (fstatat(dir, e->d_name, &f.st, AT_SYMLINK_NOFOLLOW) < 0) {
			ret = err_sys(err, "cannot look at '%s'", e->d_name);
			break;
		}
		f.name = xstrdup(e->d_name);
		ALLOC_GROW(l->v, l->nr + 1, l->alloc);
		l->v[l->nr++] = f;
	}
	if (!ret && errno)
		ret = err_sys(err, "cannot read directory '%s'", path);
	closedir(d);
	if (l->nr)
		qsort(l->v, l->nr, sizeof(*l->v), compare_found);
	return ret;
}

static int walk_dir(struct tree_walker *w, int dir, bool *empty, struct err *err);

static int walk_found(struct tree_walker *w, int dir, const struct found *found,
		      struct err *err)
{
	struct build_file f = { .dir = dir, .name = found->name };
	AUTO_FD int sub = -1;
	int ret;

	f.st = &found->st;
	if (S_ISDIR(found->st.st_mode)) {
		sub = openat(dir, found->name, DIRFLAG);
		if (sub < 0)
			return err_sys(err, "cannot open directory '%s'",
				       w->path.buf);
		strbuf_addch(&w->path, '/');
		ret = walk_dir(w, sub, &f.empty_dir, err);
		strbuf_setlen(&w->path, w->path.len - 1);
		if (ret < 0 || !f.empty_dir)
			return ret;
	}
	f.path = w->path.buf;
	return w->cb(&f, w->ctx, err);
}

static int walk_dir(struct tree_walker *w, int dir, bool *empty, struct err *err)
{
	CLEANUP(listing_release) struct listing l = { 0 };
	size_t len = w->path.len;
	int ret;

	if (w->depth >= DEPTH_MAX || len > MAX_PATH_LEN)
		return err_set(err, ERR_REFUSED, "directories are too deep");
	if ((ret = list_dir(dir, w->path.buf, &l, err)) < 0)
		return ret;
	*empty = !l.nr;
	w->depth++;
	for (size_t i = 0; i < l.nr && !ret; i++) {
		strbuf_addstr(&w->path, l.v[i].name);
		ret = walk_found(w, dir, &l.v[i], err);
		strbuf_setlen(&w->path, len);
	}
	w->depth--;
	return ret;
}

int build_tree_walk(int tree,
		    int (*cb)(const struct build_file *f, void *ctx,
			      struct err *err),
		    void *ctx, struct err *err)
{
	struct tree_walker w = { .cb = cb, .ctx = ctx };
	bool empty;
	int ret;

	w.path = (struct strbuf)STRBUF_INIT;
	ret = walk_dir(&w, tree, &empty, err);
	strbuf_release(&w.path);
	return ret;
}

/* What is wrong, by kind; each kind is told apart. */
struct findings {
	struct strvec leaving, special, repositories, empty;
	size_t leaving_nr, special_nr, repositories_nr, empty_nr;
};

static void findings_release(struct findings *f)
{
	strvec_release(&f->leaving);
	strvec_release(&f->special);
	strvec_release(&f->repositories);
	strvec_release(&f->empty);
}

static int check_link(const struct build_file *f, struct findings *found,
		      struct err *err)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(f->dir, f->name, target, sizeof(target));

	if (n < 0)
		return err_sys(err, "cannot read link '%s'", f->path);
	if (!link_stays_inside(f->path, target, (size_t)n))
		survey_note(&found->leaving, &found->leaving_nr, f->path,
			    target, (size_t)n);
	return 0;
}

/* ".git" may be a directory that is not empty: seen in what is below it. */
static bool note_repository(const char *path, struct findings *found)
{
	AUTO_STRBUF struct strbuf up_to = STRBUF_INIT;

	for (const char *p = path; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (strncasecmp(p, ".git", 4) || (p[4] && p[4] != '/'))
			continue;
		strbuf_add(&up_to, path, (size_t)(p + 4 - path));
		/* Once for all that is in it: the walk is in order. */
		if (!found->repositories.nr ||
		    strcmp(found->repositories.v[found->repositories.nr - 1],
			   up_to.buf))
			survey_note(&found->repositories,
				    &found->repositories_nr, up_to.buf, NULL, 0);
		return true;
	}
	return false;
}

static int check_file(const struct build_file *f, void *ctx, struct err *err)
{
	struct findings *found = ctx;
	mode_t mode = f->st->st_mode;

	if (note_repository(f->path, found))
		return 0;
	if (f->empty_dir)
		survey_note(&found->empty, &found->empty_nr, f->path, NULL, 0);
	else if (S_ISLNK(mode))
		return check_link(f, found, err);
	else if (!S_ISREG(mode) || mode & (S_ISUID | S_ISGID))
		survey_note(&found->special, &found->special_nr, f->path, NULL,
			    0);
	return 0;
}

static int refuse(struct err *err, const char *what, const struct strvec *items,
		  size_t nr)
{
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;

	survey_list(&list, items, nr);
	return err_set(err, ERR_REFUSED, "%s:%s", what, list.buf);
}

static void warn_empty(const struct findings *found, struct strvec *warnings)
{
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;

	if (!found->empty_nr)
		return;
	survey_list(&list, &found->empty, found->empty_nr);
	strvec_pushf(warnings, "empty directories are not shipped:%s", list.buf);
}

int build_tree_check(int tree, struct strvec *warnings, struct err *err)
{
	CLEANUP(findings_release) struct findings found = { 0 };
	int ret;

	if ((ret = build_tree_walk(tree, check_file, &found, err)) < 0)
		return ret;
	if (found.repositories_nr) {
		refuse(err, "the build left a repository inside the package",
		       &found.repositories, found.repositories_nr);
		return err_hint(err, "composer install --prefer-dist, or "
				     "release.exclude");
	}
	if (found.special_nr)
		return refuse(err,
			      "the build left what is no plain file, or has a "
			      "set-id bit",
			      &found.special, found.special_nr);
	if (found.leaving_nr)
		return refuse(err,
			      "symbolic links that may lead out of the package",
			      &found.leaving, found.leaving_nr);
	warn_empty(&found, warnings);
	return 0;
}

static int write_patterns(int tree, const struct strvec *patterns, struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_FD int fd = openat(tree, "../exclude",
				O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	for (size_t i = 0; i < patterns->nr; i++)
		strbuf_addf(&text, "%s\n", patterns->v[i]);
	if (fd < 0 || write_all(fd, text.buf, text.len) < 0)
		return err_sys(err, "cannot write the list of excludes");
	return 0;
}

/* Removes the file, and the directories that it was the last one in. */
static int remove_one(int tree, char *path, struct err *err)
{
	size_t len = strlen(path);
	char *slash;
	int ret;

	if (len && path[len - 1] == '/') /* a repository: all of it */
		path[len - 1] = '\0';
	if ((ret = rmtree(tree, path, err)) < 0)
		return ret;
	while ((slash = strrchr(path, '/'))) {
		*slash = '\0';
		if (unlinkat(tree, path, AT_REMOVEDIR) < 0)
			break;
	}
	return 0;
}

int build_tree_exclude(int tree, const char *path, const struct strvec *env,
		       const struct strvec *patterns, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;
	int ret;

	if (!patterns->nr)
		return 0;
	if ((ret = write_patterns(tree, patterns, err)) < 0)
		return ret;
	strvec_pushf(&cmd.argv, "--work-tree=%s", path);
	strvec_pushl(&cmd.argv, "-C", path, "-c", "core.fsmonitor=false", "-c",
		     "core.untrackedCache=false", "-c", "core.ignoreCase=false",
		     "ls-files", "--others", "--ignored", "-z",
		     "--exclude-from=../exclude", NULL);
	for (size_t i = 0; i < env->nr; i++)
		strvec_push(&cmd.env, env->v[i]);
	cmd.elsewhere = true;
	strbuf_limit(&list, LIST_MAX);
	if ((ret = git_cmd_run(&cmd, &list, err)) < 0)
		return err_prefix(err, "cannot apply release.exclude");
	for (char *p = list.buf; p < list.buf + list.len;) {
		size_t len = strlen(p);

		if ((ret = remove_one(tree, p, err)) < 0)
			return err_prefix(err, "cannot apply release.exclude");
		p += len + 1;
	}
	return 0;
}
