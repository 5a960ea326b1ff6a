#ifndef CMD_DELTA_H
#define CMD_DELTA_H

#include "git-drift/drift_list.h"
#include "git-drift/drift_session.h"

#include <jansson.h>

/*
 * What "git drift" and "git drift between" share: their options, and showing
 * a list of changes in the form that these ask for. stdout carries the list
 * and nothing else; the summary goes to stderr.
 */
struct cmd_delta {
	bool nul, json, stat, exit_code, renames, quiet;
	const char *html;   /* NULL: no page; "": to stdout */
	const char *output; /* NULL: stdout; "": where drift.output says */
};

#define CMD_DELTA_OPTIONS(d)                                                   \
	OPT_BOOL('z', NULL, &(d)->nul, "end paths with NUL, quote nothing"),   \
		OPT_BOOL(0, "renames", &(d)->renames,                          \
			 "tell renamed files, with their similarity"),         \
		OPT_BOOL(0, "stat", &(d)->stat, "count lines, too"),           \
		OPT_BOOL(0, "json", &(d)->json, "print the result as JSON"),   \
		OPT_OPTIONAL(0, "html", &(d)->html, "file", "",                \
			     "make a page that shows every change"),           \
		OPT_BOOL(0, "exit-code", &(d)->exit_code,                      \
			 "exit with 1 when anything differs"),                 \
		OPT_BOOL('q', "quiet", &(d)->quiet, "print no summary")

/* The two sides, for people. All borrowed. */
struct delta_side {
	const char *name;    /* "author-v5.2.1", "HEAD", an environment */
	const char *version; /* or NULL */
	git_oid commit;
	git_oid tree;
};

struct delta_sides {
	struct delta_side old, new;
	bool is_drift; /* old is a vendor's baseline */
};

/* Finds what differs and shows it; the result is the exit status. */
int cmd_delta_show(const struct cmd_delta *how, const struct drift_session *s,
		   const struct delta_sides *sides);

/* The document of --json; owned by the caller. */
json_t *cmd_delta_json(const struct drift_list *list,
		       const struct drift_settings *settings,
		       const struct delta_sides *sides);

/* The summary, on stderr. */
void cmd_delta_summary(const struct drift_list *list,
		       const struct drift_settings *settings,
		       const struct delta_sides *sides);

#endif
