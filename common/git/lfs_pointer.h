#ifndef LFS_POINTER_H
#define LFS_POINTER_H

/*
 * What git has in the place of a file that Git LFS keeps: a small text that
 * begins with this line. The file itself is made by a filter, elsewhere.
 */
#define LFS_POINTER_MAX	  1024
#define LFS_POINTER_START "version https://git-lfs.github.com/spec/v1\n"

#endif
