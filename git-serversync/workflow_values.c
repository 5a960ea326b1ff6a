#include "common/base/base.h"
#include "git-serversync/workflow_values.h"

#include "common/base/mem.h"
#include "common/text/quote.h"

#include <ctype.h>

#define BLANKS " \t\r\n"

const char *workflow_scalar(const yaml_node_t *node)
{
	return node && node->type == YAML_SCALAR_NODE
		       ? (const char *)node->data.scalar.value
		       : NULL;
}

static struct workflow_place place(const yaml_mark_t *mark)
{
	return (struct workflow_place){ mark->line, mark->column };
}

static unsigned int line_of(const yaml_node_t *node)
{
	return (unsigned int)node->start_mark.line + 1;
}

static bool add_word(struct workflow_reader *r, struct workflow_value *v,
		     const char *word, unsigned int line)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT, shown = STRBUF_INIT;
	const char *why = audited_path_check(word, &path);

	quote_text(&shown, word, strnlen(word, 200));
	if (why)
		return audit_gap_set(r->gap, r->text->file, line,
				     "the path '%s' of " GIT_ONLY_PATHS " %s",
				     shown.buf, why);
	if (v->paths.nr >= AUDITED_PATHS_MAX)
		return audit_gap_set(r->gap, r->text->file, line,
				     GIT_ONLY_PATHS " has too many paths");
	audited_paths_add(&v->paths, path.buf, r->text->file, line);
	return true;
}

/* Steps to the next word; false at the end of the text. */
static bool next_word(const char **p, struct strbuf *word)
{
	size_t len;

	*p += strspn(*p, BLANKS);
	len = strcspn(*p, BLANKS);
	strbuf_reset(word);
	strbuf_add(word, *p, len);
	*p += len;
	return len != 0;
}

static bool add_words(struct workflow_reader *r, struct workflow_value *v,
		      const char *text, unsigned int line)
{
	AUTO_STRBUF struct strbuf word = STRBUF_INIT;

	while (next_word(&text, &word))
		if (!add_word(r, v, word.buf, line))
			return false;
	return true;
}

/*
 * A block as it is written, as YAML joins the lines of ">" and comments could
 * not be told any more. That the words are those of the value is proven.
 */
static bool add_block(struct workflow_reader *r, struct workflow_value *v,
		      const char *value)
{
	AUTO_STRBUF struct strbuf word = STRBUF_INIT, other = STRBUF_INIT;
	size_t last = v->end.line + (v->end.column != 0);
	size_t from = workflow_offset(r->text, v->start.line + 1);

	for (size_t line = v->start.line + 1; line < last; line++) {
		AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
		size_t to = workflow_next_line(r->text, from);
		const char *p;
		bool comment;

		strbuf_add(&raw, r->text->data + from, to - from);
		p = raw.buf;
		comment = p[strspn(p, BLANKS)] == '#';
		while (next_word(&p, &word)) {
			if (!next_word(&value, &other) ||
			    strcmp(word.buf, other.buf) != 0)
				return audit_gap_set(r->gap, r->text->file,
						     (unsigned int)line + 1,
						     GIT_ONLY_PATHS
						     " is not readable here");
			if (!comment &&
			    !add_word(r, v, word.buf, (unsigned int)line + 1))
				return false;
		}
		from = to;
	}
	return !next_word(&value, &other) ||
	       audit_gap_set(r->gap, r->text->file,
			     (unsigned int)v->start.line + 1,
			     GIT_ONLY_PATHS " is not readable here");
}

static const char *refuse(struct workflow_reader *r, const yaml_node_t *node,
			  const char *why)
{
	audit_gap_set(r->gap, r->text->file, line_of(node),
		      "the value of " GIT_ONLY_PATHS " %s", why);
	return NULL;
}

/* A text that is what it says: no expression, no type of its own. */
static const char *get_text(struct workflow_reader *r, const yaml_node_t *node)
{
	const char *text = workflow_scalar(node);

	if (!text)
		return refuse(r, node, "is neither a text nor a list of texts");
	if (strstr(text, "${{"))
		return refuse(r, node, "has an expression in it");
	if (node->tag && strcmp((const char *)node->tag, YAML_STR_TAG) != 0)
		return refuse(r, node, "has a tag of its own");
	if (strlen(text) != node->data.scalar.length)
		return refuse(r, node, "has a NUL in it");
	return text;
}

static bool add_text(struct workflow_reader *r, struct workflow_value *v,
		     const yaml_node_t *node)
{
	const char *text = get_text(r, node);
	yaml_scalar_style_t style;

	if (!text)
		return false;
	style = node->data.scalar.style;
	v->empty = !*text;
	if (style == YAML_LITERAL_SCALAR_STYLE ||
	    style == YAML_FOLDED_SCALAR_STYLE) {
		v->style = WORKFLOW_BLOCK;
		return add_block(r, v, text);
	}
	v->style = style == YAML_PLAIN_SCALAR_STYLE ? WORKFLOW_PLAIN
						    : WORKFLOW_QUOTED;
	return add_words(r, v, text, line_of(node));
}

static bool add_list(struct workflow_reader *r, struct workflow_value *v,
		     const yaml_node_t *node)
{
	const yaml_node_item_t *item = node->data.sequence.items.start;

	v->style = node->data.sequence.style == YAML_FLOW_SEQUENCE_STYLE
			   ? WORKFLOW_FLOW
			   : WORKFLOW_LIST;
	v->empty = item == node->data.sequence.items.top;
	for (; item < node->data.sequence.items.top; item++) {
		const yaml_node_t *child = yaml_document_get_node(r->doc, *item);
		const char *text = get_text(r, child);

		if (!text || !add_word(r, v, text, line_of(child)))
			return false;
		v->last = place(&child->start_mark);
		v->last_end = place(&child->end_mark);
	}
	return true;
}

static bool same_paths(const struct audited_paths *a,
		       const struct audited_paths *b)
{
	size_t nr = 0;

	for (size_t i = 0; i < a->nr; i++)
		for (size_t j = 0; j < b->nr; j++)
			nr += !strcmp(a->v[i].path, b->v[j].path);
	return nr == a->nr && nr == b->nr;
}

bool workflow_add_value(struct workflow_reader *r, const yaml_node_t *key,
			const yaml_node_t *value)
{
	struct workflow_paths *out = r->out;
	struct workflow_value *v;
	bool read;

	/* Reached in two ways, through an alias. */
	for (size_t i = 0; i < out->nr; i++)
		if (out->v[i].start.line == value->start_mark.line &&
		    out->v[i].start.column == value->start_mark.column)
			return true;
	ALLOC_GROW(out->v, out->nr + 1, out->alloc);
	v = &out->v[out->nr++];
	*v = (struct workflow_value){ .key = place(&key->start_mark),
				      .start = place(&value->start_mark),
				      .end = place(&value->end_mark) };
	if (value->type == YAML_SEQUENCE_NODE)
		read = add_list(r, v, value);
	else
		read = add_text(r, v, value);
	if (!read)
		return false;
	if (!same_paths(&out->v[0].paths, &v->paths))
		return audit_gap_set(r->gap, r->text->file, line_of(key),
				     GIT_ONLY_PATHS
				     " is not the same here as in line %zu",
				     out->v[0].key.line + 1);
	return true;
}

/* Scripts. */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* "read X", "unset X", "read -r X": the word in front of a name. */
static bool changes_next(const char *text, const char *name)
{
	static const char *const words[] = { "read",	"unset",     "mapfile",
					     "-r",	"readarray", "-v",
					     "-a",	"-t",	     "for",
					     "declare", "local" };
	const char *end = name, *start;

	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	start = end;
	while (start > text && (is_word(start[-1]) || start[-1] == '-'))
		start--;
	for (size_t i = 0; end < name && i < ARRAY_SIZE(words); i++)
		if ((size_t)(end - start) == strlen(words[i]) &&
		    !memcmp(start, words[i], strlen(words[i])))
			return true;
	return false;
}

/* Does a script change the variable, here or for the steps behind it? */
static bool assigns(const char *text)
{
	const char *p = text;

	for (; (p = strstr(p, GIT_ONLY_PATHS)); p++) {
		const char *behind = p + strlen(GIT_ONLY_PATHS);

		if (p > text && is_word(p[-1]))
			continue;
		if (behind[0] == '=' || !strncmp(behind, "+=", 2) ||
		    !strncmp(behind, "<<", 2) || behind[0] == '[' ||
		    changes_next(text, p))
			return true;
	}
	return false;
}

bool workflow_check_scripts(struct workflow_reader *r)
{
	const yaml_node_t *node = r->doc->nodes.start;

	for (; node < r->doc->nodes.top; node++)
		if (workflow_scalar(node) && assigns(workflow_scalar(node)))
			return audit_gap_set(r->gap, r->text->file, line_of(node),
					     "a script gives " GIT_ONLY_PATHS
					     " another value");
	return true;
}
