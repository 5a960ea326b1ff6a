#include "common/base/base.h"
#include "common/model/settings_source.h"
#include "common/sys/fileio.h"

static int load(struct settings *s, const struct settings_source *from,
		const struct strbuf *bytes, const char *label, struct err *err)
{
	const struct settings_file file = {
		.data = bytes ? bytes->buf : NULL,
		.len = bytes ? bytes->len : 0,
		.label = label,
		.verbs = from->verbs,
	};

	settings_release(s);
	return settings_load(s, &file, from->cfg, err);
}

int settings_load_commit(struct settings *s, const struct settings_source *from,
			 const git_oid *id, const char *label, struct err *err)
{
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_TREE git_tree *tree = NULL;
	AUTO_BLOB git_blob *blob = NULL;
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;
	const git_tree_entry *e;

	if (git_commit_lookup(&commit, from->repo, id) < 0 ||
	    git_commit_tree(&tree, commit) < 0)
		return err_git(err, ERR_FAILED, "cannot read the commit");
	e = git_tree_entry_byname(tree, SETTINGS_FILE);
	if (!e)
		return load(s, from, NULL, label, err);
	/* What a link says is no settings, and no settings are not none. */
	if (git_tree_entry_type(e) != GIT_OBJECT_BLOB ||
	    git_tree_entry_filemode(e) == GIT_FILEMODE_LINK)
		return err_set(err, ERR_FAILED, "%s is not a file", label);
	if (git_blob_lookup(&blob, from->repo, git_tree_entry_id(e)) < 0)
		return err_git(err, ERR_FAILED, "cannot read %s", label);
	if ((uint64_t)git_blob_rawsize(blob) > SETTINGS_FILE_MAX)
		return err_set(err, ERR_FAILED, "%s is too large", label);
	strbuf_add(&bytes, git_blob_rawcontent(blob),
		   (size_t)git_blob_rawsize(blob));
	return load(s, from, &bytes, label, err);
}

static int load_head(struct settings *s, const struct settings_source *from,
		     struct err *err)
{
	git_oid head;

	if (git_reference_name_to_id(&head, from->repo, "HEAD") < 0)
		return load(s, from, NULL, SETTINGS_FILE, err);
	return settings_load_commit(s, from, &head, "HEAD:" SETTINGS_FILE, err);
}

int settings_load_here(struct settings *s, const struct settings_source *from,
		       struct err *err)
{
	const char *workdir = git_repository_workdir(from->repo);
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;
	int ret;

	if (!workdir)
		return load_head(s, from, err);
	AUTO_FD int dir = open(workdir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return err_sys(err, "cannot open the work tree");
	ret = file_read(dir, SETTINGS_FILE, SETTINGS_FILE_MAX, &bytes, err);
	if (ret == ERR_NOTFOUND)
		return load_head(s, from, err);
	return ret < 0 ? ret : load(s, from, &bytes, SETTINGS_FILE, err);
}
