#ifndef RELEASE_H
#define RELEASE_H

/*
 * Entry points of "git release": one cmd_<verb>.c for each, listed in main.c.
 * argv[0] is the verb, argv[argc] is NULL; the result is the exit status.
 */

/* The usage of the main job and of everything, for cmd_release(). */
extern const char *const release_usage[];

/*
 * All verbs, those to come included, NULL-terminated: no environment may be
 * called like one.
 */
const char *const *release_verbs(void);

/* version.c */
extern const char release_version[];

#endif
