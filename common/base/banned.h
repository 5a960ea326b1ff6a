#ifndef BANNED_H
#define BANNED_H

/* Calls that are too easy to get wrong; using one is a compile error. */

#define BANNED(func) sorry_##func##_is_banned_here
#undef strcpy
#define strcpy(d, s) BANNED(strcpy)
#undef strcat
#define strcat(d, s) BANNED(strcat)
#undef strncpy
#define strncpy(d, s, n) BANNED(strncpy)
#undef strtok
#define strtok(s, d) BANNED(strtok)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef atoi
#define atoi(s) BANNED(atoi)
#undef system
#define system(s) BANNED(system)
#undef popen
#define popen(c, m) BANNED(popen)
#undef mktemp
#define mktemp(s) BANNED(mktemp)
#undef chdir
#define chdir(d) BANNED(chdir)

#endif
