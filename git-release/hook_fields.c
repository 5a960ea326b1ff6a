#include "common/base/base.h"
#include "git-release/hook_fields.h"

#include "common/wire/message.h"

static const char *const keys[HOOK_POINTS] = {
	[HOOK_PRE] = "pre-hook",
	[HOOK_MID] = "mid-hook",
	[HOOK_POST] = "post-hook",
	[HOOK_FAIL] = "fail-hook",
};

void hook_fields_add(struct strbuf *request, const struct environment *env,
		     enum hook_point point)
{
	const struct env_hooks *hooks = &env->hooks[point];

	for (size_t i = 0; i < hooks->nr; i++)
		request_add(request, keys[point], "%c %s",
			    hooks->v[i].warn ? 'w' : '-', hooks->v[i].command);
}

void environment_fields_add(struct strbuf *request, const struct environment *env)
{
	request_add(request, "environment", "%s", env->name);
	request_add(request, "timeout", "%" PRIu64, env->timeout);
	for (size_t i = 0; i < env->writable.nr; i++)
		request_add(request, "writable", "%s", env->writable.v[i]);
}
