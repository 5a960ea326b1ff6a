#ifndef MARKDOWN_INERT_H
#define MARKDOWN_INERT_H

#include "common/base/strbuf.h"

/*
 * Names and words from outside in a text that a forge renders as Markdown,
 * with nothing in them that becomes active: no markup, HTML, link, mention
 * (@somebody), reference (#1, !1, a commit's id), quick action or column of a
 * table, on GitHub, GitLab, Bitbucket or Gitea. Escaping cannot do that, since
 * mentions and references are looked for in what was rendered; in code they are
 * not. Both stay on one line, and may stand in a cell of a table.
 */

/*
 * A name as code: between backticks as it is or, when a byte of it would be
 * lost, hidden or end it, in double quotes as quote_path_undo() reads them,
 * in printable ASCII.
 */
void markdown_name(struct strbuf *out, const char *name, size_t len);

/*
 * Words as they are when there is nothing but words in them, else as code like
 * a name. From MARKDOWN_WORDS_MAX bytes on they are cut, with "..." behind.
 */
#define MARKDOWN_WORDS_MAX 300
void markdown_words(struct strbuf *out, const char *text, size_t len);

#endif
