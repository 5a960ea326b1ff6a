#ifndef CMD_COLOUR_H
#define CMD_COLOUR_H

#include "common/git/config.h"
#include "common/ui/colour.h"

/* Whether the standard output is to be coloured, by color.ui and by itself. */
bool cmd_colour_wanted(const struct config *cfg);
/* The sequence for it, "" when it is not. */
const char *cmd_colour(const struct config *cfg, enum colour c);

#endif
