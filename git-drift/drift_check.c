#include "common/base/base.h"
#include "git-drift/drift_check.h"

#include "common/base/mem.h"
#include "common/text/quote.h"
#include "git-drift/blob_ahead.h"
#include "git-drift/drift_judge.h"

void drift_check_release(struct drift_check *c)
{
	while (c->nr_records)
		strbuf_release(&c->records[--c->nr_records].text);
	free(c->records);
	customizations_release(&c->customizations);
	drift_findings_release(&c->findings);
	free(c->verdicts);
	tree_delta_release(&c->delta);
}

bool drift_check_passed(const struct drift_check *c)
{
	return c->findings.nr == c->findings.notes;
}

/* Letters, digits, '_' and '-': it must be found in any comment. */
static int check_marker(const char *word, struct err *err)
{
	size_t n = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"abcdefghijklmnopqrstuvwxyz0123456789_-");

	if (!n || word[n])
		return err_set(
			err, ERR_FAILED,
			"drift.marker is not made of letters and digits");
	return 0;
}

/* Puts what is at a path of the tree into *e, or NULL when nothing is. */
static int find_path(git_tree *tree, const char *path, git_tree_entry **e,
		     struct err *err)
{
	int ret = git_tree_entry_bypath(e, tree, path);

	if (!ret)
		return 0;
	*e = NULL;
	if (ret == GIT_ENOTFOUND)
		return 0;
	return err_git(err, ERR_FAILED, "cannot read the files of a commit");
}

static void free_entry(git_tree_entry **e)
{
	git_tree_entry_free(*e);
}
#define AUTO_ENTRY CLEANUP(free_entry)

static int read_record(struct drift_check *c, git_tree *tree,
		       struct drift_record *record, struct err *err)
{
	AUTO_ENTRY git_tree_entry *e = NULL;
	AUTO_BLOB git_blob *blob = NULL;
	git_filemode_t mode;

	if (find_path(tree, record->name, &e, err) < 0)
		return err->code;
	if (!e)
		return 0;
	mode = git_tree_entry_filemode(e);
	if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE)
		return err_set(err, ERR_FAILED,
			       "'%s', of drift.customizations, is not a file",
			       record->name);
	if (git_blob_lookup(&blob, c->repo, git_tree_entry_id(e)) < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'", record->name);
	if ((uint64_t)git_blob_rawsize(blob) > CUSTOMIZATIONS_MAX)
		return err_set(err, ERR_FAILED, "'%s' is too large",
			       record->name);
	record->exists = true;
	strbuf_add(&record->text, git_blob_rawcontent(blob),
		   (size_t)git_blob_rawsize(blob));
	customizations_read(&c->customizations, record->name, &record->text,
			    &c->findings);
	return 0;
}

static int read_records(struct drift_check *c, git_tree *tree, struct err *err)
{
	const struct strvec *names = &c->settings->customizations;

	c->records = xcalloc(names->nr + 1, sizeof(*c->records));
	for (size_t i = 0; i < names->nr; i++) {
		struct drift_record *record = &c->records[c->nr_records++];

		*record = (struct drift_record){ .name = names->v[i],
						 .text = STRBUF_INIT };
		if (read_record(c, tree, record, err) < 0)
			return err->code;
	}
	customizations_sort(&c->customizations, &c->findings);
	c->next_id = 1;
	if (c->customizations.nr_ids) {
		size_t last = c->customizations.nr_ids - 1;

		c->next_id = c->customizations.ids[last].id + 1;
	}
	return 0;
}

static bool is_custom(const struct drift_check *c, size_t i)
{
	return drift_settings_custom(c->settings, c->delta.v[i].path);
}

static void read_ahead(const struct drift_check *c, struct blob_ahead *ahead)
{
	for (size_t i = 0; i < c->delta.nr; i++) {
		const struct tree_change *change = &c->delta.v[i];
		bool wanted = drift_judge_reads(change) && !is_custom(c, i);

		blob_ahead_add(ahead, wanted ? &change->new_id : NULL);
	}
	blob_ahead_start(ahead, c->repo);
}

static int judge_changes(struct drift_check *c, struct err *err)
{
	AUTO_BLOB_AHEAD struct blob_ahead *ahead = blob_ahead_new();
	AUTO_ODB git_odb *odb = NULL;

	if (git_repository_odb(&odb, c->repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read objects");
	c->verdicts = xcalloc(c->delta.nr + 1, sizeof(*c->verdicts));
	read_ahead(c, ahead);
	for (size_t i = 0; i < c->delta.nr; i++) {
		const struct judge_input in = {
			.odb = odb,
			.change = &c->delta.v[i],
			.now = blob_ahead_take(ahead),
		};

		if (is_custom(c, i))
			c->verdicts[i] = DRIFT_CUSTOM;
		else if (drift_judge(c, &in, &c->verdicts[i], err) < 0)
			return err->code;
		c->nr[c->verdicts[i]]++;
	}
	return 0;
}

static void tell_missing(struct drift_check *c, const struct customization *e,
			 bool deletion)
{
	const struct drift_place at = { .path = e->row, .first = e->line };
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;
	bool reason = deletion && (e->missing >> COLUMN_PROBLEM) & 1;

	for (size_t i = COLUMN_FILE; i < COLUMN_KINDS; i++)
		if ((e->missing >> i) & 1)
			strbuf_addf(&what, "%s%s", what.len ? ", " : "",
				    customization_columns[i]);
	drift_findings_add(&c->findings,
			   reason ? DRIFT_NO_REASON : DRIFT_ENTRY_MALFORMED,
			   &at, "MOD-%03" PRIu32 " has not filled in: %s",
			   e->id, what.buf);
}

/* An entry for what did not change: why that is. */
static int tell_unused(struct drift_check *c, git_tree *tree,
		       const struct customization *e, struct err *err)
{
	const struct drift_place at = { .path = e->row, .first = e->line };
	AUTO_ENTRY git_tree_entry *found = NULL;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	if (find_path(tree, e->path, &found, err) < 0)
		return err->code;
	quote_path(&path, e->path, strlen(e->path), false);
	if (!found)
		drift_findings_add(&c->findings, DRIFT_ENTRY_NO_FILE, &at,
				   "MOD-%03" PRIu32 ": there is no file %s",
				   e->id, path.buf);
	else if (git_tree_entry_type(found) == GIT_OBJECT_TREE)
		drift_findings_add(&c->findings, DRIFT_ENTRY_MALFORMED, &at,
				   "MOD-%03" PRIu32
				   ": %s is a directory, name its files",
				   e->id, path.buf);
	else
		drift_findings_add(&c->findings, DRIFT_ENTRY_STALE, &at,
				   "MOD-%03" PRIu32
				   " is stale: %s is as the vendor has it",
				   e->id, path.buf);
	return 0;
}

static int check_entries(struct drift_check *c, git_tree *tree, struct err *err)
{
	for (size_t i = 0; i < c->customizations.nr; i++) {
		const struct customization *e = &c->customizations.v[i];
		const struct tree_change *change =
			tree_delta_get(&c->delta, e->path);

		if (e->missing)
			tell_missing(c, e, change && change->status == 'D');
		if (!change && tell_unused(c, tree, e, err) < 0)
			return err->code;
	}
	return 0;
}

int drift_check_run(struct drift_check *c, struct err *err)
{
	AUTO_TREE git_tree *tree = NULL;

	if (check_marker(c->settings->marker, err) < 0)
		return err->code;
	if (git_tree_lookup(&tree, c->repo, c->new_tree) < 0)
		return err_git(err, ERR_FAILED, "cannot read a commit");
	if (tree_delta_find(c->repo, c->old_tree, c->new_tree, &c->delta, err) <
		    0 ||
	    read_records(c, tree, err) < 0 || judge_changes(c, err) < 0 ||
	    check_entries(c, tree, err) < 0)
		return err->code;
	drift_findings_sort(&c->findings);
	return 0;
}
