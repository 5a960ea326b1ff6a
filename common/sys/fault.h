#ifndef FAULT_H
#define FAULT_H

#include "common/base/base.h"

/*
 * Failure on demand, in test builds only (make FAULTS=1), in the manner of
 * SQLite's and curl's counted loops. Every step that changes something on
 * disk asks here first:
 *
 *	if (fault("seal rename") || renameat(...) < 0)
 *		return err_sys(err, ...);
 *
 * $GIT_RELEASE_FAULT is "<program>:<n>:<kind>": what happens at the n-th point
 * that <program> ("agent" or "client") passes.
 *
 *	fail	the step fails with EIO
 *	enospc	the step fails with ENOSPC
 *	kill	kill -9 before the step
 *	after	the step happens, and kill -9 comes at the next point or at
 *		the end: the effect is there and the reply is lost
 *	hang	the whole process stands still before the step, heartbeats
 *		included, as under SIGSTOP or in a machine put to sleep; after
 *		SIGCONT it goes on as if nothing had been
 *
 * Writes to files, pipes and sockets are counted by themselves: fault_short().
 *
 *	short	the n-th write takes only half of the bytes, as a kernel may;
 *		the next one takes all
 *	torn	the n-th write takes only half, the next fails with ENOSPC
 *
 * $GIT_RELEASE_FAULT_LOG names a file that gets one "<program> <name>" line
 * for each point passed, "<program>/write <name>" for each write, and "hang
 * <pid>" before a process stops.
 *
 * The other proof is a build with a safety step taken out, which a test must
 * catch (tests/e2e/t3002-mutants.sh, make MUTANT=-D...):
 *
 *	MUTANT_NO_SYNCFS	stage.c: published before its files are on disk
 *	MUTANT_LN_NFS		link.c: "current" switched as "ln -nfs" does
 *	MUTANT_MTIME_ORDER	releases.c: what is previous is told by mtimes
 *	MUTANT_NO_SEAL_CHECK	activate.c: a release is not compared first
 */
#ifdef FAULT_POINTS
void fault_init(const char *program);
/* True when the caller must fail now; errno is set. */
bool fault(const char *name);
/* The same for a write of *len bytes, which may become fewer, never none. */
bool fault_short(const char *name, size_t *len);
/* ms, or what the environment variable says: for waits that tests shorten. */
int fault_wait(const char *variable, int ms);
#else
static inline void fault_init(const char *program UNUSED)
{
}
static inline bool fault(const char *name UNUSED)
{
	return false;
}
static inline bool fault_short(const char *name UNUSED, size_t *len UNUSED)
{
	return false;
}
static inline int fault_wait(const char *variable UNUSED, int ms)
{
	return ms;
}
#endif

#endif
