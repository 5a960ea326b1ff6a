#include "common/base/base.h"
#include "common/host/told.h"

enum told_kind told_kind(const char *kind)
{
	static const struct {
		const char *name;
		enum told_kind kind;
	} kinds[] = {
		{ "phase", TOLD_PHASE },
		{ "line", TOLD_LINE },
		{ "warn", TOLD_WARNING },
		{ "note", TOLD_NOTE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kind, kinds[i].name))
			return kinds[i].kind;
	return TOLD_OTHER;
}
