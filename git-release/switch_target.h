#ifndef SWITCH_TARGET_H
#define SWITCH_TARGET_H

#include "common/host/host.h"

/*
 * Which release is meant: of those that the server listed, by id, or by
 * version with or without the tag prefix. Of several releases of one version
 * it is the live one, else the newest that was proven. Other tools' releases
 * have only their name, the id.
 *
 * ERR_REFUSED when there is none, or only such as never worked. env is for
 * messages.
 */
int switch_target_find(const struct host_view *view, const char *name,
		       const char *prefix, const char *env,
		       const struct host_release **out,
		       struct err *err) MUST_CHECK;

/* The one to go back to by default; ERR_REFUSED when there is none. */
int switch_target_previous(const struct host_view *view,
			   const struct host_release **out,
			   struct err *err) MUST_CHECK;

/* What people call it: its version, else its id. */
const char *host_release_label(const struct host_release *rel);

#endif
