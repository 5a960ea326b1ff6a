#include "common/base/base.h"
#include "common/transport/kex_offer.h"

#define SSH_MSG_KEXINIT 20
#define COOKIE_BYTES	16

void kex_offer_release(struct kex_offer *o)
{
	strbuf_release(&o->kex);
	strbuf_release(&o->host_keys);
	strbuf_release(&o->ciphers);
	strbuf_release(&o->macs);
}

struct cursor {
	const unsigned char *p;
	size_t left;
};

static int take_u32(struct cursor *c, size_t *out)
{
	if (c->left < 4)
		return -1;
	*out = (size_t)c->p[0] << 24 | (size_t)c->p[1] << 16 |
	       (size_t)c->p[2] << 8 | c->p[3];
	c->p += 4;
	c->left -= 4;
	return 0;
}

static int skip(struct cursor *c, size_t n)
{
	if (c->left < n)
		return -1;
	c->p += n;
	c->left -= n;
	return 0;
}

static int take_list(struct cursor *c, struct strbuf *out)
{
	size_t len;
	const unsigned char *at;

	if (take_u32(c, &len) < 0)
		return -1;
	at = c->p;
	if (skip(c, len) < 0)
		return -1;
	return out ? strbuf_add(out, at, len) : 0;
}

/* Servers may say things before the line that starts with "SSH-". */
static int skip_banner(struct cursor *c)
{
	for (;;) {
		const unsigned char *nl = memchr(c->p, '\n', c->left);
		bool version = c->left > 4 && !memcmp(c->p, "SSH-", 4);

		if (!nl || skip(c, (size_t)(nl - c->p) + 1) < 0)
			return -1;
		if (version)
			return 0;
	}
}

int kex_offer_parse(const void *data, size_t len, struct kex_offer *out)
{
	struct cursor c = { .p = data, .left = len };
	size_t packet;

	/* length, then one byte each of padding length and message number */
	if (!len || skip_banner(&c) < 0 || take_u32(&c, &packet) < 0 ||
	    c.left < 2 || c.p[1] != SSH_MSG_KEXINIT ||
	    skip(&c, 2 + COOKIE_BYTES) < 0)
		return -1;
	/* Both directions have a list; what they offer is always the same. */
	return take_list(&c, &out->kex) < 0 ||
			       take_list(&c, &out->host_keys) < 0 ||
			       take_list(&c, NULL) < 0 ||
			       take_list(&c, &out->ciphers) < 0 ||
			       take_list(&c, NULL) < 0 ||
			       take_list(&c, &out->macs) < 0
		       ? -1
		       : 0;
}
