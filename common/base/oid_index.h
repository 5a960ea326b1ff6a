#ifndef OID_INDEX_H
#define OID_INDEX_H

#include "common/base/oid.h"

/*
 * Which of many things has this object id? Filled, sorted once, then asked.
 * Sorting instead of hashing: the ids come from outside, and none can be
 * chosen to make this slow.
 */
struct oid_ref {
	struct oid oid;
	uint32_t index;
};

struct oid_index {
	struct oid_ref *refs;
	size_t nr, alloc;
	/* Of each first byte: how many ids begin with a lesser one. */
	uint32_t below[257];
};
#define OID_INDEX_INIT                                                         \
	{                                                                      \
		0                                                              \
	}

void oid_index_add(struct oid_index *x, const struct oid *oid, size_t index);
/* Of equal ids only the lowest index stays. */
void oid_index_sort(struct oid_index *x);
/* The element with this id, or NULL; borrowed until the next add. */
struct oid_ref *oid_index_find(const struct oid_index *x, const struct oid *oid);
void oid_index_release(struct oid_index *x);
#define AUTO_OID_INDEX CLEANUP(oid_index_release)

#endif
