#ifndef LYING_H
#define LYING_H

#include "common/wire/message.h"

/* What the files of lying-agent share. */
#define ESC                                                                    \
	"\033]0;owned\007\033[31m\xc2\x9b"                                     \
	"2J\r"
#define LIE_ID "20200101000000" /* of the release it tells of */
/* The id of "hello". */
#define HELLO "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"

extern const char *lie;	  /* $LIE */
extern struct strbuf out; /* packets to be written */

void flush(void); /* ends a reply, and writes it */
void raw(const char *bytes);
/* An error as reply_add_error() has it, with any code. */
void fail(const char *code, const char *text, const char *hint);
void flood(size_t total, int band, const char *text);
/* Up to the end of a request; PKT_EOF when the client is gone. */
int read_to_flush(void);

void honest_open(void);
void release(const char *id, const char *package, const char *version, bool live);

/* lying_scan.c: a release that was edited; "scan-..." and "take-..." lies. */
void talk_of_scan(void);

#endif
