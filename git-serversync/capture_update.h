#ifndef CAPTURE_UPDATE_H
#define CAPTURE_UPDATE_H

#include "git-serversync/branch_place.h"
#include "git-serversync/capture.h"
#include "git-serversync/serversync_settings.h"

/*
 * A review that is open goes on with what is on the server now:
 *
 *	B---C1---R---p---M	the branch: capture, rejection, a person's
 *commit \              /
 *	  -----------C2		what is on the server now
 *
 * Between the last capture and this one only what the server changed is brought
 * over: files that were rejected stay out, and what people did to the branch
 * stays, but for files that changed on the server once more.
 */
struct capture_update {
	struct branch_place place; /* of the open review's branch */
	git_oid to;		   /* M; all zero: there is nothing new */
};
#define CAPTURE_UPDATE_INIT                                                    \
	{                                                                      \
		.place = BRANCH_PLACE_INIT                                     \
	}
void capture_update_release(struct capture_update *u);

/* u->place was found before. c->commit is made, and u->to. */
struct capture_update_request {
	git_repository *repo;
	const struct serversync_settings *settings;
	git_oid base, tree; /* the live commit; the tree of C2 */
	bool sign;
};
int capture_update_make(struct capture_update *u,
			const struct capture_update_request *req,
			struct capture *c, struct err *err) MUST_CHECK;

#endif
