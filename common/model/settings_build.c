#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/model/settings_typed.h"
#include "common/text/relpath.h"

int settings_check_available(const struct settings *s,
			     const struct settings_key *key, const char *sub,
			     struct err *err)
{
	AUTO_SETTING_LIST struct setting_list list = SETTING_LIST_INIT;

	if (!key->only)
		return 0;
	settings_get_all(s, key, sub, &list);
	for (size_t i = 0; i < list.nr; i++) {
		const struct setting *st = list.v[i];

		if (!*key->only)
			return setting_err(st, err, " is not available yet");
		if (!settings_word_in(key->only, st->value))
			return setting_err(st, err, " '%s' is not available yet",
					   st->value);
	}
	return 0;
}

void build_settings_release(struct build_settings *bs)
{
	free(bs->tag_prefix);
	free(bs->recipe);
	free(bs->subdirectory);
	strvec_release(&bs->build);
	strvec_release(&bs->exclude);
	*bs = (struct build_settings)BUILD_SETTINGS_INIT;
}

static const struct settings_key *key(const char *name)
{
	return settings_key_find("release", name);
}

static const char *text(const struct settings *s, const char *name)
{
	return settings_text(s, key(name), NULL);
}

static int check_all_available(const struct settings *s, struct err *err)
{
	size_t nr;
	const struct settings_key *keys = settings_key_list(&nr);
	int ret = 0;

	for (size_t i = 0; !ret && i < nr; i++)
		if (keys[i].scope == KEY_GENERAL)
			ret = settings_check_available(s, &keys[i], NULL, err);
	return ret;
}

static int read_subdirectory(const struct settings *s, char **out, struct err *err)
{
	AUTO_STRBUF struct strbuf clean = STRBUF_INIT;
	const char *value = text(s, "subdirectory"), *why;

	if (!value)
		return 0;
	why = relpath_normalise(value, &clean, NULL);
	if (why)
		return err_set(err, ERR_FAILED, "release.subdirectory %s", why);
	*out = strbuf_detach(&clean);
	return 0;
}

int settings_build(const struct settings *s, struct build_settings *out,
		   struct err *err)
{
	AUTO_BUILD_SETTINGS struct build_settings bs = BUILD_SETTINGS_INIT;
	const char *recipe = text(s, "recipe");
	int ret = check_all_available(s, err);

	if (!ret)
		ret = read_subdirectory(s, &bs.subdirectory, err);
	if (ret < 0)
		return ret;
	bs.tag_prefix = xstrdup(text(s, "tagPrefix"));
	bs.recipe = recipe ? xstrdup(recipe) : NULL;
	settings_texts(s, key("build"), NULL, &bs.build);
	settings_texts(s, key("exclude"), NULL, &bs.exclude);
	bs.submodules = settings_bool(s, key("submodules"), NULL);
	bs.signed_tags = !strcmp(text(s, "signed"), "tag");
	bs.keep_packages = settings_number(s, key("keepPackages"), NULL);

	build_settings_release(out);
	*out = bs;
	bs = (struct build_settings)BUILD_SETTINGS_INIT;
	return 0;
}
