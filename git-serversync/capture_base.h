#ifndef CAPTURE_BASE_H
#define CAPTURE_BASE_H

#include "common/git/repo.h"
#include "common/host/host.h"
#include "common/wire/scan_report.h"
#include "git-serversync/serversync_settings.h"

/*
 * What is live on the server, as git knows it. In this order:
 *
 *	--base			whatever the server says
 *	the package		of a release that we sealed: its parent
 *	REVISION, .dep, .git	as the server has them: 40 hex digits, or the
 *				name of a tag here
 *	serversync.base		where nothing there says it; one that is not
 *				moved with each deploy would make edits of them
 */
struct capture_base {
	git_oid commit, tree; /* the live commit, and all of its tree */
	bool has_package;
	git_oid package_tree;
	char *subdirectory; /* NULL: all of it is released */
	char *warning;	    /* what could not be had, fit to be shown; NULL */
};
#define CAPTURE_BASE_INIT                                                      \
	{                                                                      \
		0                                                              \
	}
void capture_base_release(struct capture_base *b);
#define AUTO_CAPTURE_BASE CLEANUP(capture_base_release)

struct capture_base_query {
	git_repository *repo;
	const struct serversync_settings *settings;
	const char *revision; /* --base; NULL: not given */
	const struct host_view *view;
	const struct scan_report *report;
};

/*
 * out must be fresh. What is not in this repository is fetched from the remote
 * if it has it. ERR_FAILED with a hint when that fails, or nothing tells what
 * is live.
 */
int capture_base_find(const struct capture_base_query *q,
		      struct capture_base *out, struct err *err) MUST_CHECK;

#endif
