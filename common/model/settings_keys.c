#include "common/base/base.h"
#include "common/model/settings_keys.h"
#include "common/text/distance.h"

#include <strings.h>

#define DAY  86400u
#define WEEK (7 * DAY)
#define YEAR (365 * DAY)

/* A value that works only later is still read and checked now. */
#define LATER .only = ""

#define GENERAL(sec, key, kind, ...)                                           \
	{                                                                      \
		.section = sec, .name = key, .type = kind,                     \
		.scope = KEY_GENERAL, __VA_ARGS__                              \
	}
#define PER_SUB(sec, key, kind, ...)                                           \
	{                                                                      \
		.section = sec, .name = key, .type = kind,                     \
		.scope = KEY_PER_SUB, __VA_ARGS__                              \
	}
#define RELEASE(key, kind, ...)	   GENERAL("release", key, kind, __VA_ARGS__)
#define ENV(key, kind, ...)	   PER_SUB("release", key, kind, __VA_ARGS__)
#define BRANCHSYNC(key, kind, ...) GENERAL("branchsync", key, kind, __VA_ARGS__)
#define SERVERSYNC(key, kind, ...) PER_SUB("serversync", key, kind, __VA_ARGS__)
#define DRIFT(key, kind, ...)	   GENERAL("drift", key, kind, __VA_ARGS__)

/* clang-format off */
static const struct settings_key keys[] = {
	/* Built once, the same for all environments. */
	RELEASE("tagPrefix", KEY_PREFIX, .fallback = "v"),
	RELEASE("environment", KEY_ENVIRONMENT),
	RELEASE("recipe", KEY_ENUM, .only = "plain",
		.values = "laravel symfony wordpress node static plain"),
	RELEASE("subdirectory", KEY_PATH),
	RELEASE("build", KEY_COMMAND, .many = true),
	RELEASE("cache", KEY_CACHE, .many = true, LATER),
	RELEASE("exclude", KEY_PATTERN, .many = true),
	RELEASE("require", KEY_REQUIRE, .many = true, LATER),
	RELEASE("submodules", KEY_BOOL, .fallback = "false"),
	RELEASE("signed", KEY_ENUM, .values = "none tag", .fallback = "none"),
	RELEASE("requiresMigration", KEY_ENUM, .only = "auto false",
		.values = "auto true false", .fallback = "auto"),
	RELEASE("migrationPath", KEY_PATTERN, .many = true),
	RELEASE("codePath", KEY_PATTERN, .many = true),
	RELEASE("keepPackages", KEY_INT, .min = 1, .max = 1000,
		.fallback = "20"),
	RELEASE("changelog", KEY_PATH, .fallback = "CHANGELOG.md"),
	RELEASE("card", KEY_PATH, .fallback = "ProjectCard.md"),
	RELEASE("cardField", KEY_STRING, .many = true),

	/* Per environment. Only one url works: see environment.c. */
	ENV("url", KEY_URL, .many = true),
	ENV("transport", KEY_ENUM, .values = "auto libssh2 openssh",
	    .fallback = "auto"),
	ENV("branch", KEY_NAME),
	ENV("remote", KEY_NAME, .fallback = "origin"),
	ENV("shared", KEY_PATH, .many = true),
	ENV("link", KEY_LINK, .many = true),
	ENV("assets", KEY_PATH, .many = true, LATER),
	ENV("recycleAfter", KEY_DURATION, .max = YEAR, .fallback = "1h"),
	ENV("validate", KEY_COMMAND, .many = true),
	ENV("writable", KEY_PATH, .many = true),
	ENV("upload", KEY_UPLOAD, .many = true, LATER),
	ENV("preHook", KEY_HOOK, .many = true),
	ENV("midHook", KEY_HOOK, .many = true),
	ENV("postHook", KEY_HOOK, .many = true),
	ENV("failHook", KEY_HOOK, .many = true),
	ENV("maintenanceOn", KEY_COMMAND, LATER),
	ENV("maintenanceOff", KEY_COMMAND, LATER),
	ENV("maintenance", KEY_ENUM, .only = "never",
	    .values = "never always migrations", .fallback = "never"),
	ENV("checkpoint", KEY_COMMAND, LATER),
	ENV("health", KEY_STRING, .many = true, LATER),
	ENV("healthAttempts", KEY_INT, .min = 1, .max = 1000, LATER,
	    .fallback = "3"),
	ENV("healthInterval", KEY_DURATION, .max = DAY, LATER,
	    .fallback = "2s"),
	ENV("healthTimeout", KEY_DURATION, .min = 1, .max = DAY, LATER,
	    .fallback = "10s"),
	ENV("fpm", KEY_STRING, .many = true, LATER),
	ENV("publicPath", KEY_STRING, LATER),
	ENV("publicMode", KEY_ENUM, .only = "symlink",
	    .values = "symlink mirror", .fallback = "symlink"),
	ENV("fileMode", KEY_MODE, .min = 0400, .fallback = "644"),
	ENV("directoryMode", KEY_MODE, .min = 0700, .fallback = "755"),
	ENV("owner", KEY_STRING, LATER),
	ENV("keep", KEY_INT, .min = 1, .max = 1000, .fallback = "5"),
	ENV("timeout", KEY_DURATION, .min = 1, .max = WEEK,
	    .fallback = "600s"),
	ENV("webhook", KEY_URL, LATER),
	ENV("webhookSecret", KEY_STRING, LATER),
	ENV("webhookFormat", KEY_ENUM, .values = "json slack", LATER,
	    .fallback = "json"),
	ENV("requires", KEY_ENVIRONMENT, LATER),
	ENV("soak", KEY_DURATION, .max = YEAR, LATER, .fallback = "0"),

	BRANCHSYNC("from", KEY_NAME, .fallback = "production"),
	BRANCHSYNC("branch", KEY_NAME, .many = true,
		   .fallback = "main staging develop"),
	BRANCHSYNC("remote", KEY_NAME, .fallback = "origin"),
	BRANCHSYNC("finish", KEY_COMMAND, .many = true, .own = true),

	SERVERSYNC("deployFile", KEY_PATH, .fallback = "deploy.php"),
	SERVERSYNC("workflow", KEY_PATH),
	SERVERSYNC("gitOnly", KEY_PATTERN, .many = true),
	SERVERSYNC("exclude", KEY_PATTERN, .many = true),
	SERVERSYNC("maxFileSize", KEY_SIZE, .fallback = "10m"),
	SERVERSYNC("maxDelete", KEY_INT, .max = 1000000, .fallback = "10"),
	SERVERSYNC("base", KEY_STRING),
	SERVERSYNC("remote", KEY_NAME, .fallback = "origin"),
	SERVERSYNC("target", KEY_NAME),
	SERVERSYNC("forge", KEY_ENUM, .values = "github gitlab bitbucket gitea"),
	SERVERSYNC("api", KEY_URL, .own = true),

	DRIFT("baseline", KEY_STRING, .fallback = "author-v*"),
	DRIFT("custom", KEY_PATH, .many = true),
	DRIFT("customizations", KEY_PATH, .many = true,
	      .fallback = "_CUSTOMIZATIONS.md"),
	DRIFT("marker", KEY_STRING, .fallback = "ZAJ"),
	DRIFT("output", KEY_STRING),
};
/* clang-format on */

const struct settings_key *settings_key_list(size_t *nr)
{
	*nr = ARRAY_SIZE(keys);
	return keys;
}

const struct settings_key *settings_key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcasecmp(keys[i].section, section) &&
		    !strcasecmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

bool settings_section_known(const char *section)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcasecmp(keys[i].section, section))
			return true;
	return false;
}

const char *settings_key_nearest(const char *section, const char *name)
{
	unsigned int best = UINT_MAX;
	const char *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		unsigned int distance;

		if (strcasecmp(keys[i].section, section))
			continue;
		distance = text_distance(name, keys[i].name);
		if (distance < best && text_is_near(name, distance)) {
			best = distance;
			found = keys[i].name;
		}
	}
	return found;
}

const char *settings_section_nearest(const char *section)
{
	unsigned int best = UINT_MAX;
	const char *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		unsigned int distance = text_distance(section, keys[i].section);

		if (distance < best && text_is_near(section, distance)) {
			best = distance;
			found = keys[i].section;
		}
	}
	return found;
}
