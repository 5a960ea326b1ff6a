#ifndef HOOK_FIELDS_H
#define HOOK_FIELDS_H

#include "common/base/strbuf.h"
#include "common/model/environment.h"

/* Adds the hooks of a point to a request, as common/agent/hooks.h has them. */
void hook_fields_add(struct strbuf *request, const struct environment *env,
		     enum hook_point point);

/* environment, timeout and writable: what every change needs. */
void environment_fields_add(struct strbuf *request,
			    const struct environment *env);

#endif
