#ifndef SCAN_REQUEST_H
#define SCAN_REQUEST_H

#include "common/agent/agent.h"

/*
 * The verb "scan": what is in the live release that was not installed, or, of
 * one that is not ours, all that is in it. The answer is a scan report
 * (common/wire/scan_report.h). Fields: expect, the release that the client
 * takes to be live; skip, a path to leave out, many; shared, a path below
 * which that is left out which shared/ has as well, many; look=1, to keep
 * nothing; origin=1, to tell the commit of a release of ours, too; have, the
 * sum of the index that the client has of the time before; and, where the
 * client keeps that for us, index=1: it follows as bytes
 * (common/wire/packed.h).
 */
int scan_request(struct agent *a, struct message *m, struct err *err) MUST_CHECK;

#endif
