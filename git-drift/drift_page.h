#ifndef DRIFT_PAGE_H
#define DRIFT_PAGE_H

#include "git-drift/drift_list.h"

/*
 * A list of changes as one page for a browser: HTML with its style and script
 * inside, and a Content-Security-Policy that lets nothing else be loaded or
 * run. Without scripts everything is there to be read: <details> open by
 * themselves, the directories lead to their files; the script adds filters.
 *
 * All text from the repository goes through page_add_text(). What would make
 * the page too large is left out, with a note in its place. The same list
 * gives the same bytes.
 */
#define DRIFT_PAGE_LINES    2000u      /* of one file's changes */
#define DRIFT_PAGE_LINE_MAX 2000u      /* bytes of a line */
#define DRIFT_PAGE_BYTES    (8u << 20) /* then only names are added */
#define DRIFT_PAGE_FILES    10000u
#define DRIFT_PAGE_OPEN	    5u /* so few files are open from the start */
#define DRIFT_PAGE_DIRS	    2000u

struct drift_page {
	git_repository *repo;
	const struct drift_list *list; /* with its lines counted */
	const char *old_name, *new_name;
	bool is_drift; /* else between two environments */
};

int drift_page_add(const struct drift_page *page, struct strbuf *out,
		   struct err *err) MUST_CHECK;

/* Of drift_page_add(): the tree of directories, and one file's changes. */
void drift_page_add_map(const struct drift_list *list, struct strbuf *out);
int drift_page_add_file(const struct drift_page *page, size_t index,
			struct strbuf *out, struct err *err) MUST_CHECK;

/* What is put into it: drift_page.css and drift_page.js. */
struct page_asset {
	const char *text;
	size_t len;
};
struct page_asset drift_page_style(void);
struct page_asset drift_page_script(void);

#endif
