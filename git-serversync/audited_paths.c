#include "common/base/base.h"
#include "git-serversync/audited_paths.h"

#include "common/base/mem.h"
#include "common/text/quote.h"
#include "common/text/relpath.h"

void audited_paths_release(struct audited_paths *p)
{
	while (p->nr) {
		p->nr--;
		free(p->v[p->nr].path);
		free(p->v[p->nr].file);
	}
	free(p->v);
	*p = (struct audited_paths)AUDITED_PATHS_INIT;
}

void audited_paths_add(struct audited_paths *p, const char *path,
		       const char *file, unsigned int line)
{
	for (size_t i = 0; i < p->nr; i++)
		if (!strcmp(p->v[i].path, path))
			return;
	ALLOC_GROW(p->v, p->nr + 1, p->alloc);
	p->v[p->nr++] = (struct audited_path){ .path = xstrdup(path),
					       .file = xstrdup(file),
					       .line = line };
}

void audit_gap_release(struct audit_gap *gap)
{
	free(gap->file);
	strbuf_release(&gap->why);
	*gap = (struct audit_gap)AUDIT_GAP_INIT;
}

bool audit_gap_set(struct audit_gap *gap, const char *file, unsigned int line,
		   const char *fmt, ...)
{
	va_list ap;

	if (gap->why.len)
		return false;
	gap->file = xstrdup(file);
	gap->line = line;
	va_start(ap, fmt);
	strbuf_vaddf(&gap->why, fmt, ap);
	va_end(ap);
	return false;
}

/* Shown as it is, it is UTF-8 without anything that hides or reorders. */
static bool is_plain(const char *text)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, text, strlen(text));
	return !strcmp(shown.buf, text);
}

const char *audited_path_check(const char *text, struct strbuf *out)
{
	if (strstr(text, "{{"))
		return "has something in it that is filled in later";
	if (strpbrk(text, " \t\n\r\"'`$\\;&|<>(){}"))
		return "has a character in it that means something to a shell";
	if (*text && strchr("!:~#", *text))
		return "begins with a character that means something else";
	if (!is_plain(text))
		return "is not readable UTF-8";
	return relpath_normalise(text, out, NULL);
}
