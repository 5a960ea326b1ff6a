#include "common/base/base.h"
#include "git-drift/drift_judge.h"

#include "common/git/tree_bytes.h"
#include "git-drift/drift_judging.h"

static void side_release(struct judged_side *s)
{
	git_odb_object_free(s->object);
}

static void judging_release(struct judging *j)
{
	marker_pairs_release(&j->pairs);
	side_release(&j->old);
	side_release(&j->now);
}
#define AUTO_JUDGING CLEANUP(judging_release)

bool judging_is_file(uint32_t mode)
{
	return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

static int read_side(const struct judging *j, const git_oid *id,
		     struct judged_side *s, struct err *err)
{
	git_object_t type;
	size_t len;
	int ret = 0;

	if (!s->object)
		ret = git_odb_read_header(&len, &type, j->odb, id);
	if (!s->object && !ret && len > DRIFT_TEXT_MAX) {
		s->too_large = true;
		return 0;
	}
	if (!s->object && !ret)
		ret = git_odb_read(&s->object, j->odb, id);
	if (ret == GIT_ENOTFOUND)
		return object_missing(j->check->repo, id, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a file");
	s->t.data = git_odb_object_data(s->object);
	s->t.len = git_odb_object_size(s->object);
	s->text = !file_text_is_binary(&s->t);
	return 0;
}

/* Only what there are lines to compare with. */
static int read_old(struct judging *j, struct err *err)
{
	if (j->change->status == 'A')
		j->old = (struct judged_side){ .t = { "", 0 }, .text = true };
	if (j->change->status != 'M' || !j->now.text)
		return 0;
	return read_side(j, &j->change->old_id, &j->old, err);
}

/* The entries for this file: one that is complete, and the reason of a 'D'. */
static bool is_recorded(const struct judging *j, bool *reasonless)
{
	const struct customizations *c = &j->check->customizations;
	const struct customization *e = customizations_find(c, j->change->path);

	*reasonless = false;
	for (; e && e < c->v + c->nr && !strcmp(e->path, j->change->path); e++) {
		if (!e->missing)
			return true;
		*reasonless |= (e->missing >> COLUMN_PROBLEM) & 1;
	}
	return false;
}

static bool is_covered(const struct judging *j)
{
	const struct marker_text old = { j->old.t.data, j->old.t.len };
	const struct marker_text now = { j->now.t.data, j->now.t.len };

	return marker_pairs_cover(&j->pairs, &old, &now);
}

static int explain(struct judging *j, struct err *err)
{
	const struct tree_change *ch = j->change;
	bool same_mode = !ch->old_mode || ch->old_mode == ch->new_mode;

	if (read_old(j, err) < 0)
		return err->code;
	if (!same_mode || !j->pairs.nr || j->pairs.all_faults || !j->old.text ||
	    !j->now.text)
		return judging_tell_unrecorded(j, err);
	if (!is_covered(j))
		return judging_tell_places(j, err);
	j->verdict = DRIFT_COVERED;
	return 0;
}

/* Nobody can have put markers into what did not change. */
bool drift_judge_reads(const struct tree_change *change)
{
	return judging_is_file(change->new_mode) &&
	       !git_oid_equal(&change->old_id, &change->new_id);
}

int drift_judge(struct drift_check *c, const struct judge_input *in,
		enum drift_verdict *verdict, struct err *err)
{
	const struct tree_change *change = in->change;
	AUTO_JUDGING struct judging j = { .check = c,
					  .odb = in->odb,
					  .change = change,
					  .now.object = in->now };
	bool reasonless;

	if (drift_judge_reads(change) &&
	    read_side(&j, &change->new_id, &j.now, err) < 0)
		return err->code;
	if (j.now.text)
		marker_pairs_scan(&j.pairs, j.now.t.data, j.now.t.len,
				  c->settings->marker);
	if (is_recorded(&j, &reasonless))
		j.verdict = DRIFT_RECORDED;
	/* An entry without a reason is a finding where it stands. */
	else if (!(change->status == 'D' && reasonless) && explain(&j, err) < 0)
		return err->code;
	judging_tell_markers(&j);
	*verdict = j.verdict;
	return 0;
}
