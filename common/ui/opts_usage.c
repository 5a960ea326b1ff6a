#include "common/base/base.h"
#include "common/ui/opts.h"
#include "common/ui/opts_usage.h"
#include "common/ui/report.h"
#include "common/ui/screen.h"

/* Help texts start in one column, unless the left side is longer than this. */
#define LEFT_MAX 34

static void add_arg(struct strbuf *out, const struct opt *o)
{
	bool optional = o->type == OPT_T_OPTIONAL;
	/* "<path>=<reason>" says how it is written by itself. */
	bool literal = o->argh && strpbrk(o->argh, "()<>[]|");

	if (!o->argh)
		return;
	if (optional && o->flags & OPT_F_NEXT)
		strbuf_addstr(out, " [");
	else
		strbuf_addstr(out, !optional ? " " : o->long_name ? "[=" : "[");
	strbuf_addf(out, literal ? "%s" : "<%s>", o->argh);
	if (optional)
		strbuf_addch(out, ']');
}

static void add_left(struct strbuf *out, const struct opt *o)
{
	strbuf_addstr(out, "    ");
	if (o->type == OPT_T_SUBCMD) {
		strbuf_addstr(out, o->long_name);
		return;
	}
	if (o->short_name)
		strbuf_addf(out, "-%c", o->short_name);
	if (o->long_name)
		strbuf_addf(out, "%s--%s", o->short_name ? ", " : "",
			    o->long_name);
	add_arg(out, o);
}

static bool is_listed(const struct opt *o)
{
	return o->type != OPT_T_GROUP && !(o->flags & OPT_F_HIDDEN);
}

static size_t left_column(const struct opt *o)
{
	size_t column = 0;

	for (; o->type != OPT_T_END; o++) {
		AUTO_STRBUF struct strbuf left = STRBUF_INIT;

		if (!is_listed(o))
			continue;
		add_left(&left, o);
		if (left.len > column && left.len <= LEFT_MAX)
			column = left.len;
	}
	return column + 2;
}

void opts_add_usage(struct strbuf *out, const struct opt *o,
		    const char *const *usage)
{
	size_t column = left_column(o);
	const char *lead = "usage:";

	for (; *usage && **usage; usage++, lead = "   or:")
		strbuf_addf(out, "%s %s\n", lead, *usage);
	for (; *usage; usage++)
		strbuf_addf(out, "%s\n", *usage);
	if (o->type != OPT_T_END && o->type != OPT_T_GROUP)
		strbuf_addch(out, '\n');
	for (; o->type != OPT_T_END; o++) {
		size_t start = out->len;

		if (o->type == OPT_T_GROUP)
			strbuf_addf(out, "\n%s\n", o->help);
		if (!is_listed(o))
			continue;
		add_left(out, o);
		strbuf_addstr(out, "  ");
		screen_pad(out, out->len - start, column);
		strbuf_addf(out, "%s\n", o->help);
	}
}

void opts_words(const struct opt *o, struct strbuf *out)
{
	for (; o->type != OPT_T_END; o++) {
		if (!is_listed(o) || !o->long_name)
			continue;
		if (out->len)
			strbuf_addch(out, ' ');
		if (o->type == OPT_T_SUBCMD)
			strbuf_addstr(out, o->long_name);
		else
			strbuf_addf(out, "--%s%s", o->long_name,
				    o->argh && o->type != OPT_T_OPTIONAL ? "="
									 : "");
	}
}

enum opts_result opts_usage_error(const char *const *usage,
				  const struct opt *opts, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf msg = STRBUF_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&msg, fmt, ap);
	va_end(ap);
	report_error("%s", msg.buf);
	opts_add_usage(&text, opts, usage);
	fputs(text.buf, stderr);
	return OPTS_USAGE;
}
