#ifndef BUILD_SETTINGS_H
#define BUILD_SETTINGS_H

#include "common/base/strvec.h"

/*
 * What decides how a package is made, as read from the [release] section of
 * the released commit's .gitrelease and the settings that overlay it. The
 * same for every environment, as there is one package for all of them.
 * Strings are owned; NULL or an empty list means "not set".
 */
struct build_settings {
	char *tag_prefix;      /* may be ""; NULL: "v" */
	char *recipe;	       /* NULL: not set */
	char *subdirectory;    /* NULL: the whole tree */
	struct strvec build;   /* shell lines, in order */
	struct strvec exclude; /* gitignore patterns */
	bool submodules;       /* include them */
	bool signed_tags;      /* the tag must verify */
	uint32_t keep_packages;
};
#define BUILD_SETTINGS_INIT                                                    \
	{                                                                      \
		0                                                              \
	}
void build_settings_release(struct build_settings *bs);
#define AUTO_BUILD_SETTINGS CLEANUP(build_settings_release)

#endif
