#ifndef STRBUF_H
#define STRBUF_H

#include "common/base/base.h"
#include "common/base/cleanup.h"

/*
 * Growable byte string. "buf" is never NULL and is always NUL-terminated, so
 * it can be passed to printf() even when empty. Running out of memory ends
 * the process: these are short-lived commands with nothing better to do.
 *
 * Anything filled from the network or from a server must be given a ceiling
 * with strbuf_limit(); growing past it is reported, not obeyed.
 */
struct strbuf {
	char *buf;
	size_t len;
	size_t alloc;
	size_t max; /* 0: no ceiling */
};

extern char strbuf_empty[];
#define STRBUF_INIT                                                            \
	{                                                                      \
		.buf = strbuf_empty                                            \
	}

/* Frees the bytes; the strbuf is empty and usable again afterwards. */
void strbuf_release(struct strbuf *sb);
#define AUTO_STRBUF CLEANUP(strbuf_release)

void strbuf_limit(struct strbuf *sb, size_t max);

/* Return 0, or -1 when the ceiling would be passed; sb is then unchanged. */
int strbuf_add(struct strbuf *sb, const void *data, size_t len);
int strbuf_addch(struct strbuf *sb, int c);
int strbuf_addstr(struct strbuf *sb, const char *s);
int strbuf_addf(struct strbuf *sb, const char *fmt, ...) PRINTF_LIKE(2, 3);
int strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap)
	PRINTF_LIKE(2, 0);

/* Makes room for "extra" more bytes behind len; -1 as above. */
int strbuf_grow(struct strbuf *sb, size_t extra);

void strbuf_reset(struct strbuf *sb);
/* Cuts to len bytes; a longer len changes nothing. */
void strbuf_setlen(struct strbuf *sb, size_t len);
/* Drops the first len bytes. */
void strbuf_remove(struct strbuf *sb, size_t len);
void strbuf_swap(struct strbuf *a, struct strbuf *b);

/* Gives the bytes to the caller, who must free() them. Never NULL. */
char *strbuf_detach(struct strbuf *sb);

#endif
