#ifndef OPTS_USAGE_H
#define OPTS_USAGE_H

#include "common/ui/opts.h"

/* The text of "-h", as opts_parse() and opts_usage_error() print it. */
void opts_add_usage(struct strbuf *out, const struct opt *opts,
		    const char *const *usage);

#endif
