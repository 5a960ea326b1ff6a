#include "common/base/base.h"
#include "common/ui/amount.h"

void amount_add_size(struct strbuf *out, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB",
					     "TiB", "PiB", "EiB" };
	double value = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024) {
		amount_add_things(out, bytes, "byte", "bytes");
		return;
	}
	/* 1023.96 KiB is shown as 1.0 MiB, not as 1024.0 KiB. */
	for (; value >= 1023.95 && i + 1 < ARRAY_SIZE(units); i++)
		value /= 1024;
	strbuf_addf(out, "%.1f %s", value, units[i]);
}

void amount_add_count(struct strbuf *out, uint64_t n)
{
	if (n >= 1000) {
		amount_add_count(out, n / 1000);
		strbuf_addf(out, ",%03u", (unsigned int)(n % 1000));
	} else {
		strbuf_addf(out, "%u", (unsigned int)n);
	}
}

void amount_add_things(struct strbuf *out, uint64_t n, const char *one,
		       const char *many)
{
	amount_add_count(out, n);
	strbuf_addf(out, " %s", n == 1 ? one : many);
}

void amount_add_part(struct strbuf *out, uint64_t n, const char *what)
{
	if (!n)
		return;
	if (out->len)
		strbuf_addstr(out, ", ");
	amount_add_count(out, n);
	strbuf_addf(out, " %s", what);
}

void amount_add_elapsed(struct strbuf *out, uint64_t milliseconds)
{
	/* Rounded once, so that 59.96 s does not become "60.0s". */
	uint64_t tenths = milliseconds / 100 + (milliseconds % 100 >= 50);
	uint64_t seconds = milliseconds / 1000 + (milliseconds % 1000 >= 500);
	uint64_t minutes = seconds / 60, hours = minutes / 60;

	if (tenths < 600)
		strbuf_addf(out, "%" PRIu64 ".%" PRIu64 "s", tenths / 10,
			    tenths % 10);
	else if (minutes < 60)
		strbuf_addf(out, "%" PRIu64 "m%02" PRIu64 "s", minutes,
			    seconds % 60);
	else if (hours < 24)
		strbuf_addf(out, "%" PRIu64 "h%02" PRIu64 "m", hours,
			    minutes % 60);
	else
		strbuf_addf(out, "%" PRIu64 "d%02" PRIu64 "h", hours / 24,
			    hours % 24);
}
