#include "common/base/base.h"
#include "git-serversync/workflow_values.h"

#include "common/base/mem.h"
#include "common/text/quote.h"

#define BRACKETS_MAX 200

void workflow_paths_release(struct workflow_paths *w)
{
	while (w->nr)
		audited_paths_release(&w->v[--w->nr].paths);
	free(w->v);
	*w = (struct workflow_paths)WORKFLOW_PATHS_INIT;
}

/* How many bytes of a line end are here; YAML 1.1 has five of them. */
static size_t line_end(const char *p, size_t len)
{
	if (len > 1 && p[0] == '\r' && p[1] == '\n')
		return 2;
	if (p[0] == '\n' || p[0] == '\r')
		return 1;
	if (len > 1 && !memcmp(p, "\xc2\x85", 2))
		return 2;
	if (len > 2 &&
	    (!memcmp(p, "\xe2\x80\xa8", 3) || !memcmp(p, "\xe2\x80\xa9", 3)))
		return 3;
	return 0;
}

size_t workflow_next_line(const struct workflow_text *text, size_t at)
{
	while (at < text->len) {
		size_t end = line_end(text->data + at, text->len - at);

		at += end ? end : 1;
		if (end)
			break;
	}
	return at;
}

size_t workflow_offset(const struct workflow_text *text, size_t line)
{
	size_t at = 0;

	for (; line && at < text->len; line--)
		at = workflow_next_line(text, at);
	return at;
}

struct key_place {
	const char *name;
	size_t line;
};

static int by_name(const void *a, const void *b)
{
	const struct key_place *x = a, *y = b;
	int ret = strcmp(x->name, y->name);

	return ret ? ret : (x->line > y->line) - (x->line < y->line);
}

/* Which of two counts is up to who reads it. */
static int check_keys(const struct workflow_reader *r, const yaml_node_t *node,
		      struct err *err)
{
	const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	size_t nr = (size_t)(node->data.mapping.pairs.top - pair), used = 0;
	AUTO_FREE struct key_place *keys = xcalloc(nr + 1, sizeof(*keys));

	for (; pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *key =
			yaml_document_get_node(r->doc, pair->key);

		if (workflow_scalar(key))
			keys[used++] = (struct key_place){ workflow_scalar(key),
							   key->start_mark.line };
	}
	qsort(keys, used, sizeof(*keys), by_name);
	for (size_t i = 1; i < used; i++) {
		AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

		if (strcmp(keys[i - 1].name, keys[i].name) != 0)
			continue;
		quote_text(&shown, keys[i].name, strnlen(keys[i].name, 80));
		return err_set(err, ERR_FAILED,
			       "%s:%zu: '%s' is there already, in line %zu",
			       r->text->file, keys[i].line + 1, shown.buf,
			       keys[i - 1].line + 1);
	}
	return 0;
}

static int check_all_keys(const struct workflow_reader *r, struct err *err)
{
	const yaml_node_t *node = r->doc->nodes.start;

	for (; node < r->doc->nodes.top; node++)
		if (node->type == YAML_MAPPING_NODE &&
		    check_keys(r, node, err) < 0)
			return err->code;
	return 0;
}

/* The value of a key, and the key's own node; NULL when there is none. */
static yaml_node_t *get(const struct workflow_reader *r, const yaml_node_t *node,
			const char *name, yaml_node_t **at)
{
	const yaml_node_pair_t *pair;

	if (!node || node->type != YAML_MAPPING_NODE)
		return NULL;
	for (pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = yaml_document_get_node(r->doc, pair->key);

		if (!workflow_scalar(key) ||
		    strcmp(workflow_scalar(key), name) != 0)
			continue;
		if (at)
			*at = key;
		return yaml_document_get_node(r->doc, pair->value);
	}
	return NULL;
}

/* What "owner" has as "env". */
static bool read_env(struct workflow_reader *r, const yaml_node_t *owner)
{
	yaml_node_t *env = get(r, owner, "env", NULL), *key = NULL, *value;
	bool unclear;

	if (!env)
		return true;
	unclear = workflow_scalar(env) && strstr(workflow_scalar(env), "${{");
	if (unclear || get(r, env, "<<", NULL))
		return audit_gap_set(
			r->gap, r->text->file,
			(unsigned int)env->start_mark.line + 1,
			"what is in this 'env' is not written out");
	value = get(r, env, GIT_ONLY_PATHS, &key);
	return !value || workflow_add_value(r, key, value);
}

static bool read_steps(struct workflow_reader *r, const yaml_node_t *steps)
{
	const yaml_node_item_t *item;

	if (!steps || steps->type != YAML_SEQUENCE_NODE)
		return true;
	for (item = steps->data.sequence.items.start;
	     item < steps->data.sequence.items.top; item++)
		if (!read_env(r, yaml_document_get_node(r->doc, *item)))
			return false;
	return true;
}

static bool read_services(struct workflow_reader *r, const yaml_node_t *services)
{
	const yaml_node_pair_t *pair;

	if (!services || services->type != YAML_MAPPING_NODE)
		return true;
	for (pair = services->data.mapping.pairs.start;
	     pair < services->data.mapping.pairs.top; pair++)
		if (!read_env(r, yaml_document_get_node(r->doc, pair->value)))
			return false;
	return true;
}

/* An alias may name the same steps for many jobs: each is read once. */
static bool read_job(struct workflow_reader *r, const yaml_node_t *job,
		     struct strbuf *seen)
{
	const yaml_node_t *parts[] = { get(r, job, "steps", NULL),
				       get(r, job, "services", NULL) };
	bool first[ARRAY_SIZE(parts)] = { false, false };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!parts[i])
			continue;
		first[i] = !seen->buf[parts[i] - r->doc->nodes.start];
		seen->buf[parts[i] - r->doc->nodes.start] = 1;
	}
	return read_env(r, job) && read_env(r, get(r, job, "container", NULL)) &&
	       (!first[0] || read_steps(r, parts[0])) &&
	       (!first[1] || read_services(r, parts[1]));
}

static void read_workflow(struct workflow_reader *r, const yaml_node_t *root)
{
	AUTO_STRBUF struct strbuf seen = STRBUF_INIT;
	yaml_node_t *key = NULL, *jobs = get(r, root, "jobs", &key);
	const yaml_node_pair_t *pair;

	for (const yaml_node_t *n = r->doc->nodes.start; n < r->doc->nodes.top;
	     n++)
		strbuf_addch(&seen, 0);
	r->out->has_env = get(r, root, "env", NULL) != NULL;
	if (key) {
		r->out->has_jobs = true;
		r->out->jobs.line = key->start_mark.line;
		r->out->jobs.column = key->start_mark.column;
	}
	if (!read_env(r, root) || !workflow_check_scripts(r) || !jobs ||
	    jobs->type != YAML_MAPPING_NODE)
		return;
	for (pair = jobs->data.mapping.pairs.start;
	     pair < jobs->data.mapping.pairs.top; pair++)
		if (!read_job(r, yaml_document_get_node(r->doc, pair->value),
			      &seen))
			return;
}

static int yaml_err(const yaml_parser_t *parser, const char *file, struct err *err)
{
	bool reader = parser->error == YAML_READER_ERROR;
	size_t line = reader ? parser->mark.line : parser->problem_mark.line;

	return err_set(err, ERR_FAILED, "%s:%zu: not YAML: %s", file, line + 1,
		       parser->problem ? parser->problem : "not readable");
}

static int read_document(yaml_parser_t *parser, struct workflow_reader *r,
			 struct err *err)
{
	yaml_document_t more;
	yaml_node_t *root;
	int ret = 0;

	if (!yaml_parser_load(parser, r->doc))
		return yaml_err(parser, r->text->file, err);
	root = yaml_document_get_root_node(r->doc);
	if (!root || root->type != YAML_MAPPING_NODE)
		ret = err_set(err, ERR_FAILED, "%s:1: this is no workflow",
			      r->text->file);
	if (!ret)
		ret = check_all_keys(r, err);
	if (!ret)
		read_workflow(r, root);
	yaml_document_delete(r->doc);
	if (ret < 0 || r->gap->why.len)
		return ret;
	if (!yaml_parser_load(parser, &more))
		return yaml_err(parser, r->text->file, err);
	root = yaml_document_get_root_node(&more);
	if (root)
		ret = err_set(err, ERR_FAILED,
			      "%s:%zu: there is a second document in this file",
			      r->text->file, root->start_mark.line + 1);
	yaml_document_delete(&more);
	return ret;
}

/*
 * libyaml takes time by the square of the depth. Brackets in scripts and texts
 * count, too: no workflow has so many that are open.
 */
static int check_depth(const struct workflow_text *text, struct err *err)
{
	size_t deep = 0, line = 1;

	for (size_t i = 0; i < text->len; i++) {
		char c = text->data[i];

		line += c == '\n';
		if (c == '[' || c == '{')
			deep++;
		else if ((c == ']' || c == '}') && deep)
			deep--;
		if (deep > BRACKETS_MAX)
			return err_set(err, ERR_FAILED,
				       "%s:%zu: brackets are nested too deeply",
				       text->file, line);
	}
	return 0;
}

int workflow_paths_read(const struct workflow_text *text,
			struct workflow_paths *out, struct audit_gap *gap,
			struct err *err)
{
	yaml_document_t doc;
	struct workflow_reader r = {
		.text = text, .doc = &doc, .out = out, .gap = gap
	};
	yaml_parser_t parser;
	int ret = check_depth(text, err);

	if (ret < 0)
		return ret;
	if (!yaml_parser_initialize(&parser))
		mem_exhausted();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text->data,
				     text->len);
	ret = read_document(&parser, &r, err);
	yaml_parser_delete(&parser);
	return ret;
}
