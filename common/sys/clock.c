#include "common/base/base.h"
#include "common/sys/clock.h"
#include "common/base/num.h"

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

/* Two or four digits at *p, then the separator; -1 when they are not there. */
static int take(const char **p, size_t digits, const char *behind, int *out)
{
	uint32_t n;

	if (strnlen(*p, digits) < digits || num_parse_u32(*p, digits, &n) < 0)
		return -1;
	*p += digits;
	if (*behind && !(**p && strchr(behind, **p)))
		return -1;
	*p += *behind != '\0';
	*out = (int)n;
	return 0;
}

/* timegm() makes March 1 of February 29 where there is none. */
static int to_time(const struct tm *given, int64_t *when)
{
	struct tm tm = *given;
	int64_t t = timegm(&tm);

	if (tm.tm_mday != given->tm_mday || tm.tm_mon != given->tm_mon)
		return -1;
	*when = t;
	return 0;
}

int clock_parse(const char *text, int64_t *when, int64_t *length)
{
	struct tm tm = { 0 };
	int64_t span = 86400;

	if (take(&text, 4, "-", &tm.tm_year) < 0 ||
	    take(&text, 2, "-", &tm.tm_mon) < 0 ||
	    take(&text, 2, "", &tm.tm_mday) < 0)
		return -1;
	if (*text == 'T' || *text == ' ') {
		text++;
		span = 60;
		if (take(&text, 2, ":", &tm.tm_hour) < 0 ||
		    take(&text, 2, "", &tm.tm_min) < 0)
			return -1;
		if (*text == ':') {
			text++;
			span = 1;
			if (take(&text, 2, "", &tm.tm_sec) < 0)
				return -1;
		}
		text += *text == 'Z';
	}
	tm.tm_year -= 1900;
	tm.tm_mon--;
	if (*text || tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_mday < 1 ||
	    tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 59 ||
	    to_time(&tm, when) < 0)
		return -1;
	if (length)
		*length = span;
	return 0;
}

void clock_release_id(time_t when, char out[CLOCK_ID_SIZE])
{
	struct tm tm = utc(when);

	if (!strftime(out, CLOCK_ID_SIZE, "%Y%m%d%H%M%S", &tm))
		out[0] = '\0';
}
