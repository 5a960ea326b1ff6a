#include "common/base/base.h"
#include "git-serversync/secret_signs.h"

#include "git-serversync/path_kinds.h"

#include <fnmatch.h>

/*
 * Patterns of names in any case, as fnmatch(3) reads them. One with a slash is
 * for the end of the path. The first that fits counts, so exceptions stand in
 * front.
 */
static const struct name_sign {
	const char *pattern;
	enum secret_name_kind kind;
	const char *what;
} signs[] = {
	{ ".env.*example*", SECRET_NAME_MAYBE, NULL },
	{ ".env.*sample*", SECRET_NAME_MAYBE, NULL },
	{ ".env.*dist*", SECRET_NAME_MAYBE, NULL },
	{ ".env.*templ*", SECRET_NAME_MAYBE, NULL },
	{ ".env.*tpl*", SECRET_NAME_MAYBE, NULL },
	{ ".env.*default*", SECRET_NAME_MAYBE, NULL },
	{ "*example.env", SECRET_NAME_MAYBE, NULL },
	{ "*sample.env", SECRET_NAME_MAYBE, NULL },
	{ ".env", SECRET_NAME_SETTINGS, "an environment file" },
	{ ".env[._-]*", SECRET_NAME_SETTINGS, "an environment file" },
	{ "*.env", SECRET_NAME_SETTINGS, "an environment file" },
	{ ".envrc", SECRET_NAME_SETTINGS, "an environment file" },

	{ "id_rsa", SECRET_NAME_ALL, "a private key" },
	{ "id_dsa", SECRET_NAME_ALL, "a private key" },
	{ "id_ecdsa", SECRET_NAME_ALL, "a private key" },
	{ "id_ed25519", SECRET_NAME_ALL, "a private key" },
	{ "id_*_sk", SECRET_NAME_ALL, "a private key" },
	{ "ssh_host_*_key", SECRET_NAME_ALL, "a private key" },
	{ "*.ppk", SECRET_NAME_ALL, "a private key" },
	{ "*private.key", SECRET_NAME_ALL, "a private key" },
	{ "*private.pem", SECRET_NAME_ALL, "a private key" },
	{ "private-key.*", SECRET_NAME_ALL, "a private key" },
	{ "privkey*.pem", SECRET_NAME_ALL, "a private key" },
	{ "*.p8", SECRET_NAME_ALL, "a private key" },
	{ "master.key", SECRET_NAME_ALL, "a key" },
	{ "*.p12", SECRET_NAME_ALL, "a key store" },
	{ "*.pfx", SECRET_NAME_ALL, "a key store" },
	{ "*.jks", SECRET_NAME_ALL, "a key store" },
	{ "*.keystore", SECRET_NAME_ALL, "a key store" },
	{ "*.kdbx", SECRET_NAME_ALL, "a password safe" },
	{ "*.kdb", SECRET_NAME_ALL, "a password safe" },
	{ "*.psafe3", SECRET_NAME_ALL, "a password safe" },

	{ ".htpasswd*", SECRET_NAME_ALL, "passwords of a web server" },
	{ "htpasswd", SECRET_NAME_ALL, "passwords of a web server" },
	{ "*.htpasswd", SECRET_NAME_ALL, "passwords of a web server" },
	{ ".htdigest*", SECRET_NAME_ALL, "passwords of a web server" },
	{ ".netrc", SECRET_NAME_ALL, "logins of servers" },
	{ "_netrc", SECRET_NAME_ALL, "logins of servers" },
	{ ".pgpass", SECRET_NAME_ALL, "logins of databases" },
	{ "pgpass.conf", SECRET_NAME_ALL, "logins of databases" },
	{ ".my.cnf", SECRET_NAME_ALL, "a login of a database" },
	{ ".mylogin.cnf", SECRET_NAME_ALL, "a login of a database" },
	{ ".git-credentials", SECRET_NAME_ALL, "logins of git" },
	{ "*/.docker/config.json", SECRET_NAME_ALL, "logins of registries" },
	{ ".dockercfg", SECRET_NAME_ALL, "logins of registries" },
	{ ".pypirc", SECRET_NAME_ALL, "logins of registries" },
	{ "*/.aws/credentials", SECRET_NAME_ALL, "keys of a cloud" },
	{ ".s3cfg", SECRET_NAME_ALL, "keys of a cloud" },
	{ ".boto", SECRET_NAME_ALL, "keys of a cloud" },
	{ "rclone.conf", SECRET_NAME_ALL, "keys of a cloud" },
	{ "*/.kube/config", SECRET_NAME_ALL, "keys of a cluster" },
	{ "kubeconfig", SECRET_NAME_ALL, "keys of a cluster" },
	{ ".vault-token", SECRET_NAME_ALL, "a token" },
	{ ".ftpconfig", SECRET_NAME_ALL, "logins of servers" },
	{ "sftp-config.json", SECRET_NAME_ALL, "logins of servers" },
	{ "*/.vscode/sftp.json", SECRET_NAME_ALL, "logins of servers" },
	{ "sitemanager.xml", SECRET_NAME_ALL, "logins of servers" },
	{ "recentservers.xml", SECRET_NAME_ALL, "logins of servers" },
	{ "ws_ftp.ini", SECRET_NAME_ALL, "logins of servers" },
	{ ".*sh_history", SECRET_NAME_ALL, "a history of commands" },
	{ ".*sql_history", SECRET_NAME_ALL, "a history of commands" },
	{ ".php_history", SECRET_NAME_ALL, "a history of commands" },
	{ ".rediscli_history", SECRET_NAME_ALL, "a history of commands" },
	{ "*/storage/framework/sessions/?*", SECRET_NAME_ALL, "a session" },
	{ "sess_[0-9a-z]????????????????????*", SECRET_NAME_ALL, "a session" },

	{ "wp-config*sample*.php", SECRET_NAME_MAYBE, NULL },
	{ "wp-config.php", SECRET_NAME_SETTINGS, "settings with passwords" },
	{ "*/app/etc/env.php", SECRET_NAME_SETTINGS, "settings with passwords" },
	{ "*/app/etc/local.xml", SECRET_NAME_SETTINGS, "settings with passwords" },

	{ "*.sql.[gbxz7o]*", SECRET_NAME_ALL, "a database dump" },
	{ "*.dump.?z*", SECRET_NAME_ALL, "a database dump" },
	{ "*.mysqldump", SECRET_NAME_ALL, "a database dump" },
	{ "*.pgdump", SECRET_NAME_ALL, "a database dump" },
	{ "*.sqlite", SECRET_NAME_ALL, "a database" },
	{ "*.sqlite3", SECRET_NAME_ALL, "a database" },
	{ "*.mdb", SECRET_NAME_ALL, "a database" },
	{ "*.ibd", SECRET_NAME_ALL, "a database" },
	{ "*.sql", SECRET_NAME_MAYBE, NULL },
};

/* Patterns with a slash see the whole path, with one in front. */
static bool fits(const char *pattern, const char *path, size_t len)
{
	char text[PATH_MAX + 2];
	const char *slash = memrchr(path, '/', len);

	if (!strchr(pattern, '/') && slash) {
		len -= (size_t)(slash + 1 - path);
		path = slash + 1;
	}
	if (len > PATH_MAX)
		return false;
	text[0] = '/';
	memcpy(text + 1, path, len);
	text[len + 1] = '\0';
	return !fnmatch(pattern, text + !strchr(pattern, '/'), FNM_CASEFOLD);
}

/*
 * The name of what this is a copy of: "wp-config.php" of "wp-config.php.bak",
 * "wp-config.php~" and ".wp-config.php.swp".
 */
static bool drop_copy(const char **path, size_t *len)
{
	static const char *const copies[] = {
		".bak", ".old", ".orig", ".save", ".copy", ".backup",
		".tmp", "~",	".1",	 ".bkp",  "_old",  "_bak",
		"-old", "-bak", ".prev", ".new",  ".swp",  ".swo"
	};
	const char *name = path_name(*path), *end = *path + *len;

	for (size_t i = 0; i < ARRAY_SIZE(copies); i++) {
		/* ".swp" is a copy of nothing. */
		if (!sign_ends(*path, *len, copies[i]) ||
		    (size_t)(end - name) < strlen(copies[i]) + 2)
			continue;
		end -= strlen(copies[i]);
		if (!strncmp(copies[i], ".sw", 3) && *name == '.')
			*path = name + 1;
		*len = (size_t)(end - *path);
		return true;
	}
	return false;
}

static enum secret_name_kind look_up(const char *path, size_t len,
				     const char **what)
{
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		if (!fits(signs[i].pattern, path, len))
			continue;
		*what = signs[i].what;
		return signs[i].kind;
	}
	return SECRET_NAME_NONE;
}

enum secret_name_kind secret_by_name(const char *path, const char **what)
{
	size_t len = strlen(path);
	enum secret_name_kind kind = look_up(path, len, what);

	if (kind == SECRET_NAME_NONE && drop_copy(&path, &len))
		kind = look_up(path, len, what);
	return kind;
}
