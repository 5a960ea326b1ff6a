#include "common/base/base.h"
#include "git-release/record_job.h"

#include "common/base/mem.h"
#include "common/git/scratch.h"
#include "common/model/settings_typed.h"
#include "common/sys/beneath.h"
#include "common/sys/clock.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/sys/signals.h"
#include "common/text/project_card.h"
#include "common/text/relpath.h"

static const char *const path_keys[] = {
	[RECORD_CHANGELOG] = "changelog", [RECORD_CARD] = "card"
};

void record_job_init(struct record_job *job)
{
	*job = (struct record_job){ .top = -1,
				    .outcome = CHANGELOG_OUTCOME_INIT,
				    .warnings = STRVEC_INIT };
	for (size_t i = 0; i < RECORD_PARTS; i++) {
		job->files[i].before = (struct strbuf)STRBUF_INIT;
		job->files[i].after = (struct strbuf)STRBUF_INIT;
	}
}

void record_job_release(struct record_job *job)
{
	session_release(&job->session);
	close_quietly_auto(&job->top);
	free(job->name);
	for (size_t i = 0; i < RECORD_PARTS; i++) {
		free(job->files[i].path);
		strbuf_release(&job->files[i].before);
		strbuf_release(&job->files[i].after);
	}
	for (size_t i = 0; i < job->nr_fields; i++) {
		free(job->fields[i].name);
		free(job->fields[i].value);
		free(job->fields[i].before);
	}
	free(job->fields);
	changelog_outcome_release(&job->outcome);
	strvec_release(&job->warnings);
}

static int open_top(struct record_job *job, struct err *err)
{
	const char *workdir = git_repository_workdir(job->session.repo);

	if (!workdir)
		return err_set(err, ERR_FAILED,
			       "there is no work tree to write to");
	job->top = open(workdir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return job->top < 0 ? err_sys(err, "cannot open the work tree") : 0;
}

static int find_name(struct record_job *job, struct err *err)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;
	int ret = version_tag_name(job->options.version,
				   job->session.build.tag_prefix, &name, err);

	if (!ret)
		job->name = strbuf_detach(&name);
	return ret;
}

static int tag_time(struct record_job *job, time_t *out, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_OBJECT git_object *object = NULL;
	AUTO_OBJECT git_object *commit = NULL;
	const git_signature *who = NULL;

	strbuf_addf(&ref, "refs/tags/%s", job->name);
	if (git_revparse_single(&object, job->session.repo, ref.buf) < 0) {
		err_set(err, ERR_NOTFOUND,
			"there is no tag '%s' to take the date from", job->name);
		return err_hint(err,
				"git release tag %s, or say when: --date "
				"<yyyy-mm-dd>",
				job->name);
	}
	if (git_object_type(object) == GIT_OBJECT_TAG)
		who = git_tag_tagger((git_tag *)object);
	if (!who && !git_object_peel(&commit, object, GIT_OBJECT_COMMIT))
		who = git_commit_committer((git_commit *)commit);
	if (!who)
		return err_set(err, ERR_FAILED, "tag '%s' has no date",
			       job->name);
	*out = (time_t)who->when.time;
	return 0;
}

static int find_date(struct record_job *job, struct err *err)
{
	const char *date = job->options.date;
	char stamp[CLOCK_STAMP_SIZE];
	int64_t day;
	time_t when = 0;
	int ret;

	if (date && (strlen(date) != sizeof(job->date) - 1 ||
		     clock_parse(date, &day, NULL) < 0))
		return err_set(err, ERR_USAGE,
			       "the date is a day such as 2026-11-26");
	if (!date) {
		if ((ret = tag_time(job, &when, err)) < 0)
			return ret;
		clock_stamp(when, stamp);
		date = stamp;
	}
	snprintf(job->date, sizeof(job->date), "%.10s", date);
	return 0;
}

/* The directory of a file, and the file's name in it. */
static int open_dir(const struct record_job *job, const char *path,
		    const char **name)
{
	AUTO_FD int held = beneath_parent(job->top, path, name);

	if (held < 0)
		return -1;
	return openat(held, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int read_part(struct record_job *job, enum record_part part,
		     struct err *err)
{
	const struct settings_key *key =
		settings_key_find("release", path_keys[part]);
	const struct settings *settings = &job->session.settings;
	bool is_set = settings_get(settings, "release", NULL, key->name);
	struct record_file *file = &job->files[part];
	AUTO_STRBUF struct strbuf clean = STRBUF_INIT;
	const char *why = relpath_normalise(settings_text(settings, key, NULL),
					    &clean, NULL);
	const char *path = clean.buf, *name = "";
	AUTO_FD int dir = why ? -1 : open_dir(job, path, &name);
	struct stat st;
	int ret;

	if (why)
		return err_set(err, ERR_FAILED, "release.%s %s", key->name, why);
	if (dir < 0)
		return err_sys(err, "cannot open '%s'", path);
	ret = file_read(dir, name, CHANGELOG_MAX, &file->before, err);
	if (ret == ERR_NOTFOUND && part == RECORD_CARD && !is_set)
		return 0;
	if (ret == ERR_NOTFOUND) {
		err_set(err, ERR_FAILED, "there is no '%s'", path);
		return err_hint(err, "git config release.%s <path>", key->name);
	}
	if (ret < 0)
		return ret;
	file->mode = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0
			     ? 0644
			     : st.st_mode & 0777;
	file->path = xstrdup(path);
	return 0;
}

static int apply_changelog(struct record_job *job, const struct strbuf *before,
			   struct strbuf *after, struct err *err)
{
	const struct changelog_entry entry = {
		.tag = job->name,
		.prefix = job->session.build.tag_prefix,
		.date = job->date,
	};

	strbuf_reset(&job->outcome.heading);
	if (changelog_record(before, &entry, after, &job->outcome, err) < 0)
		return err_prefix(err, "%s", job->files[RECORD_CHANGELOG].path);
	return 0;
}

static void apply_card(struct record_job *job, const struct strbuf *before,
		       struct strbuf *after)
{
	strbuf_add(after, before->buf, before->len);
	for (size_t i = 0; i < job->nr_fields; i++) {
		struct record_field *f = &job->fields[i];
		const struct card_field field = { f->name, f->value };
		AUTO_STRBUF struct strbuf now = STRBUF_INIT;
		struct card_outcome outcome;

		strbuf_swap(&now, after);
		card_set(&now, &field, after, &outcome);
		free(f->before);
		f->before = outcome.before;
		f->found = outcome.found;
	}
}

int record_apply(struct record_job *job, enum record_part part,
		 const struct strbuf *before, struct strbuf *after,
		 struct err *err)
{
	if (part == RECORD_CHANGELOG)
		return apply_changelog(job, before, after, err);
	apply_card(job, before, after);
	return 0;
}

static void warn(struct record_job *job)
{
	const struct changelog_outcome *o = &job->outcome;
	const char *path = job->files[RECORD_CHANGELOG].path;

	if (!o->already && o->empty)
		strvec_pushf(&job->warnings, "%s: nothing is unreleased", path);
	if (!o->already && o->links_left)
		strvec_pushf(&job->warnings,
			     "%s: the link of [Unreleased] compares no two "
			     "versions; the links are left as they are",
			     path);
	for (size_t i = 0; job->files[RECORD_CARD].path && i < job->nr_fields; i++)
		if (!job->fields[i].found)
			strvec_pushf(&job->warnings, "%s: there is no '%s:'",
				     job->files[RECORD_CARD].path,
				     job->fields[i].name);
}

int record_job_find(struct record_job *job, struct err *err)
{
	struct session *s = &job->session;
	int ret;

	if ((ret = session_open(s, err)) < 0 ||
	    (ret = session_work_tree_settings(s, err)) < 0 ||
	    (ret = settings_build(&s->settings, &s->build, err)) < 0 ||
	    (ret = open_top(job, err)) < 0 || (ret = find_name(job, err)) < 0 ||
	    (ret = find_date(job, err)) < 0 ||
	    (ret = record_read_fields(job, err)) < 0)
		return ret;
	for (int i = 0; i < RECORD_PARTS; i++)
		if ((ret = read_part(job, i, err)) < 0)
			return ret;
	if (job->options.commit && (ret = record_check_commit(job, err)) < 0)
		return ret;
	for (int i = 0; i < RECORD_PARTS; i++) {
		struct record_file *f = &job->files[i];

		if (!f->path)
			continue;
		ret = record_apply(job, i, &f->before, &f->after, err);
		if (ret < 0)
			return ret;
		f->changed = f->before.len != f->after.len ||
			     memcmp(f->before.buf, f->after.buf, f->after.len);
	}
	warn(job);
	return 0;
}

/*
 * By way of a directory of ours, so that nothing else appears in the work
 * tree; beside the file itself where that is another file system.
 */
static int write_one(struct record_job *job, const struct scratch *scratch,
		     const struct record_file *f, const struct strbuf *bytes,
		     struct err *err)
{
	const char *name;
	AUTO_FD int dir = open_dir(job, f->path, &name);
	int ret;

	if (dir < 0)
		return err_sys(err, "cannot open '%s'", f->path);
	ret = file_replace(scratch->dir, "record", bytes, f->mode, err);
	if (ret < 0)
		return ret;
	if (fault("record rename"))
		return err_sys(err, "cannot write '%s'", f->path);
	if (renameat(scratch->dir, "record", dir, name) < 0)
		return errno == EXDEV
			       ? file_replace(dir, name, bytes, f->mode, err)
			       : err_sys(err, "cannot write '%s'", f->path);
	return fsync(dir) < 0 ? err_sys(err, "cannot write '%s'", f->path) : 0;
}

/* Only what still is as we left it. */
static bool is_ours(struct record_job *job, const struct record_file *f)
{
	AUTO_STRBUF struct strbuf now = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	const char *name;
	AUTO_FD int dir = open_dir(job, f->path, &name);

	return dir >= 0 &&
	       !file_read(dir, name, CHANGELOG_MAX * 2, &now, &ignored) &&
	       now.len == f->after.len &&
	       !memcmp(now.buf, f->after.buf, now.len);
}

static int undo(struct record_job *job, const struct scratch *scratch,
		struct err *err)
{
	AUTO_ERR struct err failed = ERR_INIT;

	for (int i = 0; i < RECORD_PARTS; i++) {
		const struct record_file *f = &job->files[i];

		if (!f->path || !f->changed || !is_ours(job, f) ||
		    !write_one(job, scratch, f, &f->before, &failed))
			continue;
		err_prefix(err, "%s", failed.msg.buf);
		err->code = ERR_UNKNOWN;
		return err_hint(err, "git status");
	}
	return err->code;
}

int record_job_write(struct record_job *job, struct err *err)
{
	AUTO_SCRATCH struct scratch scratch = SCRATCH_INIT;
	int ret = 0;

	if ((ret = scratch_open(job->session.repo, &scratch, err)) < 0)
		return ret;
	for (int i = 0; !ret && i < RECORD_PARTS; i++) {
		const struct record_file *f = &job->files[i];

		if (f->changed && !(ret = signals_check(err)))
			ret = write_one(job, &scratch, f, &f->after, err);
	}
	if (!ret && job->options.commit)
		ret = record_commit(job, err);
	return ret < 0 ? undo(job, &scratch, err) : 0;
}
