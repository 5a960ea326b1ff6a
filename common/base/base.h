#ifndef BASE_H
#define BASE_H

/*
 * Included first by every .c file. The one place that chooses feature macros
 * and pulls in the system headers that nearly everything needs, so that no
 * other file has to care about their order.
 */

#ifndef _GNU_SOURCE
#	define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_CHECK	       __attribute__((warn_unused_result))
#define NORETURN	       __attribute__((noreturn))
#define UNUSED		       __attribute__((unused))
#define ARRAY_SIZE(a)	       (sizeof(a) / sizeof((a)[0]))

#include "common/base/banned.h"

#endif
