#include "common/base/base.h"
#include "git-drift/drift_page.h"

#include "git-drift/page_text.h"

static void add(struct strbuf *out, const char *text)
{
	page_add_text(out, text, strlen(text));
}

static void add_title(const struct drift_page *page, struct strbuf *out)
{
	if (page->is_drift) {
		strbuf_addstr(out, "Changed since ");
		add(out, page->old_name);
	} else {
		add(out, page->old_name);
		strbuf_addstr(out, " and ");
		add(out, page->new_name);
	}
}

static void add_head(const struct drift_page *page, struct strbuf *out)
{
	const struct page_asset style = drift_page_style();
	const struct page_asset script = drift_page_script();

	strbuf_addstr(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
			   "<meta charset=\"utf-8\">\n"
			   "<meta http-equiv=\"Content-Security-Policy\" "
			   "content=\"default-src 'none'; base-uri 'none'; "
			   "form-action 'none'; style-src '");
	page_add_source_hash(out, style.text, style.len);
	strbuf_addstr(out, "'; script-src '");
	page_add_source_hash(out, script.text, script.len);
	strbuf_addstr(out, "'\">\n<meta name=\"viewport\" "
			   "content=\"width=device-width, initial-scale=1\">\n"
			   "<meta name=\"referrer\" content=\"no-referrer\">\n"
			   "<title>");
	add_title(page, out);
	strbuf_addstr(out, "</title>\n<style>");
	strbuf_add(out, style.text, style.len);
	strbuf_addstr(out, "</style>\n</head>\n");
}

/* The letters, in the order in which they are offered. */
static const struct {
	char letter;
	const char *word;
	size_t offset;
} kinds[] = {
	{ 'A', "added", offsetof(struct drift_totals, added) },
	{ 'M', "modified", offsetof(struct drift_totals, modified) },
	{ 'D', "deleted", offsetof(struct drift_totals, deleted) },
	{ 'T', "of another type", offsetof(struct drift_totals, type) },
	{ 'R', "renamed", offsetof(struct drift_totals, renamed) },
};

static size_t count_of(const struct drift_totals *t, size_t kind)
{
	size_t nr;

	memcpy(&nr, (const char *)t + kinds[kind].offset, sizeof(nr));
	return nr;
}

static void add_header(const struct drift_page *page, struct strbuf *out)
{
	struct drift_totals t;

	drift_list_sum(page->list, NULL, &t);
	strbuf_addstr(out, "<body>\n<header>\n<h1>");
	add_title(page, out);
	strbuf_addstr(out, "</h1>\n<p class=\"sides\">from <code>");
	add(out, page->old_name);
	strbuf_addstr(out, "</code> to <code>");
	add(out, page->new_name);
	strbuf_addf(out,
		    "</code></p>\n<ul class=\"totals\">\n"
		    "<li><b>%zu</b>%s</li>\n",
		    page->list->nr, page->list->nr == 1 ? "file" : "files");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (count_of(&t, i))
			strbuf_addf(out, "<li class=\"%c\"><b>%zu</b>%s</li>\n",
				    kinds[i].letter, count_of(&t, i),
				    kinds[i].word);
	strbuf_addf(out,
		    "<li><b>+%" PRIu64 " \xe2\x88\x92%" PRIu64
		    "</b>lines</li>\n"
		    "</ul>\n</header>\n",
		    t.lines_added, t.lines_removed);
}

static bool has_own(const struct drift_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		if (list->v[i].custom)
			return true;
	return false;
}

/* Of no use without the script, which shows them. */
static void add_filters(const struct drift_page *page, struct strbuf *out)
{
	struct drift_totals t;

	drift_list_sum(page->list, NULL, &t);
	strbuf_addstr(out, "<form id=\"filters\" hidden>\n"
			   "<input type=\"search\" id=\"text\" "
			   "placeholder=\"Words in the path\" "
			   "aria-label=\"Words in the path\">\n"
			   "<fieldset aria-label=\"Kinds of change\">\n");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (count_of(&t, i))
			strbuf_addf(out,
				    "<label class=\"%c\"><input "
				    "type=\"checkbox\" name=\"letter\" "
				    "value=\"%c\" checked><span>%s</span>"
				    "</label>\n",
				    kinds[i].letter, kinds[i].letter,
				    kinds[i].word);
	strbuf_addstr(out, "</fieldset>\n");
	if (page->is_drift && has_own(page->list))
		strbuf_addstr(out, "<label><input type=\"checkbox\" "
				   "id=\"own\">only the vendor's</label>\n");
	strbuf_addstr(out, "<button type=\"button\" id=\"leave\" hidden>"
			   "</button>\n"
			   "<button type=\"button\" id=\"open\">Open all"
			   "</button>\n"
			   "<button type=\"button\" id=\"close\">Close all"
			   "</button>\n"
			   "<p id=\"shown\" role=\"status\"></p>\n</form>\n");
}

static int add_files(const struct drift_page *page, struct strbuf *out,
		     struct err *err)
{
	size_t nr = page->list->nr;

	strbuf_addstr(out, "<section aria-label=\"Files\">\n");
	for (size_t i = 0; i < nr && i < DRIFT_PAGE_FILES; i++)
		if (drift_page_add_file(page, i, out, err) < 0)
			return err->code;
	if (nr > DRIFT_PAGE_FILES)
		strbuf_addf(out,
			    "<p class=\"note\">%zu more files differ; "
			    "<code>git drift</code> lists them all.</p>\n",
			    nr - DRIFT_PAGE_FILES);
	if (!nr)
		strbuf_addstr(out, "<p class=\"note\">Nothing differs.</p>\n");
	strbuf_addstr(out, "</section>\n</main>\n");
	return 0;
}

int drift_page_add(const struct drift_page *page, struct strbuf *out,
		   struct err *err)
{
	const struct page_asset script = drift_page_script();

	add_head(page, out);
	add_header(page, out);
	add_filters(page, out);
	strbuf_addstr(out, "<main>\n<nav aria-label=\"Directories\">\n"
			   "<details open><summary>Directories</summary>\n");
	drift_page_add_map(page->list, out);
	strbuf_addstr(out, "</details>\n</nav>\n");
	if (add_files(page, out, err) < 0)
		return err->code;
	strbuf_addstr(out, "<script>");
	strbuf_add(out, script.text, script.len);
	strbuf_addstr(out, "</script>\n</body>\n</html>\n");
	return 0;
}
