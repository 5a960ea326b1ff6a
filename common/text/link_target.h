#ifndef LINK_TARGET_H
#define LINK_TARGET_H

#include "common/base/base.h"

/*
 * True when a symbolic link at path (relative to the top of a tree) with this
 * target cannot lead out of the tree, whatever else the tree holds: it is
 * relative, goes up no further than the top, and goes up only before it goes
 * down. ("a/../b" depends on what a is: a link itself, perhaps.)
 */
bool link_stays_inside(const char *path, const char *target, size_t len);

#endif
