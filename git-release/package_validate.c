#include "common/base/base.h"
#include "git-release/package_validate.h"

#include "git-release/build_export.h"
#include "git-release/build_run.h"
#include "common/git/scratch.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"

#define NAME	 "validated"
#define LINE_LEN (GIT_OID_HEXSZ + 1 + SHA256_HEXSZ + 1)
#define LINES	 500 /* remembered; older ones are forgotten */

/* "<package> <SHA-256 of the commands, each with its NUL>\n" */
static void make_line(const git_oid *package, const struct strvec *commands,
		      char line[LINE_LEN + 1])
{
	char id[GIT_OID_HEXSZ + 1], sum[SHA256_HEXSZ + 1];
	struct sha256 sha;

	sha256_init(&sha);
	for (size_t i = 0; i < commands->nr; i++)
		sha256_update(&sha, commands->v[i], strlen(commands->v[i]) + 1);
	sha256_final_hex(&sha, sum);
	git_oid_tostr(id, sizeof(id), package);
	snprintf(line, LINE_LEN + 1, "%s %s\n", id, sum);
}

static int open_state(git_repository *repo, bool make)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	repo_state_path(repo, "", &path);
	if (make && mkdir(path.buf, 0777) < 0 && errno != EEXIST)
		return -1;
	return open(path.buf, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool load(int dir, struct strbuf *out)
{
	AUTO_ERR struct err ignored = ERR_INIT;

	return dir >= 0 &&
	       !file_read(dir, NAME, 2 * LINES * LINE_LEN, out, &ignored);
}

bool package_validated(git_repository *repo, const git_oid *package,
		       const struct strvec *commands)
{
	AUTO_STRBUF struct strbuf lines = STRBUF_INIT;
	char line[LINE_LEN + 1];

	if (!commands || !commands->nr)
		return true;
	AUTO_FD int dir = open_state(repo, false);

	make_line(package, commands, line);
	return load(dir, &lines) && strstr(lines.buf, line);
}

void package_validated_keep(git_repository *repo, const git_oid *package,
			    const struct strvec *commands)
{
	AUTO_STRBUF struct strbuf lines = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	char line[LINE_LEN + 1];

	if (package_validated(repo, package, commands))
		return;
	AUTO_FD int dir = open_state(repo, true);

	make_line(package, commands, line);
	/* Damaged or too long: begin anew. */
	if (!load(dir, &lines) || lines.len % LINE_LEN)
		strbuf_reset(&lines);
	if (lines.len >= LINES * LINE_LEN)
		strbuf_remove(&lines, lines.len - (LINES - 1) * LINE_LEN);
	strbuf_addstr(&lines, line);
	if (dir >= 0 && file_replace(dir, NAME, &lines, 0666, &ignored) < 0)
		return; /* they will run once more */
}

/*
 * The package is what came out of the export and the build. Its attributes
 * have had their effect, and must not have it again.
 */
static int ignore_attributes(const struct scratch *scratch, struct err *err)
{
	static const char text[] =
		"* !text !eol !crlf !ident !filter !working-tree-encoding "
		"!export-ignore !export-subst\n";
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;

	if (mkdirat(scratch->dir, "repo.git/info", 0700) < 0)
		return err_sys(err, "cannot make a directory in '%s'",
			       scratch->path);
	AUTO_FD int info = openat(scratch->dir, "repo.git/info",
				  O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	strbuf_addstr(&bytes, text);
	if (info < 0)
		return err_sys(err, "cannot write in '%s'", scratch->path);
	return file_replace(info, "attributes", &bytes, 0600, err);
}

int package_validate(git_repository *repo, const git_oid *package,
		     const struct build_request *req, struct err *err)
{
	AUTO_SCRATCH struct scratch scratch = SCRATCH_INIT;
	AUTO_STRVEC struct strvec env = STRVEC_INIT;
	AUTO_FD int dir = -1;
	int ret;

	if (package_validated(repo, package, req->validate))
		return 0;
	if ((ret = scratch_open(repo, &scratch, err)) < 0 ||
	    (ret = scratch_repo(&scratch, repo, &env, err)) < 0 ||
	    (ret = ignore_attributes(&scratch, err)) < 0 ||
	    (ret = build_export(&scratch, &env, package, NULL, err)) < 0)
		return ret;
	dir = openat(scratch.dir, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_sys(err, "cannot open '%s/tree'", scratch.path);
	ret = build_run(dir, scratch.path, req->validate, req, err);
	if (!ret)
		package_validated_keep(repo, package, req->validate);
	return ret;
}
