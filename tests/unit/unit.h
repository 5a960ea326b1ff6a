#ifndef UNIT_H
#define UNIT_H

/* cmocka 1.1 needs these first, in this order. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/err.h"

/* Checks the code and that a message explains it. */
#define assert_fails_with(e, want, call)                                       \
	do {                                                                   \
		assert_int_equal((call), (want));                              \
		assert_int_equal((e)->code, (want));                           \
		assert_int_not_equal((e)->msg.len, 0);                         \
	} while (0)

/* Shows the message when something that must work does not. */
#define assert_works(e, call)                                                  \
	do {                                                                   \
		if ((call) < 0)                                                \
			fail_msg("%s: %s", #call, (e)->msg.buf);               \
	} while (0)

#endif
