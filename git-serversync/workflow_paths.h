#ifndef WORKFLOW_PATHS_H
#define WORKFLOW_PATHS_H

#include "common/base/err.h"
#include "git-serversync/audited_paths.h"

/*
 * GIT_ONLY_PATHS of a workflow of GitHub Actions: the paths that a capture
 * leaves as they are in git. The variable is looked for wherever a workflow has
 * an "env": at the top, in a job, in a step, in a container or a service of a
 * job. Its value is a text in any style of YAML 1.1, cut at blanks and line
 * ends, or a list. In a block ("|", ">") lines that begin with "#" are comments.
 */
#define WORKFLOW_MAX   ((size_t)256 << 10)
#define GIT_ONLY_PATHS "GIT_ONLY_PATHS"

/* Lines and columns are counted from 0, columns in characters. */
struct workflow_place {
	size_t line, column;
};

enum workflow_style {
	WORKFLOW_PLAIN,
	WORKFLOW_QUOTED,
	WORKFLOW_BLOCK,
	WORKFLOW_LIST, /* "- a" */
	WORKFLOW_FLOW  /* "[a, b]" */
};

/* One place where the variable gets a value. */
struct workflow_value {
	struct workflow_place key, start, end;
	struct workflow_place last, last_end; /* item of a list, if any */
	enum workflow_style style;
	struct audited_paths paths;
	bool empty; /* nothing is in it, not even a comment */
};

struct workflow_paths {
	struct workflow_value *v; /* all have the same paths */
	size_t nr, alloc;
	/* Keys at the top of the file. */
	bool has_env, has_jobs;
	struct workflow_place jobs;
};
#define WORKFLOW_PATHS_INIT                                                    \
	{                                                                      \
		0                                                              \
	}

struct workflow_text {
	const char *data;
	size_t len;
	const char *file; /* its name, for messages */
};

/*
 * out must be fresh. 0 with gap->why set when the value cannot be told: an
 * expression, values that differ, an assignment in a script. ERR_FAILED with
 * "<file>:<line>: ..." when it is not YAML, or no workflow.
 */
int workflow_paths_read(const struct workflow_text *text,
			struct workflow_paths *out, struct audit_gap *gap,
			struct err *err) MUST_CHECK;
void workflow_paths_release(struct workflow_paths *w);
#define AUTO_WORKFLOW_PATHS CLEANUP(workflow_paths_release)

/*
 * The offset of a line as YAML counts them: "\n", "\r\n", "\r", and the line
 * separators of Unicode end one. The length of the text for one behind its end.
 */
size_t workflow_offset(const struct workflow_text *text, size_t line);
/* The offset of the line behind that of "at". */
size_t workflow_next_line(const struct workflow_text *text, size_t at);

#endif
