#ifndef RELEASE_H
#define RELEASE_H

/*
 * Entry points of "git release": one cmd_<verb>.c for each, listed in main.c.
 * argv[0] is the verb, argv[argc] is NULL; the result is the exit status.
 */

int cmd_release(int argc, char **argv);
int cmd_init(int argc, char **argv);
int cmd_build(int argc, char **argv);
int cmd_activate(int argc, char **argv);
int cmd_rollback(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_log(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_prune(int argc, char **argv);
int cmd_pending(int argc, char **argv);
int cmd_tag(int argc, char **argv);
int cmd_record(int argc, char **argv);

/* The usage of the main job and of everything, for cmd_release(). */
extern const char *const release_usage[];

/*
 * All verbs, those to come included, NULL-terminated: no environment may be
 * called like one.
 */
const char *const *release_verbs(void);

#endif
