#include "common/base/base.h"
#include "git-release/package_facts.h"

#include "common/model/package_manifest.h"
#include "common/model/records.h"
#include "common/text/manifest.h"
#include "common/text/quote.h"

void package_facts_release(struct package_facts *f)
{
	package_release(&f->package);
	strvec_release(&f->trailers);
	free(f->tagger);
	strvec_release(&f->live_on);
	strvec_release(&f->notes);
}

/* The message is a title, an empty line, and trailers. */
static int read_commit(git_repository *repo, struct package_facts *f,
		       struct err *err)
{
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_STRBUF struct strbuf who = STRBUF_INIT;
	const git_signature *author;
	const char *p;

	if (git_commit_lookup(&commit, repo, &f->package.id) < 0)
		return err_git(err, ERR_FAILED, "cannot read the package");
	author = git_commit_author(commit);
	strbuf_addf(&who, "%s <%s>", author->name, author->email);
	f->tagger = strbuf_detach(&who);
	f->tagged_at = author->when.time;
	p = git_commit_body(commit);
	while (p && *p) {
		size_t len = strcspn(p, "\n");

		if (len)
			strvec_pushf(&f->trailers, "%.*s", (int)len, p);
		p += len + (p[len] == '\n');
	}
	return 0;
}

static int count_files(git_repository *repo, struct package_facts *f,
		       struct err *err)
{
	AUTO_MANIFEST struct manifest m = MANIFEST_INIT;
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;

	if (package_manifest(repo, &f->package.id, NULL, &raw, err) < 0 ||
	    manifest_parse(&m, &raw, err) < 0)
		return err->code;
	f->files = m.nr;
	for (size_t i = 0; i < m.nr; i++)
		f->bytes += m.entries[i].size;
	return 0;
}

static int find_live(git_repository *repo, struct package_facts *f,
		     struct err *err)
{
	git_reference_iterator *it;
	git_reference *ref;
	int ret;

	if (git_reference_iterator_glob_new(&it, repo, RECORDS_ENV_PREFIX "*") < 0)
		return err_git(err, ERR_FAILED, "cannot list what is live");
	while (!(ret = git_reference_next(&ref, it))) {
		const git_oid *id = git_reference_target(ref);

		if (id && git_oid_equal(id, &f->package.id))
			strvec_push(&f->live_on,
				    git_reference_name(ref) +
					    strlen(RECORDS_ENV_PREFIX));
		git_reference_free(ref);
	}
	git_reference_iterator_free(it);
	if (ret != GIT_ITEROVER)
		return err_git(err, ERR_FAILED, "cannot list what is live");
	return 0;
}

static int take_note(const char *line, size_t len, void *ctx)
{
	struct package_facts *f = ctx;

	strvec_pushf(&f->notes, "%.*s", (int)len, line);
	return 0;
}

int package_facts_find(git_repository *repo, const char *tag,
		       struct package_facts *out, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	int ret = package_find(repo, tag, &out->package, err);

	if (ret == ERR_NOTFOUND) {
		quote_text(&shown, tag, strlen(tag));
		err_set(err, ERR_NOTFOUND, "'%s' has no package here", shown.buf);
		return err_hint(err,
				"make it with: git release build <version>");
	}
	if (ret < 0 || read_commit(repo, out, err) < 0 ||
	    count_files(repo, out, err) < 0 || find_live(repo, out, err) < 0)
		return err->code;
	return records_each(repo, &out->package.commit, take_note, out, err);
}
