#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/ui/opts.h"
#include "common/ui/screen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is made safe must stay what it is when that is done again. */
static void check_safe(const char *text, size_t len)
{
	AUTO_STRBUF struct strbuf once = STRBUF_INIT;
	AUTO_STRBUF struct strbuf twice = STRBUF_INIT;

	screen_add_line(&once, text, len);
	screen_add_line(&twice, once.buf, once.len);
	for (size_t i = 0; i < once.len; i++)
		if ((unsigned char)once.buf[i] < 0x20)
			abort();
	if (once.len != twice.len || memcmp(once.buf, twice.buf, once.len) != 0)
		abort();
	if (screen_width(once.buf, once.len) > 2 * once.len)
		abort();
}

/* Splits the input at NULs into argv and parses it with every kind there is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const usage[] = { "fuzz", NULL };
	AUTO_FREE char *copy = xcalloc(size + 1, 1);
	AUTO_STRVEC struct strvec list = STRVEC_INIT;
	const char *text = NULL, *maybe = NULL;
	bool flag = false, no_flag = false;
	uint64_t number = 0, seconds = 0;
	char *argv[18];
	int argc = 1, level = 0;
	const struct opt opts[] = {
		OPT_BOOL('n', "dry-run", &flag, "h"),
		OPT_BOOL(0, "no-sync", &no_flag, "h"),
		OPT_STRING('t', "to", &text, "x", "h"),
		OPT_OPTIONAL('w', "wait", &maybe, "x", "", "h"),
		OPT_U64('k', "keep", &number, "n", "h"),
		OPT_DURATION(0, "timeout", &seconds, "time", "h"),
		OPT_LIST(0, "skip-gate", &list, "x", "h"),
		OPT_VERBOSITY(&level),
		OPT_END()
	};

	memcpy(copy, data, size);
	check_safe(copy, size);
	argv[0] = copy + size;
	for (char *p = copy; p < copy + size && argc < 17; p += strlen(p) + 1)
		argv[argc++] = p;
	argv[argc] = NULL;
	if (opts_parse(&argc, argv, opts, usage) == OPTS_OK && argv[argc])
		abort();
	return 0;
}
