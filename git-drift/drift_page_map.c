#include "common/base/base.h"
#include "git-drift/drift_page.h"

#include "git-drift/page_text.h"

/* The files below one directory: neighbours in the list. */
struct range {
	const struct drift_list *list;
	size_t first, end;
	size_t prefix; /* bytes of the directory's path, with its slash */
};

struct map {
	struct strbuf *out;
	size_t dirs; /* so far */
};

static const char *path_of(const struct drift_list *list, size_t i)
{
	return list->v[i].change->path;
}

/* The directory that file i of "in" is in, one level down; false: in itself. */
static bool next_dir(const struct range *in, size_t i, struct range *sub)
{
	const char *path = path_of(in->list, i);
	const char *slash = strchr(path + in->prefix, '/');

	if (!slash)
		return false;
	*sub = (struct range){ .list = in->list, .first = i, .end = i };
	sub->prefix = (size_t)(slash - path) + 1;
	while (sub->end < in->end &&
	       !strncmp(path_of(in->list, sub->end), path, sub->prefix))
		sub->end++;
	return true;
}

/* "a/b/c" where a and b hold nothing else: one line instead of three. */
static void skip_single(struct range *dir)
{
	struct range sub;

	while (next_dir(dir, dir->first, &sub) && sub.end == dir->end)
		*dir = sub;
}

static void count(const struct range *dir, size_t nr[5])
{
	static const char letters[] = "AMDTR";

	for (size_t i = dir->first; i < dir->end; i++)
		nr[strchr(letters, drift_entry_letter(&dir->list->v[i])) - letters]++;
}

/* How many of each letter, as parts of 100. */
static void add_bar(struct strbuf *out, const struct range *dir)
{
	static const char letters[] = "AMDTR";
	size_t nr[5] = { 0 }, all = dir->end - dir->first, before = 0;

	count(dir, nr);
	strbuf_addstr(out,
		      "<svg class=\"bar\" viewBox=\"0 0 100 10\" "
		      "preserveAspectRatio=\"none\" aria-hidden=\"true\">");
	for (size_t i = 0; i < 5; i++) {
		size_t x = before * 100 / all;

		before += nr[i];
		if (nr[i])
			strbuf_addf(
				out,
				"<rect class=\"%c\" x=\"%zu\" width=\"%zu\" "
				"height=\"10\"/>",
				letters[i], x, before * 100 / all - x);
	}
	strbuf_addstr(out, "</svg>");
}

static void add_dirs(struct map *m, const struct range *in);

static void add_dir(struct map *m, const struct range *in, const struct range *dir)
{
	const char *path = path_of(dir->list, dir->first);
	const char *custom = dir->list->v[dir->first].custom;
	bool own = custom && strlen(custom) < dir->prefix;

	strbuf_addf(m->out, "<li%s><a href=\"#f%zu\" data-dir=\"",
		    own ? " class=\"own\"" : "", dir->first);
	page_add_text(m->out, path, dir->prefix);
	strbuf_addstr(m->out, "\"><span class=\"path\">");
	page_add_text(m->out, path + in->prefix, dir->prefix - in->prefix);
	strbuf_addf(m->out, "</span><span class=\"nr\">%zu</span>",
		    dir->end - dir->first);
	add_bar(m->out, dir);
	strbuf_addstr(m->out, "</a>");
	add_dirs(m, dir);
	strbuf_addstr(m->out, "</li>\n");
}

static void add_dirs(struct map *m, const struct range *in)
{
	bool any = false;
	struct range sub;
	size_t i = in->first;

	while (i < in->end) {
		if (!next_dir(in, i, &sub)) {
			i++;
			continue;
		}
		i = sub.end;
		if (m->dirs++ >= DRIFT_PAGE_DIRS)
			continue;
		if (!any)
			strbuf_addstr(m->out, "<ul>\n");
		any = true;
		skip_single(&sub);
		add_dir(m, in, &sub);
	}
	if (any)
		strbuf_addstr(m->out, "</ul>\n");
}

void drift_page_add_map(const struct drift_list *list, struct strbuf *out)
{
	struct range all = { .list = list, .end = list->nr };
	struct map m = { .out = out };

	add_dirs(&m, &all);
	if (m.dirs > DRIFT_PAGE_DIRS)
		strbuf_addf(out,
			    "<p class=\"note\">%zu more directories are left "
			    "out.</p>\n",
			    m.dirs - DRIFT_PAGE_DIRS);
}
