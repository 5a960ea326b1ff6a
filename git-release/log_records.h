#ifndef LOG_RECORDS_H
#define LOG_RECORDS_H

#include "git-release/log_lines.h"

#include <git2.h>

/*
 * What refs/notes/deployments tells of every environment, as lines of a log,
 * oldest first; no server is asked. Lines that are not records are skipped:
 * anybody may write a note.
 */
int log_records_read(git_repository *repo, struct log_lines *out,
		     struct err *err) MUST_CHECK;

#endif
