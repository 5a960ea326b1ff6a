#include "common/base/base.h"
#include "common/text/link_target.h"

bool link_stays_inside(const char *path, const char *target, size_t len)
{
	const char *end = target + len;
	bool went_down = false;
	size_t depth = 0;

	if (!len || len >= PATH_MAX || *target == '/' ||
	    memchr(target, '\0', len))
		return false;
	for (; *path; path++)
		depth += *path == '/';
	while (target < end) {
		const char *slash = memchr(target, '/', (size_t)(end - target));
		size_t n = (size_t)((slash ? slash : end) - target);

		if (n == 2 && !memcmp(target, "..", 2)) {
			if (went_down || !depth)
				return false;
			depth--;
		} else if (n && !(n == 1 && *target == '.')) {
			went_down = true;
		}
		target += n + (slash != NULL);
	}
	return true;
}
