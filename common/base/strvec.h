#ifndef STRVEC_H
#define STRVEC_H

#include "common/base/strbuf.h"

/* A NULL-terminated list of strings it owns; v can be handed to execvp(). */
struct strvec {
	char **v;
	size_t nr;
	size_t alloc;
};
#define STRVEC_INIT                                                            \
	{                                                                      \
		0                                                              \
	}

void strvec_push(struct strvec *sv, const char *s);
void strvec_pushf(struct strvec *sv, const char *fmt, ...) PRINTF_LIKE(2, 3);
void strvec_pushl(struct strvec *sv, ...) __attribute__((sentinel));
void strvec_release(struct strvec *sv);
#define AUTO_STRVEC CLEANUP(strvec_release)

#endif
