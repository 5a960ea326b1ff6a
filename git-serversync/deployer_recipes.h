#ifndef DEPLOYER_RECIPES_H
#define DEPLOYER_RECIPES_H

#include "common/base/base.h"

/*
 * The files that come with Deployer (github.com/deployphp/deployer, all
 * versions from 4 on) and are found under these names before any file of the
 * project is: require 'recipe/laravel.php'. What they do to clear_paths is
 * known: most empty it when they are read and do no more; some put paths in.
 */
enum deployer_recipe {
	RECIPE_UNKNOWN, /* none of Deployer's */
	RECIPE_CLEAN,	/* puts no path into clear_paths */
	RECIPE_CLEARS	/* does so in some version */
};

enum deployer_recipe deployer_recipe(const char *path);

#endif
