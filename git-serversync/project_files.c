#include "common/base/base.h"
#include "git-serversync/project_files.h"

#include "common/sys/beneath.h"
#include "common/sys/fileio.h"
#include "common/text/quote.h"

int project_files_open(struct project_files *p, git_repository *repo,
		       struct err *err)
{
	const char *workdir = git_repository_workdir(repo);
	AUTO_OBJECT git_object *head = NULL;

	p->repo = repo;
	if (workdir) {
		p->dir = open(workdir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		return p->dir < 0 ? err_sys(err, "cannot open the work tree") : 0;
	}
	if (git_revparse_single(&head, repo, "HEAD^{tree}") < 0)
		return 0;
	p->head = (git_tree *)head;
	head = NULL;
	return 0;
}

void project_files_release(struct project_files *p)
{
	if (p->dir >= 0)
		close_quietly(p->dir);
	git_tree_free(p->head);
	*p = (struct project_files)PROJECT_FILES_INIT;
}

static int not_there(const char *shown, struct err *err)
{
	return err_set(err, ERR_NOTFOUND, "there is no file '%s'", shown);
}

static int read_here(const struct project_files *p, const char *path,
		     struct strbuf *out, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	AUTO_FD int fd = beneath_open(p->dir, path,
				      O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0);
	struct stat st;

	quote_text(&shown, path, strlen(path));
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return not_there(shown.buf, err);
	if (fd < 0 && errno == ELOOP)
		return err_set(err, ERR_FAILED,
			       "'%s' is a symbolic link, or behind one",
			       shown.buf);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "cannot open '%s'", shown.buf);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_FAILED, "'%s' is not a file", shown.buf);
	if (read_rest(fd, out) == 0)
		return 0;
	if (errno == EFBIG)
		return err_set(err, ERR_FAILED, "'%s' is too large", shown.buf);
	return err_sys(err, "cannot read '%s'", shown.buf);
}

static void free_entry(git_tree_entry **e)
{
	git_tree_entry_free(*e);
}

static int read_head(const struct project_files *p, const char *path,
		     struct strbuf *out, struct err *err)
{
	CLEANUP(free_entry) git_tree_entry *e = NULL;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	AUTO_BLOB git_blob *blob = NULL;
	git_filemode_t mode;

	quote_text(&shown, path, strlen(path));
	if (!p->head || git_tree_entry_bypath(&e, p->head, path) < 0)
		return not_there(shown.buf, err);
	mode = git_tree_entry_filemode(e);
	if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE)
		return err_set(err, ERR_FAILED, "'%s' is not a file", shown.buf);
	if (git_blob_lookup(&blob, p->repo, git_tree_entry_id(e)) < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'", shown.buf);
	if (strbuf_add(out, git_blob_rawcontent(blob),
		       (size_t)git_blob_rawsize(blob)) < 0)
		return err_set(err, ERR_FAILED, "'%s' is too large", shown.buf);
	return 0;
}

int project_files_read(const struct project_files *p, const char *path,
		       size_t max, struct strbuf *out, struct err *err)
{
	strbuf_limit(out, out->len + max);
	return p->dir >= 0 ? read_here(p, path, out, err)
			   : read_head(p, path, out, err);
}

bool project_files_have(const struct project_files *p, const char *path)
{
	CLEANUP(free_entry) git_tree_entry *e = NULL;
	AUTO_FD int fd = -1;

	if (p->dir < 0)
		return p->head && !git_tree_entry_bypath(&e, p->head, path);
	fd = beneath_open(p->dir, path, O_PATH | O_NOFOLLOW, 0);
	return fd >= 0 || errno != ENOENT;
}
