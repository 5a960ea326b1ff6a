#include "common/base/base.h"
#include "git-serversync/gits_path.h"

/*
 * The length of a character that HFS+ ignores in names (git's utf8.c,
 * next_hfs_char()), at the beginning of s; 0 for all others.
 */
static size_t ignored_by_hfs(const unsigned char *s)
{
	if (s[0] == 0xef)
		return s[1] == 0xbb && s[2] == 0xbf ? 3 : 0;
	if (s[0] != 0xe2)
		return 0;
	if (s[1] == 0x80) /* U+200C to U+200F, U+202A to U+202E */
		return (s[2] >= 0x8c && s[2] <= 0x8f) ||
				       (s[2] >= 0xaa && s[2] <= 0xae)
			       ? 3
			       : 0;
	return s[1] == 0x81 && s[2] >= 0xaa && s[2] <= 0xaf ? 3 : 0;
}

/* "git~1", "gitmod~1", and "gi7eba~1", whose digits are a hash. */
static bool is_short_name(const char *s)
{
	size_t n = 2 + strspn(s + 2, "0123456789abcdefABCDEF");

	if (!strncasecmp(s, "git", 3))
		n = 3 + strcspn(s + 3, "~");
	return n <= 6 && s[n] == '~' && s[n + 1] >= '0' && s[n + 1] <= '9';
}

static bool is_gits(const char *name, size_t len)
{
	char start[16];
	size_t n = 0;

	for (size_t i = 0; i < len && n + 1 < sizeof(start);) {
		size_t skip = ignored_by_hfs((const unsigned char *)name + i);

		i += skip;
		if (!skip)
			start[n++] = name[i++];
	}
	start[n] = '\0';
	if (!strncasecmp(start, ".git", 4))
		return true;
	return !strncasecmp(start, "gi", 2) && is_short_name(start);
}

bool path_is_gits(const char *path)
{
	for (;;) {
		size_t len = strcspn(path, "/");

		if (is_gits(path, len))
			return true;
		if (!path[len])
			return false;
		path += len + 1;
	}
}
