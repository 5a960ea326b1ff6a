#ifndef DRIFT_H
#define DRIFT_H

/*
 * Entry points of "git drift": one cmd_<verb>.c for each, listed in main.c.
 * argv[0] is the verb, argv[argc] is NULL; the result is the exit status.
 */

int cmd_drift(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_baseline(int argc, char **argv);
int cmd_between(int argc, char **argv);
int cmd_predict(int argc, char **argv);

/* The usage of the manifest and of everything, for cmd_drift(). */
extern const char *const drift_usage[];

#endif
