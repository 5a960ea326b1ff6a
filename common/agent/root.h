#ifndef ROOT_H
#define ROOT_H

#include "common/agent/agent.h"

/*
 * The directory a project is released to:
 *
 *	current -> releases/<id>   releases/<id>/   shared/   deployment.log
 *	.release/   ours: bin/ lock journal manifest/ index/ link/ log/ tmp/
 *	trash/
 *
 * See gitrelease-layout(5).
 */
enum root_state {
	ROOT_ABSENT,	/* nothing there, or an empty directory */
	ROOT_OURS,	/* carries .release */
	ROOT_FOREIGN,	/* made by Capistrano, Deployer or hand: can be taken */
	ROOT_NOT_A_ROOT /* holds other things: refused */
};

/* What is fine for a directory with other files in it: */
enum root_leave {
	ROOT_REFUSE,
	ROOT_ADOPT,	/* it is to become a root */
	ROOT_LOOK_PLAIN /* it is a checkout, and stays one: a->plain */
};

/*
 * Looks at path (relative: to the login's home) and opens what is there,
 * without changing anything. Refuses /, a home directory, a directory right
 * below /, and one with other files in it, unless leave is given for that.
 */
int root_open(struct agent *a, const char *path, enum root_leave leave,
	      enum root_state *state, struct err *err) MUST_CHECK;

/* Makes what is missing, then opens it. Called before the lock is taken. */
int root_prepare(struct agent *a, const char *path, struct err *err) MUST_CHECK;

/*
 * Makes .release in a root of another tool, with this program in it, so that
 * what one look finds out is there for the next. The root is not ours by that:
 * see root_prepare(). -1 with errno.
 */
int root_make_dot(struct agent *a);

/* Opens (and with make, makes) .release/<name>; -1 with errno. */
int root_dot_dir(struct agent *a, const char *name, bool make);

#endif
