#include "common/base/base.h"
#include "common/text/distance.h"

#define MAX_LEN 64

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

unsigned int text_distance(const char *a, const char *b)
{
	unsigned int d[MAX_LEN + 1][MAX_LEN + 1];
	size_t na = strnlen(a, MAX_LEN), nb = strnlen(b, MAX_LEN);

	for (size_t j = 0; j <= nb; j++)
		d[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= na; i++) {
		char x = lower(a[i - 1]);

		d[i][0] = (unsigned int)i;
		for (size_t j = 1; j <= nb; j++) {
			char y = lower(b[j - 1]);
			unsigned int best = d[i - 1][j - 1] + (x != y);

			best = least(best, d[i - 1][j] + 1);
			best = least(best, d[i][j - 1] + 1);
			if (i > 1 && j > 1 && x == lower(b[j - 2]) &&
			    y == lower(a[i - 2]))
				best = least(best, d[i - 2][j - 2] + 1);
			d[i][j] = best;
		}
	}
	return d[na][nb];
}

bool text_is_near(const char *a, unsigned int distance)
{
	return distance <= (strnlen(a, MAX_LEN) + 3) / 4;
}
