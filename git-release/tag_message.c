#include "common/base/base.h"
#include "git-release/tag_job.h"

#include "common/model/settings_typed.h"
#include "common/sys/fileio.h"
#include "common/text/changelog.h"
#include "common/text/quote.h"
#include "common/text/relpath.h"

#define TAG_MESSAGE_MAX (1u << 20)
#define SHOWN_MAX	200

static int read_file(struct tag_job *job, struct err *err)
{
	const char *path = job->options.file;
	bool from_stdin = !strcmp(path, "-");
	AUTO_FD int opened = from_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, path, strnlen(path, SHOWN_MAX));
	strbuf_limit(&job->message, TAG_MESSAGE_MAX);
	if ((!from_stdin && opened < 0) ||
	    read_rest(from_stdin ? STDIN_FILENO : opened, &job->message) < 0)
		return err_sys(err, "cannot read '%s'", shown.buf);
	return 0;
}

/* Absent, a link or too long: then the message goes without. */
static void read_changelog(struct tag_job *job, struct strbuf *out)
{
	struct session *s = &job->session;
	const char *path = settings_text(
		&s->settings, settings_key_find("release", "changelog"), NULL);
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_TREE git_tree *tree = NULL;
	AUTO_BLOB git_blob *blob = NULL;
	AUTO_STRBUF struct strbuf clean = STRBUF_INIT;
	git_tree_entry *e = NULL;

	if (relpath_normalise(path, &clean, NULL) ||
	    git_commit_lookup(&commit, s->repo, &job->commit) < 0 ||
	    git_commit_tree(&tree, commit) < 0 ||
	    git_tree_entry_bypath(&e, tree, clean.buf) < 0)
		return;
	if (git_tree_entry_filemode(e) != GIT_FILEMODE_LINK &&
	    !git_blob_lookup(&blob, s->repo, git_tree_entry_id(e)) &&
	    (uint64_t)git_blob_rawsize(blob) <= CHANGELOG_MAX)
		strbuf_add(out, git_blob_rawcontent(blob),
			   (size_t)git_blob_rawsize(blob));
	git_tree_entry_free(e);
}

static void write_message(struct tag_job *job)
{
	const struct changelog_entry entry = {
		.tag = job->name,
		.prefix = job->session.build.tag_prefix,
	};
	AUTO_STRBUF struct strbuf changelog = STRBUF_INIT, notes = STRBUF_INIT;

	read_changelog(job, &changelog);
	changelog_notes(&changelog, &entry, &notes);
	strbuf_addf(&job->message, "Release %s\n", job->name);
	if (notes.len && notes.len < TAG_MESSAGE_MAX)
		strbuf_addf(&job->message, "\n%s", notes.buf);
}

int tag_message(struct tag_job *job, struct err *err)
{
	const struct tag_options *o = &job->options;
	int ret = 0;

	for (size_t i = 0; i < o->messages.nr; i++)
		strbuf_addf(&job->message, "%s%s\n", i ? "\n" : "",
			    o->messages.v[i]);
	if (o->file)
		ret = read_file(job, err);
	else if (!o->messages.nr)
		write_message(job);
	if (ret < 0)
		return ret;
	if (job->message.buf[strspn(job->message.buf, " \t\r\n")])
		return 0;
	return err_set(err, ERR_FAILED, "the message of the tag is empty");
}
