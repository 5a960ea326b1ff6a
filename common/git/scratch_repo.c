#include "common/base/base.h"
#include "common/git/scratch.h"
#include "common/sys/dirstream.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/text/quote.h"

#define DIRFLAG (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

static int make_dir(int at, const char *name)
{
	if (mkdirat(at, name, 0700) < 0 && errno != EEXIST)
		return -1;
	return openat(at, name, DIRFLAG);
}

static int put(int dir, const char *name, const struct strbuf *text,
	       struct err *err)
{
	AUTO_FD int fd =
		openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || write_all(fd, text->buf, text->len) < 0)
		return err_sys(err, "cannot write '%s'", name);
	return 0;
}

/* A quoted value of git-config(1). */
static void add_value(struct strbuf *out, const char *value)
{
	strbuf_addch(out, '"');
	for (; *value; value++) {
		if (*value == '\n') {
			strbuf_addstr(out, "\\n");
			continue;
		}
		if (*value == '"' || *value == '\\')
			strbuf_addch(out, '\\');
		strbuf_addch(out, *value);
	}
	strbuf_addstr(out, "\"\n");
}

/* Who may read new packs: git takes this from the file itself only. */
static void add_sharing(git_repository *repo, struct strbuf *config)
{
	git_config *settings = NULL;
	const char *value = NULL;

	if (!git_repository_config_snapshot(&settings, repo) &&
	    !git_config_get_string(&value, settings, "core.sharedRepository")) {
		strbuf_addstr(config, "\tsharedRepository = ");
		add_value(config, value);
	}
	git_config_free(settings);
}

static void make_config(git_repository *repo, const char *common,
			struct strbuf *config)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	/*
	 * Filters (LFS and others) may be set up in the repository's own
	 * settings; what names work trees or hooks must not count here.
	 */
	strbuf_addf(&path, "%s/lfs", common);
	strbuf_addstr(config, "[lfs]\n\tstorage = ");
	add_value(config, path.buf);
	strbuf_reset(&path);
	strbuf_addf(&path, "%s/config", common);
	strbuf_addstr(config, "[include]\n\tpath = ");
	add_value(config, path.buf);
	strbuf_addstr(config, "[core]\n\trepositoryformatversion = 0\n"
			      "\tbare = true\n\thooksPath = /dev/null\n");
	add_sharing(repo, config);
}

int scratch_repo(const struct scratch *s, git_repository *repo,
		 struct strvec *env, struct err *err)
{
	AUTO_STRBUF struct strbuf head = STRBUF_INIT;
	AUTO_STRBUF struct strbuf config = STRBUF_INIT;
	AUTO_STRBUF struct strbuf alternates = STRBUF_INIT;
	AUTO_STRBUF struct strbuf objects = STRBUF_INIT;
	AUTO_FREE char *common = realpath(git_repository_commondir(repo), NULL);
	AUTO_FD int dir = -1, objdir = -1, info = -1, pack = -1, refs = -1;
	int ret;

	if (!common)
		return err_sys(err, "cannot find '%s'",
			       git_repository_commondir(repo));
	dir = make_dir(s->dir, "repo.git");
	if (dir < 0 || (objdir = make_dir(dir, "objects")) < 0 ||
	    (info = make_dir(objdir, "info")) < 0 ||
	    (pack = make_dir(objdir, "pack")) < 0 ||
	    (refs = make_dir(dir, "refs")) < 0)
		return err_sys(err, "cannot make a repository in '%s'", s->path);
	strbuf_addstr(&head, "ref: refs/heads/none\n");
	strbuf_addf(&objects, "%s/objects", common);
	quote_path(&alternates, objects.buf, objects.len, false);
	strbuf_addch(&alternates, '\n');
	make_config(repo, common, &config);
	if ((ret = put(dir, "HEAD", &head, err)) < 0 ||
	    (ret = put(info, "alternates", &alternates, err)) < 0 ||
	    (ret = put(dir, "config", &config, err)) < 0)
		return err_prefix(err, "%s/repo.git", s->path);
	strvec_pushf(env, "GIT_DIR=%s/repo.git", s->path);
	return 0;
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && !strcmp(name + n - m, end);
}

/* The index last: with it the pack is there for everybody. */
static int move_files(int from, int to, bool indexes, struct err *err)
{
	int fd = openat(from, ".", DIRFLAG);
	DIR *d = dirstream_take(fd);
	struct dirent *e;
	int ret = 0;

	if (!d)
		return err_sys(err, "cannot read the new packs");
	while (!ret && (e = dirstream_next(d))) {
		if (strncmp(e->d_name, "pack-", 5) ||
		    ends_with(e->d_name, ".keep") ||
		    ends_with(e->d_name, ".idx") != indexes)
			continue;
		if (fault("keep pack") ||
		    renameat(from, e->d_name, to, e->d_name) < 0)
			ret = err_sys(err, "cannot store '%s'", e->d_name);
	}
	closedir(d);
	return ret;
}

int scratch_keep_packs(const struct scratch *s, git_repository *repo,
		       struct err *err)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	AUTO_FD int from = openat(s->dir, "repo.git/objects/pack", DIRFLAG);
	AUTO_FD int to = -1;
	int ret;

	strbuf_addf(&path, "%sobjects/pack", git_repository_commondir(repo));
	if (mkdir(path.buf, 0777) < 0 && errno != EEXIST)
		return err_sys(err, "cannot make '%s'", path.buf);
	to = open(path.buf, DIRFLAG);
	if (from < 0 || to < 0)
		return err_sys(err, "cannot open '%s'", path.buf);
	if ((ret = move_files(from, to, false, err)) < 0)
		return ret;
	return move_files(from, to, true, err);
}
