#include "common/base/base.h"
#include "common/base/num.h"

static int parse(const char *s, size_t len, unsigned int base, uint64_t *out)
{
	uint64_t n = 0;

	if (!len)
		return -1;
	for (size_t i = 0; i < len; i++) {
		unsigned int digit = (unsigned char)s[i] - (unsigned int)'0';

		if (digit >= base || __builtin_mul_overflow(n, base, &n) ||
		    __builtin_add_overflow(n, digit, &n))
			return -1;
	}
	*out = n;
	return 0;
}

static int narrow(uint64_t wide, uint32_t *out)
{
	if (wide > UINT32_MAX)
		return -1;
	*out = (uint32_t)wide;
	return 0;
}

int num_parse_u64(const char *s, size_t len, uint64_t *out)
{
	return parse(s, len, 10, out);
}

int num_parse_u32(const char *s, size_t len, uint32_t *out)
{
	uint64_t wide;

	return parse(s, len, 10, &wide) < 0 ? -1 : narrow(wide, out);
}

int num_parse_octal(const char *s, size_t len, uint32_t *out)
{
	uint64_t wide;

	return parse(s, len, 8, &wide) < 0 ? -1 : narrow(wide, out);
}

int num_parse_duration(const char *s, uint64_t *seconds)
{
	static const struct {
		char unit;
		uint32_t factor;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	size_t len = strlen(s);
	uint64_t n, factor = 1;

	for (size_t i = 0; len && i < ARRAY_SIZE(units); i++) {
		if (s[len - 1] == units[i].unit) {
			factor = units[i].factor;
			len--;
			break;
		}
	}
	if (num_parse_u64(s, len, &n) < 0 || n > UINT32_MAX)
		return -1;
	*seconds = n * factor;
	return 0;
}

int num_parse_size(const char *s, uint64_t *bytes)
{
	static const char units[] = "kKmMgG";
	size_t len = strlen(s);
	unsigned int shift = 0;
	const char *unit;
	uint32_t n;

	unit = len ? strchr(units, s[len - 1]) : NULL;
	if (unit) {
		shift = ((unsigned int)(unit - units) / 2 + 1) * 10;
		len--;
	}
	if (num_parse_u32(s, len, &n) < 0)
		return -1;
	*bytes = (uint64_t)n << shift;
	return 0;
}
