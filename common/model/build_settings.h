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
	char *tag_prefix;	/* NULL: "v" */
	char *subdirectory;	/* the part of the tree that is released */
	struct strvec build;	/* shell lines, run in order */
	struct strvec exclude;	/* gitignore patterns */
	struct strvec validate; /* shell lines that must pass on the result */
	bool submodules;	/* include them */
	bool signed_tag;	/* "signed = tag": the tag must verify */
	unsigned keep_packages; /* under refs/releases/; 0: 20 */
};
#define BUILD_SETTINGS_INIT                                                    \
	{                                                                      \
		.build = STRVEC_INIT, .exclude = STRVEC_INIT,                  \
		.validate = STRVEC_INIT                                        \
	}
void build_settings_release(struct build_settings *bs);
#define AUTO_BUILD_SETTINGS CLEANUP(build_settings_release)

#endif
