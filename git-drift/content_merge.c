#include "common/base/base.h"
#include "git-drift/content_merge.h"

#include "common/base/mem.h"
#include "common/git/tree_bytes.h"
#include "git-drift/clash_places.h"

/* git's DEFAULT_CONFLICT_MARKER_SIZE. */
#define MARKER_SIZE 7

/* The three texts; blobs are NULL for what is not there. */
struct texts {
	git_blob *base, *ours, *theirs;
	struct file_text base_text, our_text, their_text;
};

static void texts_release(struct texts *t)
{
	git_blob_free(t->base);
	git_blob_free(t->ours);
	git_blob_free(t->theirs);
}
#define AUTO_TEXTS CLEANUP(texts_release)

void content_merge_release(struct content_merge *m)
{
	free(m->clashes);
	strbuf_release(&m->text);
	*m = (struct content_merge)CONTENT_MERGE_INIT;
}

bool file_version_same(const struct file_version *a, const struct file_version *b)
{
	return a->mode == b->mode && (!a->mode || git_oid_equal(&a->id, &b->id));
}

static int open_text(git_repository *repo, const struct file_version *v,
		     git_blob **blob, struct file_text *text, struct err *err)
{
	int ret;

	if (!S_ISREG(v->mode))
		return 0;
	ret = git_blob_lookup(blob, repo, &v->id);
	if (ret == GIT_ENOTFOUND)
		return object_missing(repo, &v->id, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read an object");
	text->data = git_blob_rawcontent(*blob);
	text->len = (size_t)git_blob_rawsize(*blob);
	return 0;
}

static int open_texts(git_repository *repo, const struct content_merge_input *in,
		      struct texts *t, struct err *err)
{
	if (open_text(repo, &in->base, &t->base, &t->base_text, err) < 0 ||
	    open_text(repo, &in->ours, &t->ours, &t->our_text, err) < 0 ||
	    open_text(repo, &in->theirs, &t->theirs, &t->their_text, err) < 0)
		return err->code;
	return 0;
}

static bool too_large(const struct texts *t)
{
	return t->base_text.len > CONTENT_MERGE_SIZE_MAX ||
	       t->our_text.len > CONTENT_MERGE_SIZE_MAX ||
	       t->their_text.len > CONTENT_MERGE_SIZE_MAX;
}

static bool any_binary(const struct texts *t)
{
	return file_text_is_binary(&t->base_text) ||
	       file_text_is_binary(&t->our_text) ||
	       file_text_is_binary(&t->their_text);
}

/* The side that changed it decides; both, differently, is a conflict. */
static bool merge_mode(const struct content_merge_input *in, uint32_t *mode)
{
	uint32_t base = in->base.mode, ours = in->ours.mode,
		 theirs = in->theirs.mode;

	if (ours == theirs || ours == base) {
		*mode = theirs;
		return true;
	}
	*mode = ours;
	return theirs == base;
}

static git_merge_file_input side(const struct file_text *text)
{
	git_merge_file_input in = GIT_MERGE_FILE_INPUT_INIT;

	in.ptr = text->data ? text->data : "";
	in.size = text->len;
	return in;
}

static int merge_lines(const struct content_merge_input *in,
		       const struct texts *t, struct content_merge *out,
		       struct err *err)
{
	git_merge_file_options options = GIT_MERGE_FILE_OPTIONS_INIT;
	git_merge_file_input base = side(&t->base_text);
	git_merge_file_input ours = side(&t->our_text);
	git_merge_file_input theirs = side(&t->their_text);
	git_merge_file_result result = { 0 };

	options.our_label = in->our_label;
	options.their_label = in->their_label;
	options.marker_size = in->longer_markers ? MARKER_SIZE + 1 : MARKER_SIZE;
	if (git_merge_file(&result, t->base ? &base : NULL, &ours, &theirs,
			   &options) < 0)
		return err_git(err, ERR_FAILED, "cannot merge a file");
	out->clean = result.automergeable;
	out->has_text = true;
	if (result.len)
		strbuf_add(&out->text, result.ptr, result.len);
	git_merge_file_result_free(&result);
	return 0;
}

/* The content is settled without a look into it. */
static void take(struct content_merge *out, const struct file_version *v)
{
	out->clean = true;
	out->take = *v;
}

static void give_up(struct content_merge *out, const struct file_version *ours,
		    const char *why)
{
	out->clean = false;
	out->take = *ours;
	out->mode = ours->mode;
	out->why = why;
}

static int merge_contents(git_repository *repo,
			  const struct content_merge_input *in,
			  struct content_merge *out, struct err *err)
{
	AUTO_TEXTS struct texts t = { 0 };

	if (open_texts(repo, in, &t, err) < 0)
		return err->code;
	if (any_binary(&t)) {
		give_up(out, &in->ours, "binary");
		return 0;
	}
	if (too_large(&t)) {
		give_up(out, &in->ours, "too large to compare");
		return 0;
	}
	if (merge_lines(in, &t, out, err) < 0)
		return err->code;
	if (out->clean)
		return 0;
	return clash_places_find(&t.base_text, &t.our_text, &t.their_text, out,
				 err);
}

int content_merge(git_repository *repo, const struct content_merge_input *in,
		  struct content_merge *out, struct err *err)
{
	const struct file_version *base = &in->base, *ours = &in->ours,
				  *theirs = &in->theirs;
	bool mode_clean;

	if ((ours->mode & S_IFMT) != (theirs->mode & S_IFMT)) {
		give_up(out, ours, "not the same type");
		return 0;
	}
	mode_clean = merge_mode(in, &out->mode);
	if (git_oid_equal(&ours->id, &theirs->id) ||
	    (base->mode && git_oid_equal(&base->id, &theirs->id))) {
		take(out, ours);
	} else if (base->mode && git_oid_equal(&base->id, &ours->id)) {
		take(out, theirs);
	} else if (S_ISLNK(ours->mode)) {
		give_up(out, ours, "symbolic links");
	} else if (!S_ISREG(ours->mode)) {
		give_up(out, ours, "submodules");
	} else if (merge_contents(repo, in, out, err) < 0) {
		return err->code;
	}
	if (out->clean && !mode_clean) {
		out->clean = false;
		out->why = "modes";
	}
	return 0;
}

int content_changes(git_repository *repo, const struct file_version *from,
		    const struct file_version *to, size_t *nr, struct err *err)
{
	AUTO_LINE_CHANGES struct line_changes changes = LINE_CHANGES_INIT;
	AUTO_TEXTS struct texts t = { 0 };

	*nr = 1;
	if (!S_ISREG(from->mode) || !S_ISREG(to->mode))
		return 0;
	if (open_text(repo, from, &t.base, &t.base_text, err) < 0 ||
	    open_text(repo, to, &t.ours, &t.our_text, err) < 0)
		return err->code;
	if (any_binary(&t) || too_large(&t))
		return 0;
	if (line_changes_find(&t.base_text, &t.our_text, &changes, err) < 0)
		return err->code;
	if (changes.nr)
		*nr = changes.nr;
	return 0;
}
