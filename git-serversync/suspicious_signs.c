#include "common/base/base.h"
#include "git-serversync/suspicious_signs.h"

#include "git-serversync/path_kinds.h"

#define DAY 86400

/*
 * An edit sets the time of a file to that moment; who hides one sets it back.
 * But copies keep times as well ("rsync -t", "cp -p", archives), and chmod
 * alone moves the other time. So only code is looked at. What somebody copied
 * over a file of the commit is days old, not a month. A new file may come from
 * an archive that keeps the time of an old library: of 18,890 files of code in
 * 17 PHP applications of Debian 237 are older than 8 years, and 12 than this.
 * Packers' constant dates (1980, npm's 1985) are no attempt to hide.
 */
#define SET_BACK_EDITED (30 * (int64_t)DAY)
#define SET_BACK_NEW	(12 * 365 * (int64_t)DAY)
#define PACKERS_DATES	946684800 /* 2000-01-01 */

static bool is_set_back(const struct class_input *in)
{
	int64_t far = in->in_commit ? SET_BACK_EDITED : SET_BACK_NEW;

	return path_is_code(in->path) && in->ctime && in->mtime > PACKERS_DATES &&
	       in->ctime > in->mtime && in->ctime - in->mtime > far;
}

/* What a web server writes belongs to it, and not to who deploys. */
static bool written_by_server(const char *path)
{
	return (path_in_uploads(path) && !path_is_code(path)) ||
	       path_is_generated(path);
}

const char *suspicious_by_stat(const struct class_input *in)
{
	if (S_ISLNK(in->st_mode))
		return NULL;
	if (in->st_mode & S_IWOTH)
		return "anybody may write to it";
	if (in->other_owner && !written_by_server(in->path))
		return "another user owns it";
	if (is_set_back(in))
		return in->in_commit
			       ? "its time was set back by more than a month"
			       : "its time was set back by more than 12 years";
	return NULL;
}

/* Programs keep settings of their own in hidden files of PHP. */
static bool is_known_hidden(const char *name)
{
	static const char *const known[] = { ".php-cs-fixer",  ".php_cs",
					     ".phpstorm.meta", ".styleci",
					     ".phan",	       ".psalm",
					     ".rector",	       ".phpunit" };

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (sign_starts(name, strlen(name), known[i]))
			return true;
	return false;
}

const char *suspicious_by_place(const struct class_input *in)
{
	const char *name = path_name(in->path);

	if (in->in_commit)
		return NULL;
	if (path_is_php(in->path) && *name == '.' && !is_known_hidden(name))
		return "a hidden file of PHP";
	if (path_is_php(in->path) && path_has_dir(in->path, ".well-known"))
		return "a hidden file of PHP";
	if (path_in_uploads(in->path) && path_hides_php(in->path))
		return "PHP among uploads";
	/* With its content more can be said. */
	if (path_in_uploads(in->path) && path_is_php(in->path) && !in->content)
		return "PHP among uploads";
	return NULL;
}

/* Bytes of a picture may spell "<?=" by chance, but no text behind it. */
static bool is_text(const char *s, const char *end)
{
	bool code = false;

	if (end - s > 24)
		end = s + 24;
	else if (end - s < 3)
		return false;
	for (; s < end; s++) {
		if ((unsigned char)*s < ' ' && !strchr("\t\r\n", *s))
			return false;
		if ((unsigned char)*s >= 0x7f || !*s)
			return false;
		code |= strchr("$(`", *s) != NULL;
	}
	return code;
}

/* The first "<?php" or "<?=" that is code, not bytes of a picture; or NULL. */
static const char *php_tag(const struct sign_hunt *h)
{
	const char *p = h->s, *end = h->s + h->len;

	while ((p = memmem(p, (size_t)(end - p), "<?", 2))) {
		size_t left = (size_t)(end - p);

		if (sign_starts(p, left, "<?php") &&
		    (left == 5 || !sign_is_word(p[5])))
			return p;
		if (sign_starts(p, left, "<?=") && is_text(p + 3, end))
			return p;
		p += 2;
	}
	return NULL;
}

/* "<?php # Silence is golden", as many put into a folder to hide its list. */
static bool is_silent(const struct sign_hunt *h, const char *tag)
{
	const char *end = h->s + h->len, *p = tag, *stop;

	if (tag - h->s > 3 || end - tag > 1024 ||
	    sign_starts(tag, (size_t)(end - tag), "<?="))
		return false;
	p += sign_starts(tag, (size_t)(end - tag), "<?php") ? 5 : 2;
	while (p < end) {
		if (strchr(" \t\r\n;", *p) && *p) {
			p++;
		} else if (*p == '#' || (end - p > 1 && !memcmp(p, "//", 2))) {
			stop = memchr(p, '\n', (size_t)(end - p));
			if (memmem(p, (size_t)((stop ? stop : end) - p), "?>", 2))
				return false;
			p = stop ? stop : end;
		} else if (end - p > 1 && !memcmp(p, "/*", 2)) {
			stop = memmem(p + 2, (size_t)(end - p - 2), "*/", 2);
			p = stop ? stop + 2 : end;
		} else {
			return end - p >= 2 && !memcmp(p, "?>", 2) &&
			       end - p <= 4;
		}
	}
	return true;
}

static bool is_picture(const char *path)
{
	static const char *const no[] = { ".txt", ".zip", ".rar", ".7z",  ".gz",
					  ".tgz", ".csv", ".rtf", ".epub" };

	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		if (sign_ends(path, strlen(path), no[i]))
			return false;
	return path_is_media(path);
}

/* Code from the start on, or behind what makes it look like a picture. */
static bool leads_file(const struct sign_hunt *h, const char *tag)
{
	const char *p = h->s;

	if (sign_starts(p, h->len, "GIF8"))
		return tag - p <= 32;
	if (sign_starts(p, h->len, "\xef\xbb\xbf"))
		p += 3;
	while (p < tag && strchr(" \t\r\n", *p) && *p)
		p++;
	return p == tag;
}

static bool php_out_of_place(struct sign_hunt *h, const struct class_input *in,
			     const char *tag)
{
	if (is_picture(in->path))
		return sign_found(h, tag, "PHP in a picture or document");
	if (in->in_commit || !path_in_uploads(in->path) || is_silent(h, tag))
		return false;
	return (path_is_php(in->path) || leads_file(h, tag)) &&
	       sign_found(h, tag, "PHP among uploads");
}

/* Something to run, where a web server hands it out or may run it. */
static bool program_out_of_place(struct sign_hunt *h, const struct class_input *in)
{
	size_t line = h->len < 80 ? h->len : 80;
	const char *nl = memchr(h->s, '\n', line);

	if (in->in_commit || !path_in_public(in->path))
		return false;
	if (h->len > 4 && !memcmp(h->s, "\177ELF", 4))
		return sign_found(h, h->s, "a program in a public directory");
	if (nl)
		line = (size_t)(nl - h->s);
	return h->len > 2 && !memcmp(h->s, "#!", 2) &&
	       (memmem(h->s, line, "sh", 2) || memmem(h->s, line, "perl", 4) ||
		memmem(h->s, line, "python", 6)) &&
	       sign_found(h, h->s, "a script in a public directory");
}

static bool runs_as_php(const struct sign_hunt *h, const char *tag)
{
	return path_is_php(h->path) || leads_file(h, tag) ||
	       path_is_code(h->path);
}

bool suspicious_by_content(struct sign_hunt *h, const struct class_input *in)
{
	const char *tag = php_tag(h);

	if (program_out_of_place(h, in) || suspicious_server_settings_find(h))
		return true;
	/* Empty, or with tags of an older kind only. */
	if (!tag && path_is_php(in->path))
		tag = memmem(h->s, h->len, "<?", 2);
	if (!tag)
		return false;
	return php_out_of_place(h, in, tag) ||
	       (runs_as_php(h, tag) && suspicious_code_find(h));
}
