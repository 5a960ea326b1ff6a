#include "common/base/base.h"
#include "git-drift/baseline_job.h"

#include "common/base/mem.h"
#include "common/git/git_identity.h"
#include "common/text/quote.h"
#include "git-drift/baseline_refs.h"
#include "git-drift/drop_source.h"
#include "common/git/revision.h"
#include "git-drift/vendor_baseline.h"

#define VERSION_MAX 128

struct freezing {
	const struct drift_session *s;
	const struct baseline_request *req;
	struct drop_store store;
	char *version;
	struct baseline_refs refs;
	struct strbuf who; /* "Name <mail> <time> <zone>" */
	git_oid tree;
	struct baseline_result result;
};

static void freezing_release(struct freezing *f)
{
	drop_store_release(&f->store);
	free(f->version);
	baseline_refs_release(&f->refs);
	strbuf_release(&f->who);
	baseline_result_release(&f->result);
}

void baseline_result_release(struct baseline_result *r)
{
	free(r->tag);
	free(r->after);
	free(r->top);
	strvec_release(&r->empty);
	strvec_release(&r->clashes);
	*r = (struct baseline_result)BASELINE_RESULT_INIT;
}

static int no_version(const char *version, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, version, strnlen(version, 80));
	return err_set(err, ERR_FAILED, "'%s' is not a version", shown.buf);
}

static bool fit(const char *version)
{
	size_t len = strlen(version);

	return len && len <= VERSION_MAX && *version >= '0' && *version <= '9' &&
	       strspn(version, "0123456789abcdefghijklmnopqrstuvwxyz"
			       "ABCDEFGHIJKLMNOPQRSTUVWXYZ.+-_") == len;
}

/* The pattern may end its first part in "v", and people type that, too. */
static int name_it(struct freezing *f, struct err *err)
{
	const char *pattern = f->s->settings.baseline;
	const char *version = f->req->version;
	AUTO_STRBUF struct strbuf name = STRBUF_INIT, back = STRBUF_INIT;
	size_t prefix = strcspn(pattern, "*");

	if (*version == 'v' && prefix && pattern[prefix - 1] == 'v')
		version++;
	baseline_name(pattern, version, &name);
	if (!fit(version) || !baseline_version(pattern, name.buf, &back) ||
	    strcmp(back.buf, version) != 0)
		return no_version(f->req->version, err);
	f->version = xstrdup(version);
	f->result.tag = xstrdup(name.buf);
	return 0;
}

/* A copy: the source, and what it lists, does not outlive this. */
static void note_list(struct freezing *f, const struct drop_list *list)
{
	struct baseline_result *r = &f->result;

	r->files = list->nr;
	r->bytes = list->bytes;
	r->top = list->top ? xstrdup(list->top) : NULL;
	for (size_t i = 0; i < list->empty.nr; i++)
		strvec_push(&r->empty, list->empty.v[i]);
	for (size_t i = 0; i < list->clashes.nr; i++)
		strvec_push(&r->clashes, list->clashes.v[i]);
}

static int take_source(struct freezing *f, struct err *err)
{
	AUTO_DROP_SOURCE struct drop_source *src = NULL;

	if (drop_source_open(f->req->source, &src, err) < 0)
		return err->code;
	note_list(f, drop_source_list(src));
	if (drop_source_tree(src, &f->store, &f->tree, err) < 0)
		return err_prefix(err, "'%s'", f->req->source);
	return 0;
}

static int take_head(struct freezing *f, struct err *err)
{
	if (f->refs.has_before) {
		err_set(err, ERR_REFUSED,
			"'%s' is there already: HEAD holds your work, not "
			"what the vendor delivered",
			f->refs.before_name);
		return err_hint(err, "git drift baseline %s <directory or zip>",
				f->version);
	}
	if (drift_session_commit(f->s, NULL, &f->result.commit, err) < 0)
		return err->code;
	return commit_tree(f->s->repo, &f->result.commit, &f->tree, err);
}

static int make_commit(struct freezing *f, struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	struct drop_object o = { .type = GIT_OBJECT_COMMIT };
	char hex[GIT_OID_HEXSZ + 1];

	strbuf_addf(&text, "tree %s\n",
		    git_oid_tostr(hex, sizeof(hex), &f->tree));
	if (f->refs.has_before)
		strbuf_addf(&text, "parent %s\n",
			    git_oid_tostr(hex, sizeof(hex), &f->refs.before));
	strbuf_addf(&text,
		    "author %s\ncommitter %s\n\n"
		    "Vendor's version %s, as it was delivered\n",
		    f->who.buf, f->who.buf, f->version);
	o.data = text.buf;
	o.len = text.len;
	return drop_store_add(&f->store, &o, &f->result.commit, err);
}

static int make_tag(struct freezing *f, git_oid *id, struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	struct drop_object o = { .type = GIT_OBJECT_TAG };
	char hex[GIT_OID_HEXSZ + 1];

	strbuf_addf(&text,
		    "object %s\ntype commit\ntag %s\ntagger %s\n\n"
		    "Vendor's version %s, as it was delivered\n",
		    git_oid_tostr(hex, sizeof(hex), &f->result.commit),
		    f->result.tag, f->who.buf, f->version);
	o.data = text.buf;
	o.len = text.len;
	return drop_store_add(&f->store, &o, id, err);
}

/* The same files under the same name again: what was asked for is so. */
static int compare(struct freezing *f, struct err *err)
{
	git_oid tree;

	if (commit_tree(f->s->repo, &f->refs.tagged, &tree, err) < 0)
		return err->code;
	if (!f->req->source || !git_oid_equal(&tree, &f->tree)) {
		err_set(err, ERR_REFUSED,
			"'%s' is frozen already, and what is frozen is never "
			"moved",
			f->result.tag);
		return err_hint(err, "git drift %s %s", f->result.tag,
				f->req->source ? "<commit>" : "HEAD");
	}
	f->result.was_there = true;
	f->result.commit = f->refs.tagged;
	return 0;
}

static int look_before(struct freezing *f, struct err *err)
{
	git_oid tree;

	if (!f->refs.has_before)
		return 0;
	if (commit_tree(f->s->repo, &f->refs.before, &tree, err) < 0)
		return err->code;
	f->result.same_files = git_oid_equal(&tree, &f->tree);
	f->result.after = xstrdup(f->refs.before_name);
	return 0;
}

static int freeze(struct freezing *f, struct err *err)
{
	git_oid tag;

	if (look_before(f, err) < 0 ||
	    git_identity_find(f->s->repo, "GIT_COMMITTER_IDENT", &f->who, err) <
		    0 ||
	    (f->req->source && make_commit(f, err) < 0) ||
	    make_tag(f, &tag, err) < 0)
		return err->code;
	if (f->req->dry_run)
		return 0;
	if (drop_store_keep(&f->store, err) < 0)
		return err->code;
	f->refs.tag = tag;
	f->refs.commit = f->result.commit;
	return baseline_refs_set(f->s->repo, &f->refs, err);
}

int baseline_freeze(const struct drift_session *s,
		    const struct baseline_request *req,
		    struct baseline_result *out, struct err *err)
{
	CLEANUP(freezing_release)
	struct freezing f = { .s = s, .req = req, .who = STRBUF_INIT };
	int ret;

	if (name_it(&f, err) < 0 ||
	    baseline_refs_read(s->repo, s->settings.baseline, f.result.tag,
			       &f.refs, err) < 0 ||
	    drop_store_open(&f.store, s->repo, err) < 0)
		return err->code;
	if (f.refs.is_tagged && !req->source)
		return compare(&f, err);
	ret = req->source ? take_source(&f, err) : take_head(&f, err);
	if (ret < 0)
		return ret;
	ret = f.refs.is_tagged ? compare(&f, err) : freeze(&f, err);
	if (ret < 0)
		return ret;
	*out = f.result;
	f.result = (struct baseline_result)BASELINE_RESULT_INIT;
	return 0;
}
