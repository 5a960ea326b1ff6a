#ifndef DISTANCE_H
#define DISTANCE_H

#include "common/base/base.h"

/*
 * How many letters must be added, dropped, changed or swapped with their
 * neighbour to get from a to b, whatever their case (Damerau and Levenshtein,
 * each letter moved at most once). Texts are looked at up to 64 bytes.
 */
unsigned int text_distance(const char *a, const char *b);

/*
 * True when b is near enough to a to be what was meant: one slip for every
 * four letters typed.
 */
bool text_is_near(const char *a, unsigned int distance);

#endif
