#ifndef GITS_PATH_H
#define GITS_PATH_H

#include "common/base/base.h"

/*
 * True when one part of the path begins with ".git", in any case: .git itself,
 * .gitattributes, .gitmodules, .github. Such files say what git, and what runs
 * on top of it, does with all the others: no server has a say in that.
 *
 * So do names that other systems take for such a one: with characters in them
 * that HFS+ does not see, and the short names of NTFS ("git~1", "GI7EBA~1").
 */
bool path_is_gits(const char *path);

#endif
