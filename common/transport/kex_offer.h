#ifndef KEX_OFFER_H
#define KEX_OFFER_H

#include "common/base/strbuf.h"

/*
 * What a server offers in its first packet (RFC 4253, sections 4.2, 6 and
 * 7.1), which is not encrypted. libssh2 only says that it found nothing in
 * common; this finds out what.
 */
struct kex_offer {
	struct strbuf kex, host_keys, ciphers, macs; /* name lists */
};
#define KEX_OFFER_INIT                                                         \
	{                                                                      \
		.kex = STRBUF_INIT, .host_keys = STRBUF_INIT,                  \
		.ciphers = STRBUF_INIT, .macs = STRBUF_INIT                    \
	}

void kex_offer_release(struct kex_offer *o);
#define AUTO_KEX_OFFER CLEANUP(kex_offer_release)

/*
 * Takes apart the first bytes a server sent: banner lines, then the packet.
 * Returns -1 when they are not whole or no such thing.
 */
int kex_offer_parse(const void *data, size_t len,
		    struct kex_offer *out) MUST_CHECK;

#endif
