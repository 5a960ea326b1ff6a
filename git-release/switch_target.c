#include "common/base/base.h"
#include "git-release/switch_target.h"

#include "common/text/quote.h"

const char *host_release_label(const struct host_release *rel)
{
	return *rel->version ? rel->version : rel->id;
}

/* How good a release is to go to; 0: never by its version alone. */
static int rank(const struct host_release *rel)
{
	if (rel->live)
		return 3;
	if (!strcmp(rel->state, "healthy"))
		return 2;
	return !strcmp(rel->state, "rolledback");
}

static bool is_version(const struct host_release *rel, const char *name,
		       const char *prefix)
{
	size_t len = strlen(prefix);

	if (!*rel->version)
		return false;
	return !strcmp(rel->version, name) ||
	       (!strncmp(rel->version, prefix, len) &&
		!strcmp(rel->version + len, name));
}

static int none(const char *name, const char *env,
		const struct host_release *unfit, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	AUTO_STRBUF struct strbuf state = STRBUF_INIT;
	AUTO_STRBUF struct strbuf where = STRBUF_INIT;

	quote_text(&shown, name, strnlen(name, 300));
	quote_text(&where, env, strlen(env));
	if (unfit) {
		quote_text(&state, unfit->state, strlen(unfit->state));
		err_set(err, ERR_REFUSED,
			"release '%s' of '%s' on %s never worked: it is %s",
			unfit->id, shown.buf, where.buf, state.buf);
		return err_hint(err, "see others with: git release list");
	}
	err_set(err, ERR_REFUSED, "there is no release '%s' on %s", shown.buf,
		where.buf);
	return err_hint(err, "see what is there with: git release list");
}

/* The list is oldest first: the last of the best ones is the newest. */
static const struct host_release *by_version(const struct host_view *view,
					     const char *name, const char *prefix,
					     const struct host_release **unfit)
{
	const struct host_release *best = NULL;

	for (size_t i = 0; i < view->nr; i++) {
		const struct host_release *rel = &view->releases[i];

		if (!is_version(rel, name, prefix))
			continue;
		*unfit = rel;
		if (rank(rel) && (!best || rank(rel) >= rank(best)))
			best = rel;
	}
	return best;
}

int switch_target_find(const struct host_view *view, const char *name,
		       const char *prefix, const char *env,
		       const struct host_release **out, struct err *err)
{
	const struct host_release *found = host_view_find(view, name);
	const struct host_release *unfit = NULL;

	if (!found)
		found = by_version(view, name, prefix, &unfit);
	if (!found)
		return none(name, env, unfit, err);
	*out = found;
	return 0;
}

int switch_target_previous(const struct host_view *view,
			   const struct host_release **out, struct err *err)
{
	const struct host_release *rel =
		*view->rollback ? host_view_find(view, view->rollback) : NULL;

	if (!rel) {
		err_set(err, ERR_REFUSED, "nothing to roll back to");
		return err_hint(err,
				"see what is there with: git release list");
	}
	*out = rel;
	return 0;
}
