#ifndef EDIT_REPORT_H
#define EDIT_REPORT_H

#include "common/base/strvec.h"
#include "common/wire/message.h"

/*
 * What the guard of the agent found in the live release: files that somebody
 * edited on the server and that the new release would bury. Out of the reply
 * to "stage" (common/agent/server_edits.h).
 */
struct edit_report {
	bool compared;	     /* false: nobody can tell, or nothing is live */
	bool told;	     /* the agent knows of the guard */
	uint64_t nr;	     /* of all */
	struct strvec paths; /* "M path" of the first ones; quote them */
};
#define EDIT_REPORT_INIT                                                       \
	{                                                                      \
		0                                                              \
	}
void edit_report_release(struct edit_report *r);
#define AUTO_EDIT_REPORT CLEANUP(edit_report_release)

/* r is empty; it stays so where the agent does not know of the guard. */
int edit_report_take(struct edit_report *r, const struct message *reply,
		     struct err *err) MUST_CHECK;

#endif
