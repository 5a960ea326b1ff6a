#ifndef CLEANUP_H
#define CLEANUP_H

/*
 * Scope-bound ownership.
 *
 * A variable marked AUTO_x owns its value until the block ends. To hand the
 * value to someone else, move it out with TAKE(). Two rules keep this safe:
 * always initialise the variable where it is declared, and never use goto in
 * a function that has one.
 */

#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* Declare fn_auto(), the adapter CLEANUP() wants, for "void fn(type)". */
#define DEFINE_AUTO(type, fn, empty)                                           \
	static inline void fn##_auto(type *p)                                  \
	{                                                                      \
		if (*p != (empty))                                             \
			fn(*p);                                                \
	}

static inline void free_auto(void *p)
{
	void *owned;

	memcpy(&owned, p, sizeof(owned));
	free(owned);
}
#define AUTO_FREE CLEANUP(free_auto)

static inline void close_quietly(int fd)
{
	int saved = errno;

	(void)close(fd);
	errno = saved;
}
DEFINE_AUTO(int, close_quietly, -1)
#define AUTO_FD CLEANUP(close_quietly_auto)

#define TAKE_PTR(p)                                                            \
	__extension__({                                                        \
		__typeof__(p) taken_ = (p);                                    \
		(p) = NULL;                                                    \
		taken_;                                                        \
	})

#define TAKE_FD(fd)                                                            \
	__extension__({                                                        \
		int taken_ = (fd);                                             \
		(fd) = -1;                                                     \
		taken_;                                                        \
	})

#endif
