#include "common/base/base.h"
#include "common/git/blob_stream.h"
#include "common/base/num.h"
#include "common/git/run_git.h"
#include "common/git/tree_bytes.h"

int blob_source_init(struct blob_source *src, git_repository *repo,
		     struct err *err)
{
	git_odb *odb;

	if (git_repository_odb(&odb, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read objects");
	*src = (struct blob_source)BLOB_SOURCE_INIT;
	src->repo = repo;
	src->odb = odb;
	return 0;
}

void blob_source_release(struct blob_source *src)
{
	git_odb_object_free(src->whole);
	git_odb_free(src->odb);
	proc_release(&src->cat);
	*src = (struct blob_source)BLOB_SOURCE_INIT;
}

static int start_cat(struct blob_source *src, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;

	if (src->cat.pid)
		return 0;
	proc_release(&src->cat);
	strvec_pushl(&cmd.argv, "cat-file", "--batch", NULL);
	cmd.repo = src->repo;
	spec.in = PROC_PIPE;
	spec.out = PROC_PIPE;
	return git_cmd_start(&cmd, &spec, &src->cat, err);
}

static int cat_gone(struct blob_source *src, struct err *err)
{
	/* Out of step with it, nothing more can be asked. */
	proc_release(&src->cat);
	src->left = 0;
	return err_set(err, ERR_FAILED, "git cat-file stopped answering");
}

static int read_some(int fd, void *buf, size_t len, size_t *got)
{
	ssize_t n;

	do
		n = read(fd, buf, len);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return -1;
	*got = (size_t)n;
	return 0;
}

/* "<id> blob <size>\n" comes first; byte by byte, content is behind it. */
static int read_header(struct blob_source *src, const char *hex, struct err *err)
{
	char line[GIT_OID_HEXSZ + 32];
	size_t len = 0, got;
	uint64_t size;

	do {
		if (len == sizeof(line) ||
		    read_some(src->cat.out, line + len, 1, &got) < 0)
			return cat_gone(src, err);
	} while (line[len++] != '\n');
	if (len < GIT_OID_HEXSZ + 8 || memcmp(line, hex, GIT_OID_HEXSZ) ||
	    memcmp(line + GIT_OID_HEXSZ, " blob ", 6) ||
	    num_parse_u64(line + GIT_OID_HEXSZ + 6, len - GIT_OID_HEXSZ - 7,
			  &size) < 0 ||
	    size != src->size)
		return cat_gone(src, err);
	return 0;
}

static int open_stream(struct blob_source *src, const git_oid *id, struct err *err)
{
	char line[GIT_OID_HEXSZ + 2];
	int ret;

	if ((ret = start_cat(src, err)) < 0)
		return ret;
	git_oid_tostr(line, GIT_OID_HEXSZ + 1, id);
	line[GIT_OID_HEXSZ] = '\n';
	if (proc_write(&src->cat, line, GIT_OID_HEXSZ + 1) < 0)
		return cat_gone(src, err);
	return read_header(src, line, err);
}

int blob_open(struct blob_source *src, const git_oid *id, uint64_t *size,
	      struct err *err)
{
	git_object_t type;
	size_t len;
	int ret;

	blob_close(src);
	ret = git_odb_read_header(&len, &type, src->odb, id);
	if (ret == GIT_ENOTFOUND)
		return object_missing(src->repo, id, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a file");
	if (type != GIT_OBJECT_BLOB)
		return err_set(err, ERR_FAILED, "object %s is not a file",
			       git_oid_tostr_s(id));
	src->size = len;
	if (len > BLOB_WHOLE_MAX) {
		if ((ret = open_stream(src, id, err)) < 0)
			return ret;
	} else if (git_odb_read(&src->whole, src->odb, id) < 0) {
		return err_git(err, ERR_FAILED, "cannot read a file");
	}
	src->left = len;
	if (size)
		*size = len;
	return 0;
}

int blob_read(struct blob_source *src, void *buf, size_t len, size_t *got,
	      struct err *err)
{
	char end;

	if (len > src->left)
		len = (size_t)src->left;
	*got = 0;
	if (!len)
		return 0;
	if (src->whole) {
		const char *data = git_odb_object_data(src->whole);

		memcpy(buf, data + (src->size - src->left), len);
		*got = len;
	} else if (read_some(src->cat.out, buf, len, got) < 0) {
		return cat_gone(src, err);
	}
	src->left -= *got;
	/* The line feed behind the content belongs to the protocol. */
	if (!src->left && !src->whole &&
	    (read_some(src->cat.out, &end, 1, &len) < 0 || end != '\n'))
		return cat_gone(src, err);
	return 0;
}

void blob_close(struct blob_source *src)
{
	git_odb_object_free(src->whole);
	/* What was not read of a stream cannot be skipped for free. */
	if (src->left && !src->whole)
		proc_release(&src->cat);
	src->whole = NULL;
	src->left = 0;
}
