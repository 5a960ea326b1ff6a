#ifndef HOST_VIEW_H
#define HOST_VIEW_H

#include "common/host/host.h"

/* Reads the reply to "open". A list that is out of order is ERR_FAILED. */
int host_view_take(struct host_view *view, const struct message *m,
		   struct err *err) MUST_CHECK;

#endif
