#include "common/base/base.h"
#include "git-release/edit_look.h"

#include "common/host/host_scan.h"
#include "common/text/edit_judge.h"

/* As many as an agent tells. */
#define LISTED_MAX 100

struct look {
	struct release_job *job;
	struct scan_report report;
	struct edit_judge judge;
	struct strvec skip, shared;
};

static void look_release(struct look *l)
{
	scan_report_release(&l->report);
	edit_judge_release(&l->judge);
	strvec_release(&l->skip);
	strvec_release(&l->shared);
}

static void take_settings(struct look *l)
{
	AUTO_SETTING_LIST struct setting_list exclude = SETTING_LIST_INIT;
	const struct session *s = &l->job->session;
	const struct environment *env = &s->env;

	l->judge.prefix = s->build.subdirectory;
	release_edits_excluded(s, &exclude);
	for (size_t i = 0; i < exclude.nr; i++)
		edit_judge_exclude(&l->judge, exclude.v[i]->value ?: "");
	release_edits_known(l->job, &l->judge);
	for (size_t i = 0; i < env->writable.nr; i++)
		strvec_push(&l->skip, env->writable.v[i]);
	for (size_t i = 0; i < env->nr_shared; i++)
		strvec_push(&l->shared, env->shared[i].path);
}

static const struct manifest_entry *entry_of(const struct manifest *m,
					     const char *path)
{
	ssize_t i = manifest_find(m, path, strlen(path));

	return i < 0 ? NULL : &m->entries[i];
}

/* 0: it is no edit. A, where nothing of that name was ever packed. */
static char judge(struct look *l, const struct index_entry *e)
{
	const struct manifest *next = &l->job->manifest;
	const struct manifest_entry *was = entry_of(&l->job->base, e->path);
	uint32_t kind = edit_kind(e->mode & 0177777);

	if (edit_judge_excluded(&l->judge, e->path, false) ||
	    !edit_is_buried(next, e->path, kind, &e->oid) ||
	    edit_judge_knows(&l->judge, e->path, kind, &e->oid))
		return 0;
	/* A socket or a pipe that is new; a directory that is gone. */
	if (!kind && !was && (e->mode || l->job->have_base))
		return 0;
	if (!e->mode)
		return 'D';
	/* Other permissions alone. */
	if (was && kind == was->mode && oid_eq(&e->oid, &was->oid))
		return 0;
	return was || entry_of(next, e->path) ? 'M' : 'A';
}

static int by_path(const void *a, const void *b)
{
	return strcmp(*(char *const *)a + 2, *(char *const *)b + 2);
}

static void take(struct look *l)
{
	struct edit_report *r = &l->job->edits;

	for (size_t i = 0; i < l->report.entries.nr; i++) {
		const struct index_entry *e = &l->report.entries.entries[i];
		char status = judge(l, e);

		if (status)
			strvec_pushf(&r->paths, "%c %s", status, e->path);
	}
	for (size_t i = 0; i < l->report.unknown.nr; i++) {
		const char *path = l->report.unknown.v[i];

		if (!edit_judge_excluded(&l->judge, path, true))
			strvec_pushf(&r->paths, "? %s", path);
	}
	r->compared = r->told = true;
	r->nr = r->paths.nr;
	if (r->nr)
		qsort(r->paths.v, r->nr, sizeof(*r->paths.v), by_path);
	while (r->paths.nr > LISTED_MAX)
		free(r->paths.v[--r->paths.nr]);
	if (r->paths.v)
		r->paths.v[r->paths.nr] = NULL;
}

int edit_look(struct release_job *job, struct err *err)
{
	const struct host_release *live = host_view_live(&job->view);
	CLEANUP(look_release)
	struct look l = {
		.job = job,
		.report = SCAN_REPORT_INIT,
		.judge = EDIT_JUDGE_INIT,
	};
	const struct host_scan_request req = {
		.view = &job->view,
		.skip = &l.skip,
		.shared = &l.shared,
		.look_only = true,
	};
	AUTO_ERR struct err why = ERR_INIT;
	int ret;

	/* What another tool made is compared with its commit, elsewhere. */
	if (!live || live->foreign)
		return 0;
	take_settings(&l);
	ret = host_scan(job->host, &req, &l.report, &why);
	if (!ret && l.report.kind != SCAN_SEALED)
		ret = err_set(&why, ERR_FAILED, "release %s has no index",
			      live->id);
	if (ret == ERR_FAILED || ret == ERR_NOTFOUND)
		strvec_pushf(&job->warnings,
			     "cannot tell whether files were edited on the "
			     "server: %s",
			     why.msg.buf);
	else if (ret < 0)
		return err_set(err, ret, "%s", why.msg.buf);
	else
		take(&l);
	return 0;
}
