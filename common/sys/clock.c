#include "common/base/base.h"
#include "common/sys/clock.h"

int64_t clock_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static struct tm utc(time_t when)
{
	struct tm tm = { .tm_year = 70, .tm_mday = 1 };

	(void)gmtime_r(&when, &tm);
	return tm;
}

void clock_stamp(time_t when, char out[CLOCK_STAMP_SIZE])
{
	struct tm tm = utc(when);

	if (!strftime(out, CLOCK_STAMP_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm))
		out[0] = '\0';
}

void clock_release_id(time_t when, char out[CLOCK_ID_SIZE])
{
	struct tm tm = utc(when);

	if (!strftime(out, CLOCK_ID_SIZE, "%Y%m%d%H%M%S", &tm))
		out[0] = '\0';
}
