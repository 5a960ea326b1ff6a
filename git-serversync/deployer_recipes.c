#include "common/base/base.h"
#include "git-serversync/deployer_recipes.h"

#define CONTRIB "contrib/"
#define RECIPE	"recipe/"

static const char *const clears[] = { "magento2", "sulu", "symfony", "symfony3" };

static const char *const clean[] = {
	"cakephp",
	"codeigniter",
	"codeigniter4",
	"common",
	"composer",
	"contao",
	"craftcms",
	"deploy/check_remote",
	"deploy/cleanup",
	"deploy/clear_paths",
	"deploy/copy_dirs",
	"deploy/env",
	"deploy/info",
	"deploy/lock",
	"deploy/push",
	"deploy/release",
	"deploy/rollback",
	"deploy/setup",
	"deploy/shared",
	"deploy/symlink",
	"deploy/update_code",
	"deploy/vendors",
	"deploy/writable",
	"drupal7",
	"drupal8",
	"flow_framework",
	"fuelphp",
	"joomla",
	"laravel",
	"magento",
	"pimcore",
	"prestashop",
	"provision",
	"shopware",
	"shopware6",
	"silverstripe",
	"spiral",
	"statamic",
	"sulu2",
	"symfony4",
	"symfony5",
	"typo3",
	"wordpress",
	"yii",
	"yii2-app-advanced",
	"yii2-app-basic",
	"zend_framework",
};

static const char *const contributed[] = {
	"bugsnag",    "cachetool",	"chatwork",   "cimonitor",
	"cloudflare", "cpanel",		"crontab",    "directadmin",
	"discord",    "grafana",	"hangouts",   "hipchat",
	"ispmanager", "mattermost",	"ms-teams",   "newrelic",
	"npm",	      "ntfy",		"phinx",      "php-fpm",
	"rabbit",     "raygun",		"rocketchat", "rollbar",
	"rsync",      "sentry",		"slack",      "supervisord-monitor",
	"telegram",   "webpack_encore", "workplace",  "yammer",
	"yarn",
};

struct names {
	const char *const *v;
	size_t nr;
};

/* Is path "<folder><one of the names>.php"? */
static bool is_one(const char *path, const char *folder, struct names names)
{
	size_t start = strlen(folder), len = strlen(path);

	if (strncmp(path, folder, start) || len < start + 4 ||
	    strcmp(path + len - 4, ".php") != 0)
		return false;
	for (size_t i = 0; i < names.nr; i++)
		if (strlen(names.v[i]) == len - start - 4 &&
		    !memcmp(path + start, names.v[i], len - start - 4))
			return true;
	return false;
}

enum deployer_recipe deployer_recipe(const char *path)
{
	const struct names with = { clears, ARRAY_SIZE(clears) };
	const struct names without = { clean, ARRAY_SIZE(clean) };
	const struct names extra = { contributed, ARRAY_SIZE(contributed) };

	if (is_one(path, RECIPE, with))
		return RECIPE_CLEARS;
	if (is_one(path, RECIPE, without) || is_one(path, CONTRIB, extra))
		return RECIPE_CLEAN;
	return RECIPE_UNKNOWN;
}
