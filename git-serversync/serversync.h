#ifndef SERVERSYNC_H
#define SERVERSYNC_H

/*
 * Entry points of "git serversync": one cmd_<verb>.c for each, listed in
 * main.c. argv[0] is the verb, argv[argc] is NULL; the result is the exit
 * status.
 */

int cmd_serversync(int argc, char **argv);
int cmd_audit(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_reject(int argc, char **argv);

#endif
