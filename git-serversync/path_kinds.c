#include "common/base/base.h"
#include "git-serversync/path_kinds.h"

#include <strings.h>

#define LIST_END NULL

static const char *const php_ext[] = { "php",  "php2", "php3", "php4",	"php5",
				       "php6", "php7", "php8", "phtml", "pht",
				       "phar", "pgif", "phtm", LIST_END };
static const char *const code_ext[] = { "inc",	"module", "install", "theme",
					"js",	"mjs",	  "cjs",     "sh",
					"bash", "py",	  "pl",	     "cgi",
					"rb",	"html",	  "htm",     "shtml",
					"asp",	"aspx",	  "jsp",     LIST_END };
static const char *const media_ext[] = {
	"jpg",	"jpeg", "jpe",	"png",	"gif",	 "webp", "avif", "bmp", "tif",
	"tiff", "svg",	"ico",	"heic", "heif",	 "psd",	 "eps",	 "ai",	"mp3",
	"wav",	"ogg",	"oga",	"ogv",	"opus",	 "flac", "m4a",	 "aac", "mp4",
	"m4v",	"mov",	"avi",	"mkv",	"webm",	 "mpg",	 "mpeg", "wmv", "3gp",
	"pdf",	"doc",	"docx", "odt",	"rtf",	 "xls",	 "xlsx", "ods", "csv",
	"ppt",	"pptx", "odp",	"txt",	"zip",	 "rar",	 "7z",	 "gz",	"tgz",
	"epub", "vcf",	"ics",	"woff", "woff2", "ttf",	 "otf",	 "eot", LIST_END
};

/* Only made for uploads, wherever they are. */
static const char *const upload_dirs[] = { "uploads",	     "userfiles",
					   "user_files",     "user_uploads",
					   "uploaded_files", "avatars",
					   "userpics",	     LIST_END };
/* Uploads in the root of an application or of its web server only: sources
 * have folders of these names, too. */
static const char *const maybe_upload_dirs[] = { "upload",	 "media",
						 "files",	 "attachments",
						 "fileadmin",	 "gallery",
						 "user-content", LIST_END };
static const char *const sources[] = { "vendor",   "node_modules", "src",
				       "includes", "lib",	   "tests",
				       "test",	   LIST_END };
static const char *const public_dirs[] = {
	"public",  "public_html", "htdocs",  "httpdocs",   "html",  "www",
	"wwwroot", "web",	  "webroot", "docroot",	   "pub",   "static",
	"assets",  "images",	  "img",     "wp-content", LIST_END
};
static const char *const data_dirs[] = {
	"data", "storage", "app",   "var",	"content",   "sites", "default",
	"all",	"user",	   "users", "download", "downloads", LIST_END
};
static const char *const language_dirs[] = {
	"lang", "langs", "language",	 "languages",	 "locale", "locales",
	"i18n", "l10n",	 "localization", "translations", LIST_END
};
static const char *const sample_dirs[] = {
	"test",	    "tests",	"Tests",    "Test",	"testing", "__tests__",
	"spec",	    "example",	"examples", "Examples", "doc",	   "docs",
	"fixtures", "Fixtures", "samples",  "demo",	LIST_END
};

static bool listed(const char *const *list, const char *s, size_t len)
{
	for (; *list; list++)
		if (strlen(*list) == len && !strncasecmp(s, *list, len))
			return true;
	return false;
}

/* Names of directories are compared as they are. */
static bool dir_listed(const char *const *list, const char *s, size_t len)
{
	for (; *list; list++)
		if (strlen(*list) == len && !memcmp(s, *list, len))
			return true;
	return false;
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool in_listed_dir(const char *path, const char *const *list)
{
	const char *slash;

	for (; (slash = strchr(path, '/')); path = slash + 1)
		if (dir_listed(list, path, (size_t)(slash - path)))
			return true;
	return false;
}

bool path_has_dir(const char *path, const char *dir)
{
	const char *const list[] = { dir, LIST_END };

	return in_listed_dir(path, list);
}

static bool has_ext(const char *path, const char *const *list)
{
	const char *dot = strrchr(path_name(path), '.');

	return dot && listed(list, dot + 1, strlen(dot + 1));
}

bool path_is_php(const char *path)
{
	return has_ext(path, php_ext);
}

bool path_hides_php(const char *path)
{
	const char *dot = strchr(path_name(path), '.');
	const char *next;

	for (; dot && (next = strchr(dot + 1, '.')); dot = next)
		if (listed(php_ext, dot + 1, (size_t)(next - dot - 1)))
			return true;
	return false;
}

bool path_is_code(const char *path)
{
	const char *name = path_name(path);

	return path_is_php(path) || has_ext(path, code_ext) ||
	       !strcmp(name, ".htaccess") || !strcmp(name, ".user.ini");
}

bool path_is_media(const char *path)
{
	return has_ext(path, media_ext);
}

bool path_in_uploads(const char *path)
{
	const char *slash;
	bool at_root = true;

	for (; (slash = strchr(path, '/')); path = slash + 1) {
		size_t len = (size_t)(slash - path);

		if (dir_listed(upload_dirs, path, len))
			return true;
		if (at_root && dir_listed(maybe_upload_dirs, path, len))
			return true;
		if (!strncmp(path, "storage/app/public/", 19) ||
		    !strncmp(path, "public/storage/", 15))
			return true;
		if (dir_listed(sources, path, len))
			return false;
		at_root = at_root && (dir_listed(public_dirs, path, len) ||
				      dir_listed(data_dirs, path, len));
	}
	return false;
}

bool path_in_public(const char *path)
{
	const char *slash = strchr(path, '/');

	if (path_in_uploads(path))
		return true;
	/* Deeper ones are folders of sources: "src/web/", "lib/html/". */
	return slash && dir_listed(public_dirs, path, (size_t)(slash - path)) &&
	       !path_has_dir(path, "node_modules");
}

static bool generated_name(const char *name)
{
	static const char *const names[] = { "error_log",
					     "thumbs.db",
					     ".ds_store",
					     "desktop.ini",
					     "sitemap.xml",
					     "sitemap.xml.gz",
					     "sitemap_index.xml",
					     "mix-manifest.json",
					     "rev-manifest.json",
					     "asset-manifest.json",
					     "entrypoints.json",
					     "debug.log",
					     ".phpunit.result.cache",
					     LIST_END };
	static const char *const ext[] = { "log", "map",   "pyc",   "cache",
					   "pid", "lock~", LIST_END };

	/* "laravel.log.1", "access.log-20260101.gz" */
	return listed(names, name, strlen(name)) || has_ext(name, ext) ||
	       strstr(name, ".log.") || strstr(name, ".log-") ||
	       !strncmp(name, "sitemap-", 8);
}

bool path_is_generated(const char *path)
{
	static const char *const places[] = {
		"bootstrap/cache/",
		"storage/framework/",
		"storage/logs/",
		"storage/debugbar/",
		"var/cache/",
		"var/log/",
		"var/view_preprocessed/",
		"var/page_cache/",
		"generated/",
		"pub/static/",
		"public/build/",
		"public/hot/",
		"wp-content/cache/",
		"app/cache/",
		"app/logs/",
		"tmp/",
		"temp/",
		"typo3temp/",
		"templates_c/",
		"__pycache__/",
		"public/cache/",
		"data/cache/",
		"cache/",
		"files/css/",
		"files/js/",
		"logs/",
	};
	size_t len;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		len = strlen(places[i]);
		if (!strncmp(path, places[i], len))
			return true;
	}
	return path_has_dir(path, "templates_c") ||
	       path_has_dir(path, "__pycache__") ||
	       strstr(path, "/storage/framework/") ||
	       strstr(path, "/bootstrap/cache/") ||
	       strstr(path, "/wp-content/cache/") ||
	       strstr(path, "/var/cache/") || generated_name(path_name(path)) ||
	       (!strcmp(path_name(path), "manifest.json") &&
		(path_has_dir(path, "build") || path_has_dir(path, ".vite")));
}

bool path_in_translations(const char *path)
{
	return in_listed_dir(path, language_dirs);
}

bool path_in_samples(const char *path)
{
	return in_listed_dir(path, sample_dirs);
}
