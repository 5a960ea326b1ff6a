#include "common/base/base.h"
#include "common/text/attribute_rules.h"

#include "common/base/mem.h"
#include "common/text/quote.h"

#define BLANK	   " \t\r\n"
#define LENGTH_MAX 2048 /* git's ATTR_MAX_LINE_LENGTH */
#define MACRO	   "[attr]"

static void line_release(struct attribute_line *line)
{
	path_pattern_release(&line->pattern);
	free(line->v);
}

void attribute_rules_release(struct attribute_rules *r)
{
	for (size_t i = 0; i < r->nr; i++) {
		for (size_t j = 0; j < r->files[i].nr; j++)
			line_release(&r->files[i].v[j]);
		free(r->files[i].v);
		free(r->files[i].dir);
	}
	free(r->files);
	strvec_release(&r->names);
	memset(r, 0, sizeof(*r));
}

/* Reading, as git's attr.c does it. */

static bool valid_name(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
			    "yz"
			    "0123456789-._",
			    s[i]))
			return false;
	return len && *s != '-';
}

/* Where the name stands in the list, which gets it; SIZE_MAX when it is full. */
static size_t intern(struct attribute_rules *r, const char *s, size_t len)
{
	AUTO_FREE char *name = xstrndup(s, len);

	for (size_t i = 0; i < r->names.nr; i++)
		if (!strcmp(r->names.v[i], name))
			return i;
	if (r->names.nr == ATTRIBUTE_NAMES_MAX) {
		r->too_many = true;
		return SIZE_MAX;
	}
	strvec_push(&r->names, name);
	return r->names.nr - 1;
}

/* One word behind the pattern; false when git would not take the line. */
static bool add_state(struct attribute_rules *r, struct attribute_line *line,
		      const char *word, size_t len)
{
	const char *equals = memchr(word, '=', len);
	bool off = *word == '-' || *word == '!';
	size_t name;

	if (equals)
		len = (size_t)(equals - word);
	word += off;
	len -= off;
	if (!valid_name(word, len))
		return false;
	name = intern(r, word, len);
	if (name == SIZE_MAX)
		return true;
	ALLOC_GROW(line->v, line->nr + 1, line->alloc);
	line->v[line->nr++] =
		(struct attribute_state){ .name = name, .set = !off && !equals };
	return true;
}

static bool add_states(struct attribute_rules *r, struct attribute_line *line,
		       const char *s)
{
	while (*(s += strspn(s, BLANK))) {
		size_t len = strcspn(s, BLANK);

		if (!add_state(r, line, s, len))
			return false;
		s += len;
	}
	return true;
}

/* The length of what stands in quotes; 0 when it is not quoted. */
static size_t quoted_length(const char *s)
{
	size_t i = 1;

	if (*s != '"')
		return 0;
	while (s[i] && s[i] != '"')
		i += s[i] == '\\' && s[i + 1] ? 2 : 1;
	return s[i] ? i + 1 : 0;
}

/* The pattern or macro that a line begins with; NULL when there is none. */
static const char *read_subject(const char *s, struct strbuf *out)
{
	size_t len = quoted_length(s);

	if (!len || quote_path_undo(s, len, out) < 0) {
		len = strcspn(s, BLANK);
		strbuf_add(out, s, len);
	}
	return s + len;
}

static void add_line(struct attribute_rules *r, struct attribute_file *file,
		     const char *text)
{
	const char *s = text + strspn(text, BLANK), *name;
	struct attribute_line line = { .pattern = { .text = NULL } };
	AUTO_STRBUF struct strbuf subject = STRBUF_INIT;
	size_t macro = SIZE_MAX;
	bool good;

	if (!*s || *s == '#' || strlen(text) >= LENGTH_MAX)
		return;
	s = read_subject(s, &subject);
	name = subject.buf + strlen(MACRO);
	if (subject.len > strlen(MACRO) &&
	    !strncmp(subject.buf, MACRO, strlen(MACRO))) {
		name += strspn(name, BLANK);
		good = !*file->dir && valid_name(name, strcspn(name, BLANK));
		if (good)
			macro = intern(r, name, strcspn(name, BLANK));
		good = macro != SIZE_MAX;
	} else {
		good = path_pattern_parse(&line.pattern, subject.buf,
					  subject.len) &&
		       !line.pattern.negated;
	}
	if (!good || !add_states(r, &line, s)) {
		line_release(&line);
		return;
	}
	ALLOC_GROW(file->v, file->nr + 1, file->alloc);
	file->v[file->nr++] = line;
	if (macro != SIZE_MAX)
		r->macro[macro] = file->nr;
}

/* Behind all that are not deeper. */
static struct attribute_file *new_file(struct attribute_rules *r, const char *dir)
{
	size_t at = r->nr;

	ALLOC_GROW(r->files, r->nr + 1, r->alloc);
	for (; at > 0 && strlen(r->files[at - 1].dir) > strlen(dir); at--)
		r->files[at] = r->files[at - 1];
	r->nr++;
	r->files[at] = (struct attribute_file){ .dir = xstrdup(dir) };
	return &r->files[at];
}

void attribute_rules_add(struct attribute_rules *r, const char *dir,
			 const char *text, size_t len)
{
	struct attribute_file *file = new_file(r, dir);
	AUTO_FREE char *copy = xstrndup(text, strnlen(text, len));
	char *line = copy;

	while (*line) {
		char *end = strchrnul(line, '\n');
		bool more = *end;

		*end = '\0';
		add_line(r, file, line);
		line = end + more;
	}
}

/* Asking. */

enum known { UNKNOWN, NOT_SET, SET };

/* What was not said by a line that goes before this one. */
static void take_line(const struct attribute_rules *r,
		      const struct attribute_line *line, enum known *values)
{
	for (size_t i = line->nr; i > 0; i--) {
		const struct attribute_state *s = &line->v[i - 1];
		size_t macro = r->macro[s->name];

		if (values[s->name] != UNKNOWN)
			continue;
		values[s->name] = s->set ? SET : NOT_SET;
		if (s->set && macro)
			take_line(r, &r->files[0].v[macro - 1], values);
	}
}

static bool is_below(const char *dir, const struct path_part *part, size_t *below)
{
	size_t len = strlen(dir);

	*below = len + (len > 0);
	return !len || (part->name > len && part->path[len] == '/' &&
			!memcmp(part->path, dir, len));
}

bool attribute_rules_set(const struct attribute_rules *r, const char *name,
			 const struct path_part *part)
{
	AUTO_FREE enum known *values = NULL;
	size_t want = 0, below;

	while (want < r->names.nr && strcmp(r->names.v[want], name) != 0)
		want++;
	if (want == r->names.nr)
		return false;
	values = xcalloc(r->names.nr, sizeof(*values));
	for (size_t i = r->nr; i > 0; i--) {
		const struct attribute_file *file = &r->files[i - 1];

		if (!is_below(file->dir, part, &below))
			continue;
		for (size_t j = file->nr; j > 0 && !values[want]; j--) {
			const struct attribute_line *line = &file->v[j - 1];

			if (line->pattern.text &&
			    path_pattern_match(&line->pattern, part, below))
				take_line(r, line, values);
		}
	}
	return values[want] == SET;
}
