#include "common/base/base.h"
#include "git-drift/drift_settings.h"

#include "common/base/mem.h"
#include "common/model/settings_source.h"
#include "common/model/settings_typed.h"
#include "common/text/relpath.h"

void drift_settings_release(struct drift_settings *s)
{
	free(s->baseline);
	strvec_release(&s->custom);
	strvec_release(&s->customizations);
	free(s->marker);
	free(s->output);
	*s = (struct drift_settings)DRIFT_SETTINGS_INIT;
}

static const struct settings_key *key(const char *name)
{
	return settings_key_find("drift", name);
}

static char *text(const struct settings *s, const char *name)
{
	const char *value = settings_text(s, key(name), NULL);

	return value ? xstrdup(value) : NULL;
}

/* Loading has checked them: what is left is to write them in one form. */
static int paths(const struct settings *s, const char *name, struct strvec *out,
		 struct err *err)
{
	AUTO_STRVEC struct strvec values = STRVEC_INIT;

	settings_texts(s, key(name), NULL, &values);
	/* Not set at all; a list that was emptied stays empty. */
	if (key(name)->fallback && !settings_get(s, "drift", NULL, name))
		strvec_push(&values, key(name)->fallback);
	for (size_t i = 0; i < values.nr; i++) {
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;
		const char *why = relpath_normalise(values.v[i], &path, NULL);

		if (why)
			return err_set(err, ERR_FAILED, "drift.%s %s", name, why);
		strvec_push(out, path.buf);
	}
	return 0;
}

int drift_settings_load(git_repository *repo, const struct config *cfg,
			struct drift_settings *out, struct err *err)
{
	const struct settings_source from = { .repo = repo, .cfg = cfg };
	AUTO_SETTINGS struct settings s = SETTINGS_INIT;
	AUTO_DRIFT_SETTINGS struct drift_settings found = DRIFT_SETTINGS_INIT;

	if (settings_load_here(&s, &from, err) < 0 ||
	    paths(&s, "custom", &found.custom, err) < 0 ||
	    paths(&s, "customizations", &found.customizations, err) < 0)
		return err->code;
	found.baseline = text(&s, "baseline");
	found.marker = text(&s, "marker");
	found.output = text(&s, "output");
	*out = found;
	found = (struct drift_settings)DRIFT_SETTINGS_INIT;
	return 0;
}

static const char *within(const struct strvec *dirs, const char *path)
{
	for (size_t i = 0; i < dirs->nr; i++)
		if (relpath_within(path, dirs->v[i]))
			return dirs->v[i];
	return NULL;
}

const char *drift_settings_custom(const struct drift_settings *s, const char *path)
{
	const char *found = within(&s->custom, path);

	if (!found)
		found = within(&s->customizations, path);
	if (!found && !strcmp(path, SETTINGS_FILE))
		found = SETTINGS_FILE;
	return found;
}
