#ifndef SSH_ABORT_H
#define SSH_ABORT_H

#include <setjmp.h>
#include <stdbool.h>

/*
 * libssh2 looks at some things that come from the far end with assert(). Seen
 * in 1.10.0: a packet whose length is no multiple of the cipher's block aborts
 * the process, before the MAC would have shown that the line turned a bit
 * round. That must cost the connection, and not the word about what is live.
 *
 * The value of a libssh2 call, or otherwise when the call was aborted: then
 * *broken is set, and the session is of no use any more, not even to be freed.
 */
#define SSH_CALL(broken, call, otherwise)                                      \
	({                                                                     \
		sigjmp_buf back_;                                              \
		__typeof__(call) got_;                                         \
                                                                               \
		if (sigsetjmp(back_, 0)) {                                     \
			*(broken) = true;                                      \
			got_ = (otherwise);                                    \
		} else {                                                       \
			ssh_abort_to(&back_);                                  \
			got_ = (call);                                         \
		}                                                              \
		ssh_abort_to((sigjmp_buf *)0);                                 \
		got_;                                                          \
	})

/* Where an abort() of this thread leads to; NULL: to the end, as ever. */
void ssh_abort_to(sigjmp_buf *back);
/* Once, before the first SSH_CALL(). */
void ssh_abort_catch(void);

#endif
