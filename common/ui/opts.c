#include "common/base/base.h"
#include "common/base/num.h"
#include "common/ui/opts.h"
#include "common/ui/opts_usage.h"
#include "common/ui/report.h"

struct parser {
	const struct opt *opts;
	const char *const *usage;
	char **argv;
	int argc;
	int in; /* the argument being looked at */
};

/* One option as it was written. */
struct given {
	const struct opt *o;
	bool unset;	   /* the --no- form */
	const char *value; /* behind "=" or stuck to the switch, or NULL */
	const char *name;  /* in full, with its dashes */
};

int opts_exit_status(enum opts_result parsed)
{
	return parsed == OPTS_DONE ? 0 : (int)parsed;
}

static bool takes_value(const struct opt *o)
{
	switch (o->type) {
	case OPT_T_BOOL:
	case OPT_T_VERBOSITY: return false;
	case OPT_T_CALLBACK: return !(o->flags & OPT_F_NOARG);
	default: return true;
	}
}

static bool is_option(const struct opt *o)
{
	return o->type != OPT_T_GROUP && o->type != OPT_T_SUBCMD;
}

/* A wrong value: one line, since the usage would not say more. */
static int complain(const struct given *g, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
static int complain(const struct given *g, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	report_error("option '%s' %s", g->name, text.buf);
	return -1;
}

static int take_callback(const struct given *g, const char *value)
{
	AUTO_ERR struct err err = ERR_INIT;

	if (g->o->take(g->o, value, g->unset, &err) < 0)
		return complain(g, "%s", err.msg.buf);
	return 0;
}

static bool has_negation(const struct opt *o)
{
	switch (o->type) {
	case OPT_T_U64:
	case OPT_T_DURATION:
	case OPT_T_VERBOSITY: return false;
	default: return !(o->flags & OPT_F_NONEG);
	}
}

/* An option without a value, and the --no- form of any. */
static int take_switch(const struct given *g)
{
	const struct opt *o = g->o;

	switch (o->type) {
	case OPT_T_BOOL: *(bool *)o->value = !g->unset; return 0;
	case OPT_T_VERBOSITY:
		*(int *)o->value += o->flags & OPT_F_DOWN ? -1 : 1;
		return 0;
	case OPT_T_CALLBACK: return take_callback(g, NULL);
	case OPT_T_LIST: strvec_release(o->value); return 0;
	default: *(const char **)o->value = NULL; return 0;
	}
}

static int take_value(const struct given *g, const char *value)
{
	const struct opt *o = g->o;

	switch (o->type) {
	case OPT_T_U64:
		if (num_parse_u64(value, strlen(value), o->value) < 0)
			return complain(g, "needs a number, not '%s'", value);
		return 0;
	case OPT_T_DURATION:
		if (num_parse_duration(value, o->value) < 0)
			return complain(g,
					"needs a time such as 90s, 10m or "
					"2h, not '%s'",
					value);
		return 0;
	case OPT_T_CALLBACK: return take_callback(g, value);
	case OPT_T_LIST: strvec_push(o->value, value); return 0;
	default: *(const char **)o->value = value; return 0;
	}
}

static bool takes_next(const struct parser *p, const struct opt *o)
{
	if (p->in + 1 >= p->argc)
		return false;
	if (o->type != OPT_T_OPTIONAL)
		return true;
	return o->flags & OPT_F_NEXT && p->argv[p->in + 1][0] != '-';
}

/* Finds the value, if there must be one, and stores it. */
static int take_given(struct parser *p, const struct given *g)
{
	const char *value = g->value;

	if (g->unset || !takes_value(g->o))
		return value ? complain(g, "takes no value") : take_switch(g);
	if (!value && takes_next(p, g->o))
		value = p->argv[++p->in];
	else if (!value && g->o->type == OPT_T_OPTIONAL)
		value = g->o->bare;
	return value ? take_value(g, value) : complain(g, "needs a value");
}

/* Whether the written name is, or begins, this form of an option's name. */
enum match { MATCH_NONE, MATCH_PREFIX, MATCH_EXACT };

static enum match match_name(const char *form, const char *name, size_t len)
{
	if (strncmp(form, name, len))
		return MATCH_NONE;
	return form[len] ? MATCH_PREFIX : MATCH_EXACT;
}

/* "no-" + name, or for a name that begins with it, the name without it. */
static void negated_form(const struct opt *o, struct strbuf *out)
{
	strbuf_reset(out);
	if (!strncmp(o->long_name, "no-", 3))
		strbuf_addstr(out, o->long_name + 3);
	else
		strbuf_addf(out, "no-%s", o->long_name);
}

/* Collects what a written name may mean while the table is read. */
struct candidates {
	const struct opt *o;
	bool unset;
	bool exact;
	struct strbuf form;
	struct strbuf other; /* a second one: ambiguous */
};

static void candidates_release(struct candidates *c)
{
	strbuf_release(&c->form);
	strbuf_release(&c->other);
}

static void candidate(struct candidates *c, const struct opt *o, bool unset,
		      const char *form, enum match m)
{
	if (m == MATCH_NONE || c->exact)
		return;
	if (m == MATCH_PREFIX && o->flags & OPT_F_HIDDEN &&
	    !(o->flags & OPT_F_SOON && !c->o))
		return;
	if (m == MATCH_EXACT || !c->o || c->o->flags & OPT_F_SOON) {
		c->o = o;
		c->unset = unset;
		c->exact = m == MATCH_EXACT;
		strbuf_reset(&c->form);
		strbuf_addstr(&c->form, form);
	} else if (!c->other.len) {
		strbuf_addstr(&c->other, form);
	}
}

static void find_long(const struct opt *o, const char *name, size_t len,
		      struct candidates *c)
{
	AUTO_STRBUF struct strbuf negated = STRBUF_INIT;

	for (; o->type != OPT_T_END; o++) {
		if (!is_option(o) || !o->long_name)
			continue;
		candidate(c, o, false, o->long_name,
			  match_name(o->long_name, name, len));
		if (!has_negation(o))
			continue;
		negated_form(o, &negated);
		candidate(c, o, true, negated.buf,
			  match_name(negated.buf, name, len));
	}
}

static enum opts_result parse_long(struct parser *p, const char *name)
{
	CLEANUP(candidates_release)
	struct candidates c = { .form = STRBUF_INIT, .other = STRBUF_INIT };
	AUTO_STRBUF struct strbuf full = STRBUF_INIT;
	size_t len = strcspn(name, "=");
	struct given g = { 0 };

	if (len)
		find_long(p->opts, name, len, &c);
	if (!c.o)
		return opts_usage_error(p->usage, p->opts,
					"unknown option '--%.*s'", (int)len,
					name);
	if (!c.exact && c.other.len)
		return opts_usage_error(
			p->usage, p->opts,
			"ambiguous option '--%.*s' (could be --%s or --%s)",
			(int)len, name, c.form.buf, c.other.buf);
	strbuf_addf(&full, "--%s", c.form.buf);
	if (c.o->flags & OPT_F_SOON) {
		report_fatal("option '%s' is not available yet", full.buf);
		return OPTS_SOON;
	}
	g.o = c.o;
	g.unset = c.unset;
	g.value = name[len] ? name + len + 1 : NULL;
	g.name = full.buf;
	return take_given(p, &g) < 0 ? OPTS_USAGE : OPTS_OK;
}

static const struct opt *find_short(const struct opt *o, char c)
{
	for (; o->type != OPT_T_END; o++)
		if (is_option(o) && o->short_name && o->short_name == c)
			return o;
	return NULL;
}

static enum opts_result print_words(const struct parser *p)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	opts_words(p->opts, &out);
	puts(out.buf);
	return OPTS_DONE;
}

static enum opts_result print_help(const struct parser *p)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	opts_add_usage(&out, p->opts, p->usage);
	fputs(out.buf, stdout);
	return OPTS_DONE;
}

/* "-nvk5": switches joined, the last one perhaps with its value. */
static enum opts_result parse_short(struct parser *p, const char *s)
{
	for (; *s; s++) {
		const char name[] = { '-', *s, '\0' };
		struct given g = { .o = find_short(p->opts, *s), .name = name };

		if (!g.o && *s == 'h')
			return print_help(p);
		if (!g.o)
			return opts_usage_error(p->usage, p->opts,
						"unknown switch '%.1s'", s);
		if (takes_value(g.o) && s[1])
			g.value = s + 1;
		if (take_given(p, &g) < 0)
			return OPTS_USAGE;
		if (g.value)
			break;
	}
	return OPTS_OK;
}

static enum opts_result parse_option(struct parser *p)
{
	const char *arg = p->argv[p->in];

	if (arg[1] != '-')
		return parse_short(p, arg + 1);
	/* git itself answers "git x --help", but not "git x y --help". */
	if (!strcmp(arg, "--help"))
		return print_help(p);
	if (!strcmp(arg, "--git-completion-helper"))
		return print_words(p);
	return parse_long(p, arg + 2);
}

/* False when the table has no subcommands. */
static bool pick_subcmd(const struct parser *p, enum opts_result *res)
{
	const char *word = p->argv[p->in];
	bool any = false;

	for (const struct opt *o = p->opts; o->type != OPT_T_END; o++) {
		if (o->type != OPT_T_SUBCMD)
			continue;
		any = true;
		if (strcmp(o->long_name, word))
			continue;
		*(opt_fn **)o->value = o->fn;
		*res = OPTS_OK;
		return true;
	}
	if (any)
		*res = opts_usage_error(p->usage, p->opts,
					"unknown subcommand '%s'", word);
	return any;
}

enum opts_result opts_parse(int *argc, char **argv, const struct opt *opts,
			    const char *const *usage)
{
	struct parser p = {
		.opts = opts, .usage = usage, .argv = argv, .argc = *argc
	};
	enum opts_result res;
	int out = 0;

	for (p.in = 1; p.in < p.argc; p.in++) {
		const char *arg = argv[p.in];

		if (!strcmp(arg, "--")) {
			p.in++;
			break;
		}
		if (arg[0] == '-' && arg[1]) {
			res = parse_option(&p);
			if (res)
				return res;
			continue;
		}
		if (!out && pick_subcmd(&p, &res)) {
			if (res)
				return res;
			break;
		}
		argv[out++] = argv[p.in];
	}
	while (p.in < p.argc)
		argv[out++] = argv[p.in++];
	argv[out] = NULL;
	*argc = out;
	return OPTS_OK;
}
