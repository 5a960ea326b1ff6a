#ifndef OPTS_H
#define OPTS_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/*
 * Table-driven options in the manner of git's parse-options. One table drives
 * parsing, "-h" and "--git-completion-helper", and tests/lint/mansync.sh holds
 * the manual to it, so the four cannot disagree:
 *
 *	bool dry_run = false;
 *	const char *to = NULL;
 *	const struct opt options[] = {
 *		OPT_BOOL('n', "dry-run", &dry_run, "show what would be done"),
 *		OPT_STRING(0, "to", &to, "env", "the environment"),
 *		OPT_END()
 *	};
 *	enum opts_result parsed = opts_parse(&argc, argv, options, usage);
 *
 *	if (parsed)
 *		return opts_exit_status(parsed);
 *
 * Long names may be shortened while they stay unambiguous; every option but
 * numbers and counters has a "--no-" form that puts it back to "not given"
 * (an option whose name begins with "no-" loses the "no-" instead); short
 * switches may be joined ("-nv"); options and operands may be mixed; "--" ends
 * the options. The last of several wins.
 *
 * What is announced and not built yet is OPT_SOON(): not shown, and refused
 * in other words than a typing error, as soon as it is met. Where it and an
 * option that works may be meant by a shortened name, that one is.
 */
enum opt_type {
	OPT_T_END,
	OPT_T_GROUP,
	OPT_T_BOOL,	 /* bool * */
	OPT_T_STRING,	 /* const char **, borrowed from argv */
	OPT_T_OPTIONAL,	 /* const char **, value only as --name=<value> */
	OPT_T_U64,	 /* uint64_t * */
	OPT_T_DURATION,	 /* uint64_t *, seconds; "90", "10m", "2h" */
	OPT_T_LIST,	 /* struct strvec *, one element for each time */
	OPT_T_VERBOSITY, /* int *, "-v" raises and "-q" lowers it */
	OPT_T_CALLBACK,	 /* passed to ->take as it is */
	OPT_T_SUBCMD	 /* opt_fn **; the first operand picks one */
};

enum opt_flag {
	OPT_F_HIDDEN = 1, /* not in -h and not completed */
	OPT_F_NONEG = 2,  /* has no --no- form */
	OPT_F_NOARG = 4,  /* OPT_T_CALLBACK without a value */
	OPT_F_DOWN = 8,	  /* OPT_T_VERBOSITY that lowers */
	OPT_F_SOON = 16,  /* known by name, refused: not available yet */
	/* OPT_T_OPTIONAL whose value may be the next argument, unless that
	 * begins with a dash: "-o <file>", and "-o" at the end. */
	OPT_F_NEXT = 32
};

struct opt;

/* A subcommand; argv[0] is its own name, argv[argc] is NULL. */
typedef int opt_fn(int argc, char **argv);

/*
 * What OPT_T_CALLBACK calls. "value" is NULL for the --no- form and for an
 * option without a value. On failure the message says what is wrong with the
 * value; the option's name is put in front of it.
 */
typedef int opt_take_fn(const struct opt *o, const char *value, bool unset,
			struct err *err);

struct opt {
	enum opt_type type;
	unsigned int flags;
	char short_name;
	const char *long_name;
	void *value;
	const char *argh; /* shown as <argh> */
	const char *help; /* lower case, no full stop */
	const char *bare; /* OPT_T_OPTIONAL: the value of plain --name */
	opt_take_fn *take;
	opt_fn *fn;
};

#define OPT_BOOL(s, l, v, h)                                                   \
	{                                                                      \
		.type = OPT_T_BOOL, .short_name = (s), .long_name = (l),       \
		.value = (v), .help = (h)                                      \
	}
#define OPT_STRING(s, l, v, a, h)                                              \
	{                                                                      \
		.type = OPT_T_STRING, .short_name = (s), .long_name = (l),     \
		.value = (v), .argh = (a), .help = (h)                         \
	}
/* "--wait" gives "bare", "--wait=<time>" the text behind "=". */
#define OPT_OPTIONAL(s, l, v, a, b, h)                                         \
	{                                                                      \
		.type = OPT_T_OPTIONAL, .short_name = (s), .long_name = (l),   \
		.value = (v), .argh = (a), .bare = (b), .help = (h)            \
	}
/* The same, and "-o <file>" and "--output <file>" as well. */
#define OPT_OPTIONAL_NEXT(s, l, v, a, b, h)                                    \
	{                                                                      \
		.type = OPT_T_OPTIONAL, .flags = OPT_F_NEXT,                   \
		.short_name = (s), .long_name = (l), .value = (v),             \
		.argh = (a), .bare = (b), .help = (h)                          \
	}
#define OPT_U64(s, l, v, a, h)                                                 \
	{                                                                      \
		.type = OPT_T_U64, .short_name = (s), .long_name = (l),        \
		.value = (v), .argh = (a), .help = (h)                         \
	}
#define OPT_DURATION(s, l, v, a, h)                                            \
	{                                                                      \
		.type = OPT_T_DURATION, .short_name = (s), .long_name = (l),   \
		.value = (v), .argh = (a), .help = (h)                         \
	}
/* The list must be initialised and is released by the caller. */
#define OPT_LIST(s, l, v, a, h)                                                \
	{                                                                      \
		.type = OPT_T_LIST, .short_name = (s), .long_name = (l),       \
		.value = (v), .argh = (a), .help = (h)                         \
	}
#define OPT_CALLBACK(s, l, v, a, f, h)                                         \
	{                                                                      \
		.type = OPT_T_CALLBACK, .short_name = (s), .long_name = (l),   \
		.value = (v), .argh = (a), .take = (f), .help = (h)            \
	}
#define OPT_SUBCMD(l, v, f, h)                                                 \
	{                                                                      \
		.type = OPT_T_SUBCMD, .long_name = (l), .value = (v),          \
		.fn = (f), .help = (h)                                         \
	}
/* The two lines "-q" and "-v" of one counter. */
#define OPT_VERBOSITY(v)                                                       \
	{ .type = OPT_T_VERBOSITY,                                             \
	  .flags = OPT_F_DOWN,                                                 \
	  .short_name = 'q',                                                   \
	  .long_name = "quiet",                                                \
	  .value = (v),                                                        \
	  .help = "say less" },                                                \
	{                                                                      \
		.type = OPT_T_VERBOSITY, .short_name = 'v',                    \
		.long_name = "verbose", .value = (v), .help = "say more"       \
	}
#define OPT_SOON(l)                                                            \
	{                                                                      \
		.type = OPT_T_BOOL, .flags = OPT_F_HIDDEN | OPT_F_SOON,        \
		.long_name = (l)                                               \
	}
#define OPT_GROUP(h)                                                           \
	{                                                                      \
		.type = OPT_T_GROUP, .help = (h)                               \
	}
#define OPT_END()                                                              \
	{                                                                      \
		.type = OPT_T_END                                              \
	}

enum opts_result {
	OPTS_OK = 0,
	OPTS_DONE = 1,	 /* what was asked for is printed: exit 0 */
	OPTS_SOON = 128, /* refused on stderr: could not run at all */
	OPTS_USAGE = 129 /* complained on stderr: exit 129 */
};

/* What a command returns when parsing did not give OPTS_OK. */
int opts_exit_status(enum opts_result parsed);

/*
 * Parses argv[1] and up. Leaves the operands in argv[0] to argv[*argc - 1]
 * with a NULL behind them. With subcommands in the table it stops at the first
 * operand, which must be one of them.
 *
 * "usage" is a NULL-terminated list: lines printed behind "usage:" and "or:",
 * then, after an empty string if there is one, lines printed as they are. The
 * whole of it stays within 25 lines (tests/lint/usage.sh).
 */
enum opts_result opts_parse(int *argc, char **argv, const struct opt *opts,
			    const char *const *usage) MUST_CHECK;

/* For trouble found after parsing: "error: <msg>", usage, OPTS_USAGE. */
enum opts_result opts_usage_error(const char *const *usage,
				  const struct opt *opts, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* The words that "--git-completion-helper" prints, in the table's order. */
void opts_words(const struct opt *opts, struct strbuf *out);

#endif
