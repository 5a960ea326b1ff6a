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
 * $GIT_RELEASE_FAULT is "<program>:<n>:<kind>": at the n-th point that
 * <program> ("agent" or "client") passes, "fail" sets EIO, "enospc" sets
 * ENOSPC, "kill" is kill -9 and "hang" sleeps until killed. "after" lets the
 * step happen and kills at the next point, so the effect is there and the
 * reply is lost. $GIT_RELEASE_FAULT_LOG names a file that gets one
 * "<program> <name>" line for each point passed.
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
static inline int fault_wait(const char *variable UNUSED, int ms)
{
	return ms;
}
#endif

#endif
