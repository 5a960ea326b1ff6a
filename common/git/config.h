#ifndef CONFIG_H
#define CONFIG_H

#include "common/base/err.h"
#include "common/sys/proc.h"

/*
 * A snapshot of the settings as git sees them. It is read with one "git
 * config -z --show-origin --list" rather than through libgit2, because
 * libgit2 knows nothing of "git -c", GIT_CONFIG_COUNT or GIT_CONFIG_GLOBAL,
 * and a user would be right to expect those to work.
 */
struct config_entry {
	const char *origin; /* "file:.git/config", "command line" */
	const char *key;    /* "release.production.url", cased as git does */
	const char *value;  /* NULL for a bare key, which means true */
};

struct config {
	struct config_entry *entries; /* lowest precedence first */
	size_t nr, alloc;
	struct strbuf raw; /* what the entries point into */
};
#define CONFIG_INIT                                                            \
	{                                                                      \
		.raw = STRBUF_INIT                                             \
	}

/* Asks git, from the current directory. cfg must be fresh. */
int config_load(struct config *cfg, struct err *err) MUST_CHECK;
/*
 * The same in two steps: while git reads, there is other work to be done.
 * git is PROC_INIT and an AUTO_PROC.
 */
int config_start(struct proc *git, struct err *err) MUST_CHECK;
int config_finish(struct config *cfg, struct proc *git,
		  struct err *err) MUST_CHECK;
/* The same from the bytes git would print; for tests. */
int config_parse(struct config *cfg, const char *data, size_t len,
		 struct err *err) MUST_CHECK;
void config_release(struct config *cfg);
#define AUTO_CONFIG CLEANUP(config_release)

/*
 * The last value of section[.sub].name, or NULL when it is not set; a bare
 * key gives "true". sub may be NULL. sub is compared exactly, the others in
 * any case.
 */
const char *config_get(const struct config *cfg, const char *section,
		       const char *sub, const char *name);
/* core.quotePath: bytes above 0x7f are quoted in paths unless it says no. */
bool config_quote_path(const struct config *cfg);
/*
 * Walks the entries of one key, lowest precedence first: the first one for
 * "after" NULL, then the one behind it; NULL at the end.
 */
const struct config_entry *config_next(const struct config *cfg,
				       const struct config_entry *after,
				       const char *section, const char *sub,
				       const char *name);

#endif
