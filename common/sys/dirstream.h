#ifndef DIRSTREAM_H
#define DIRSTREAM_H

#include "common/base/err.h"

#include <dirent.h>

/*
 * Reading a directory that is open already: takes the descriptor, closes it
 * when that fails. -1 is NULL, errno untouched, so that an open in the
 * argument needs no check of its own. End with closedir().
 */
DIR *dirstream_take(int fd);

/* The next entry but "." and "..", or NULL. */
struct dirent *dirstream_next(DIR *d);

#endif
