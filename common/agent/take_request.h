#ifndef TAKE_REQUEST_H
#define TAKE_REQUEST_H

#include "common/agent/agent.h"

/*
 * The verb "take": contents of files of the live release, as a scan has just
 * named them (common/wire/take_stream.h). Fields: expect, as of a scan; want,
 * one for each, at most TAKE_WANTS_MAX. ERR_REFUSED when one of them is not
 * as it was, or the release is not.
 */
int take_request(struct agent *a, struct message *m, struct err *err) MUST_CHECK;

#endif
