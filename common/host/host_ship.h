#ifndef HOST_SHIP_H
#define HOST_SHIP_H

#include "common/host/host.h"
#include "common/wire/delta_send.h"

/*
 * Ships one release: the "stage" request, the new manifest, the contents that
 * changed. What the server turns out to lack (somebody edited the live
 * release) is sent in a second pass, one more round trip, only then.
 */
struct host_shipment {
	const struct strbuf *request; /* "stage" and its fields */
	const struct manifest *old;   /* of the base; NULL: none */
	const struct manifest *new;
	const struct strvec *omit; /* paths not to build upon */
	const struct delta_source *source;
	/* Does the client have this content of the old release? */
	bool (*has)(void *ctx, const struct oid *oid);
	void *has_ctx;
	/* Gets the fields of the last reply, also of one that refuses. */
	struct message *said;
};

/* *id gets the release's id on the server, owned by the caller. */
int host_ship(struct host *h, const struct host_shipment *s, char **id,
	      struct err *err) MUST_CHECK;

#endif
