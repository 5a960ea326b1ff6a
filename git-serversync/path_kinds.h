#ifndef PATH_KINDS_H
#define PATH_KINDS_H

#include "common/base/base.h"

/*
 * What the path of a file says about it, with the habits of PHP applications
 * in mind (Laravel, Symfony, WordPress, Drupal, Magento, TYPO3, plain ones).
 * Paths are those of a release: relative, without "." and "..".
 */

/* The name in its directory. */
const char *path_name(const char *path);
/* Does one of the directories it is in have this name? Case matters. */
bool path_has_dir(const char *path, const char *dir);

/* "x.php", "x.phtml", "x.PHP5": a server that runs PHP runs it. */
bool path_is_php(const char *path);
/* "x.php.jpg": run as well, where PHP is turned on with AddHandler. */
bool path_hides_php(const char *path);
/* Text that somebody runs: PHP, scripts of a shell, JavaScript... */
bool path_is_code(const char *path);
/* Pictures, films, documents: what people upload. */
bool path_is_media(const char *path);

/* Is it where an application puts what its users upload? */
bool path_in_uploads(const char *path);
/* Is it where a web server serves files from, uploads included? */
bool path_in_public(const char *path);
/* Caches, logs, compiled views, maps: made by a program, made again at will. */
bool path_is_generated(const char *path);
/* Translations: "password" means a word there, no password. */
bool path_in_translations(const char *path);
/* Tests, examples, documentation: what looks like a setting is none. */
bool path_in_samples(const char *path);

#endif
