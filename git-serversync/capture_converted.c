#include "common/base/base.h"
#include "git-serversync/capture_converted.h"

static void filter_list_free(git_filter_list *l)
{
	git_filter_list_free(l);
}
DEFINE_AUTO(git_filter_list *, filter_list_free, NULL)

static void buf_dispose(git_buf *buf)
{
	git_buf_dispose(buf);
}

static int write_out(const struct conversion *c, git_filter_list *filters,
		     const git_oid *id, struct oid *out, struct err *err)
{
	CLEANUP(buf_dispose) git_buf text = { 0 };
	AUTO_BLOB git_blob *blob = NULL;
	git_oid as;
	int ret = git_blob_lookup(&blob, c->repo, id);

	/* Not here in a partial clone. */
	if (ret == GIT_ENOTFOUND)
		return 0;
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read an object");
	if (git_blob_rawsize(blob) > CONVERTED_MAX)
		return 0;
	if (git_filter_list_apply_to_blob(&text, filters, blob) < 0 ||
	    git_odb_hash(&as, text.ptr, text.size, GIT_OBJECT_BLOB) < 0)
		return err_git(err, ERR_FAILED, "cannot convert a file");
	memcpy(out->b, as.id, sizeof(out->b));
	return 0;
}

int conversion_id(const struct conversion *c, const git_oid *blob,
		  const char *path, struct oid *out, struct err *err)
{
	CLEANUP(filter_list_free_auto) git_filter_list *filters = NULL;
	git_filter_options opts = GIT_FILTER_OPTIONS_INIT;

	opts.flags = GIT_FILTER_ATTRIBUTES_FROM_COMMIT |
		     GIT_FILTER_NO_SYSTEM_ATTRIBUTES;
	opts.attr_commit_id = c->commit;
	memcpy(out->b, blob->id, sizeof(out->b));
	if (git_filter_list_load_ext(&filters, c->repo, NULL, path,
				     GIT_FILTER_TO_WORKTREE, &opts) < 0)
		return err_git(err, ERR_FAILED,
			       "cannot read the attributes of a file");
	return filters ? write_out(c, filters, blob, out, err) : 0;
}

int conversion_fills_in(const struct conversion *c, const char *path,
			bool *answer, struct err *err)
{
	git_attr_options opts = GIT_ATTR_OPTIONS_INIT;
	const char *value = NULL;

	opts.flags = GIT_ATTR_CHECK_INCLUDE_COMMIT | GIT_ATTR_CHECK_INDEX_ONLY |
		     GIT_ATTR_CHECK_NO_SYSTEM;
	opts.attr_commit_id = c->commit;
	if (git_attr_get_ext(&value, c->repo, &opts, path, "export-subst") < 0)
		return err_git(err, ERR_FAILED,
			       "cannot read the attributes of a file");
	*answer = git_attr_value(value) == GIT_ATTR_VALUE_TRUE;
	return 0;
}
