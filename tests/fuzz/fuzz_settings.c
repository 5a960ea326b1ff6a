#include "common/base/base.h"
#include "common/model/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read may not lead out of a release, nor be out of its range. */
static void check_environment(const struct environment *env)
{
	if (!env->name || !env->urls.nr || !*env->urls.v[0] ||
	    *env->urls.v[0] == '-' || !env->remote || !env->keep ||
	    !env->timeout || env->file_mode > 0777 || env->directory_mode > 0777)
		abort();
	for (size_t i = 0; i < env->nr_shared; i++)
		if (!*env->shared[i].path || *env->shared[i].path == '/')
			abort();
	for (size_t i = 0; i < env->nr_links; i++)
		if (!*env->links[i].target || *env->links[i].target == '/')
			abort();
	for (size_t i = 0; i < env->writable.nr; i++)
		if (!strcmp(env->writable.v[i], "..") ||
		    !strncmp(env->writable.v[i], "../", 3))
			abort();
}

/* .gitrelease up to the first NUL, behind it what git config would print. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t len = strnlen(text, size), rest = size - len;
	const struct settings_file file = { .data = text,
					    .len = len,
					    .label = "f" };
	AUTO_SETTINGS struct settings s = SETTINGS_INIT;
	AUTO_CONFIG struct config cfg = CONFIG_INIT;
	AUTO_ENVIRONMENT struct environment env = ENVIRONMENT_INIT;
	AUTO_BUILD_SETTINGS struct build_settings bs = BUILD_SETTINGS_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (rest && config_parse(&cfg, text + len + 1, rest - 1, &err) < 0)
		return 0;
	if (settings_load(&s, &file, &cfg, &err) < 0) {
		if (!err.msg.len || strpbrk(err.msg.buf, "\n\r\033"))
			abort();
		return 0;
	}
	if (!settings_environment(&s, NULL, &env, &err))
		check_environment(&env);
	if (!settings_build(&s, &bs, &err) && !bs.tag_prefix)
		abort();
	return 0;
}
