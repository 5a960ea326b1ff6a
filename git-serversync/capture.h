#ifndef CAPTURE_H
#define CAPTURE_H

#include "common/base/oid.h"
#include "common/base/strvec.h"
#include "git-serversync/capture_class.h"

#include <git2.h>

/*
 * What one capture found on a server and decided about it. Filled in steps:
 *
 *	capture_changes_find()	what differs from git, one entry for each file
 *	capture_contents_take()	its class, and whether it is taken
 *	capture_commit_make()	the commit, and the branch it is on
 *
 * Everything in it is owned by it. Paths are from the server: bytes that no
 * work tree need be able to hold. Show them quoted (quote_path()).
 */
struct capture_file {
	char *path;	   /* in the release */
	char *git_path;	   /* in the repository: below release.subdirectory */
	char status;	   /* against the live commit: A, M, D */
	uint32_t mode;	   /* git's: 0100644, 0100755, 0120000; 0 for D */
	uint32_t old_mode; /* in git, for M and D; 0: not known */
	/* Of the server: st_mode, without the flags of scan_report.h. */
	uint32_t st_mode;
	uint64_t size, old_size;
	int64_t mtime, ctime; /* nanoseconds since 1970 */
	struct oid oid, old;  /* on the server; in git, for M and D */
	bool has_old;	      /* the old content is in this repository */
	bool in_commit, in_package;
	bool filled_in;	  /* by git archive: marked export-subst */
	bool other_owner; /* it belongs to another user than the release */
	enum capture_class class;
	bool classified; /* class and why are those of capture_classify() */
	char *why;	 /* of the class, or why it is not taken; may be "" */
	bool taken;	 /* it is in the commit */
	char *delete_reason; /* D only; NULL: the file stays in git */
};

/* New files that the commit's own .gitignore leaves out, as one. */
struct capture_ignored {
	char *path; /* in the repository; a directory ends in a slash */
	size_t files;
};

struct capture {
	char *environment, *server;
	char *release, *version; /* of the live release; version may be "" */
	git_oid base;		 /* the live commit: the parent of the commit */
	struct capture_file *v;	 /* sorted by path, each path once */
	size_t nr, alloc;
	struct capture_ignored *ignored;
	size_t nr_ignored, alloc_ignored;
	/* Not in v: the review's target has them as they are on the server. */
	size_t nr_merged;
	char *target; /* "origin/main", or NULL */
	/* Directories and files in the release that could not be read. */
	struct strvec unknown;
	char *captured_at; /* 2026-11-26T12:00:00Z; of an equal capture: its own */
	char *branch;	   /* "serversync/production/20261126120000", or NULL */
	git_oid commit;	   /* all zero: none was made */
};
#define CAPTURE_INIT                                                           \
	{                                                                      \
		0                                                              \
	}

void capture_release(struct capture *c);
#define AUTO_CAPTURE CLEANUP(capture_release)

void capture_file_release(struct capture_file *f);

/* One more file, with its two paths set and all else zero; borrowed. */
struct capture_file *capture_add(struct capture *c, const char *path,
				 const char *git_path);
/* The file with this path in the repository, or NULL. */
struct capture_file *capture_find(const struct capture *c, const char *git_path);

/* Why it is what it is, or is not taken; in place of what was said before. */
void capture_why(struct capture_file *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* What its mode has to do with its change, or NULL: "now executable". */
const char *capture_mode_change(const struct capture_file *f);

/* How many are taken: written, or deleted with a reason. */
size_t capture_taken(const struct capture *c);

#endif
