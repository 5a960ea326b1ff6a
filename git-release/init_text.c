#include "common/base/base.h"
#include "git-release/init_text.h"

void init_text_value(struct strbuf *out, const char *value)
{
	size_t len = strlen(value);
	bool quoted = !len || strpbrk(value, "#;\"\\\t\n") || value[0] == ' ' ||
		      value[len - 1] == ' ';

	if (quoted)
		strbuf_addch(out, '"');
	for (const char *p = value; *p; p++) {
		switch (*p) {
		case '"': strbuf_addstr(out, "\\\""); break;
		case '\\': strbuf_addstr(out, "\\\\"); break;
		case '\n': strbuf_addstr(out, "\\n"); break;
		case '\t': strbuf_addstr(out, "\\t"); break;
		default: strbuf_addch(out, *p);
		}
	}
	if (quoted)
		strbuf_addch(out, '"');
}

static void key(struct strbuf *out, const char *name, const char *value)
{
	strbuf_addf(out, "\t%s = ", name);
	init_text_value(out, value);
	strbuf_addch(out, '\n');
}

static void note(struct strbuf *out, const char *text)
{
	strbuf_addf(out, "\t# %s\n", text);
}

static void npm(struct strbuf *out, const struct project *p)
{
	key(out, "build", p->npm_lock ? "npm ci" : "npm install");
	key(out, "build", "npm run build");
}

static void build_keys(struct strbuf *out, const struct project *p)
{
	note(out,
	     "Commands that make the package, in order, in a clean export");
	note(out, "of the tag; what they leave is what ships.");
	if (p->kind == PROJECT_LARAVEL)
		key(out, "build",
		    "composer install --no-dev --no-interaction "
		    "--no-progress --prefer-dist --optimize-autoloader");
	if (p->kind == PROJECT_NODE || p->npm_build)
		npm(out, p);
	if (p->kind == PROJECT_PLAIN && !p->npm_build)
		note(out, "build = make dist");
	note(out, "gitignore patterns that do not ship.");
	if (p->kind == PROJECT_LARAVEL) {
		if (p->npm_build)
			key(out, "exclude", "/node_modules");
		key(out, "exclude", "/tests");
	} else {
		note(out, "exclude = /tests");
	}
}

static void laravel_keys(struct strbuf *out)
{
	note(out,
	     "Kept outside the releases, in shared/, and linked into each.");
	key(out, "shared", "storage/");
	key(out, "shared", ".env");
	note(out, "Links made inside each release.");
	key(out, "link", "public/storage:storage/app/public");
	note(out, "What the application writes inside a release.");
	key(out, "writable", "bootstrap/cache");
	note(out, "Run in the new release before it goes live.");
	note(out, "midHook = php artisan migrate --force");
	note(out, "midHook = php artisan config:cache");
	note(out, "Run after it went live; if one fails, the old one is back.");
	note(out, "postHook = php artisan queue:restart");
}

static void other_keys(struct strbuf *out, enum project_kind kind)
{
	note(out,
	     "Kept outside the releases, in shared/, and linked into each:");
	note(out, "a directory with a slash at its end, or a file.");
	if (kind == PROJECT_NODE)
		key(out, "shared", ".env");
	else
		note(out, "shared = uploads/");
	note(out, "Run in the new release before it goes live, and after.");
	note(out, "midHook = ./bin/migrate");
	note(out, "postHook = ./bin/reload");
}

void init_text_file(struct strbuf *out, const struct project *p,
		    const char *env, const char *url)
{
	strbuf_addstr(out,
		      "# How this project is released with \"git release\": "
		      "see gitrelease-config(5).\n"
		      "# It is read from the tag that is released: commit "
		      "it before you tag.\n\n[release]\n");
	build_keys(out, p);
	strbuf_addf(out, "\n[release \"%s\"]\n", env);
	note(out,
	     "Where: ssh://user@host/path, host:path or a local directory.");
	key(out, "url", url);
	if (p->kind == PROJECT_LARAVEL)
		laravel_keys(out);
	else
		other_keys(out, p->kind);
}

void init_text_append(struct strbuf *file, const char *env, const char *url)
{
	if (file->len && file->buf[file->len - 1] != '\n')
		strbuf_addch(file, '\n');
	strbuf_addf(file, "\n[release \"%s\"]\n", env);
	key(file, "url", url);
}
