#ifndef HOST_SCAN_H
#define HOST_SCAN_H

#include "common/base/strvec.h"
#include "common/host/host.h"
#include "common/wire/scan_report.h"

/*
 * What was done to the live release on the server, or, of a release that is
 * not ours, all that it consists of. Nothing but ids and stat data travels;
 * host_take() gets contents.
 *
 * What the agent had to read for this it keeps for the next time, so that a
 * second scan reads nothing. For a root that is not ours (of Capistrano, of
 * Deployer, a plain checkout) or that we may not write, the client keeps it, in
 * the directory "cache": one file for each root, which may be removed.
 */
struct host_scan_request {
	const struct host_view *view;
	const struct strvec *skip; /* paths in the release; or NULL */
	/* Below these only what shared/ has not got as well; or NULL. */
	const struct strvec *shared;
	bool plain;	   /* the view's state is "plain" */
	const char *cache; /* made where it is missing; NULL: nothing kept */
	bool look_only;	   /* keep nothing, neither here nor there */
	/* Read REVISION of a release of ours, too: we lack its package. */
	bool origin;
};

/*
 * Fills out, which is empty. ERR_REFUSED when another release was activated
 * since the root was opened, or the live one is gone, emptied, or another file
 * system than it was; ERR_NOTFOUND when nothing is live.
 */
int host_scan(struct host *h, const struct host_scan_request *req,
	      struct scan_report *out, struct err *err) MUST_CHECK;

#endif
