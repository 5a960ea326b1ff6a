#include "common/base/base.h"
#include "git-release/status_facts.h"

#include "common/model/package.h"
#include "common/model/records.h"
#include "common/text/quote.h"

#include <jansson.h>

void status_facts_release(struct status_facts *facts)
{
	strvec_release(&facts->differences);
}

/* "v1.2.0 (5d3e9f1)", or the id alone where it is no package we have. */
static void add_package(git_repository *repo, const git_oid *id,
			struct strbuf *out)
{
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	char hex[8];

	git_oid_tostr(hex, sizeof(hex), id);
	if (package_read(repo, id, &pkg, &ignored) < 0) {
		strbuf_addstr(out, hex);
		return;
	}
	quote_text(out, pkg.tag, strlen(pkg.tag));
	strbuf_addf(out, " (%s)", hex);
}

static void add_live(const struct host_release *live, struct strbuf *out)
{
	if (!live) {
		strbuf_addstr(out, "nothing");
		return;
	}
	if (*live->version)
		quote_text(out, live->version, strlen(live->version));
	else
		strbuf_addf(out, "release %s", live->id);
	if (*live->package)
		strbuf_addf(out, " (%.7s)", live->package);
}

static int compare_ref(git_repository *repo, const char *env,
		       struct status_facts *facts, struct err *err)
{
	AUTO_STRBUF struct strbuf live = STRBUF_INIT, ref = STRBUF_INIT;
	const char *want = facts->live ? facts->live->package : "";
	AUTO_ERR struct err none = ERR_INIT;
	char hex[GIT_OID_HEXSZ + 1] = "";
	git_oid id;
	int ret = records_get_live(repo, env, &id, &none);

	if (ret < 0 && ret != ERR_NOTFOUND)
		return err_set(err, ret, "%s", none.msg.buf);
	if (!ret)
		git_oid_tostr(hex, sizeof(hex), &id);
	if (!strcmp(hex, want))
		return 0;
	add_live(facts->live, &live);
	if (!ret)
		add_package(repo, &id, &ref);
	strvec_pushf(&facts->differences,
		     RECORDS_ENV_PREFIX "%s %s%s, but %s is live", env,
		     ret ? "does not exist" : "is at ", ref.buf, live.buf);
	return 0;
}

struct search {
	const char *env, *release;
	bool found;
};

static bool has(const json_t *line, const char *key, const char *value)
{
	const char *text = json_string_value(json_object_get(line, key));

	return text && !strcmp(text, value);
}

static int look_at_note(const char *text, size_t len, void *ctx)
{
	struct search *s = ctx;
	json_t *line = json_loadb(text, len, 0, NULL);

	if (has(line, "environment", s->env) &&
	    has(line, "release", s->release) && !has(line, "what", "failed"))
		s->found = true;
	json_decref(line);
	return 0;
}

/* Only of a package we have: else its commit may not be here either. */
static int compare_notes(git_repository *repo, const char *env,
			 struct status_facts *facts, struct err *err)
{
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	struct search s = { .env = env };
	git_oid id;

	if (!facts->live || !*facts->live->package ||
	    git_oid_fromstr(&id, facts->live->package) < 0)
		return 0;
	if (package_read(repo, &id, &pkg, &ignored) < 0) {
		strvec_pushf(&facts->differences,
			     "the live package %.7s is not in this repository",
			     facts->live->package);
		return 0;
	}
	s.release = facts->live->id;
	if (records_each(repo, &pkg.commit, look_at_note, &s, err) < 0)
		return err->code;
	if (!s.found)
		strvec_pushf(&facts->differences,
			     "the notes do not tell that release %s went live",
			     s.release);
	return 0;
}

int status_facts_find(git_repository *repo, const char *env,
		      const struct host_view *view, struct status_facts *out,
		      struct err *err)
{
	out->live = host_view_live(view);
	out->back = *view->rollback ? host_view_find(view, view->rollback) : NULL;
	for (size_t i = 0; i < view->nr; i++)
		out->foreign += view->releases[i].foreign;
	if (compare_ref(repo, env, out, err) < 0)
		return err->code;
	return compare_notes(repo, env, out, err);
}
