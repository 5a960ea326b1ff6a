#ifndef BRANCH_SYNC_H
#define BRANCH_SYNC_H

/* Entry point of "git branch-sync"; the result is the exit status. */
int cmd_branch_sync(int argc, char **argv);

#endif
