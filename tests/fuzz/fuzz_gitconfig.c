#include "common/base/base.h"
#include "common/text/gitconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines only grow, and never past the number of lines there are. */
static void check_lines(const struct gitconfig *gc, unsigned int lines)
{
	unsigned int before = 0;

	for (size_t i = 0; i < gc->nr; i++) {
		const struct gitconfig_entry *e = &gc->entries[i];

		if (!e->section || !e->name || !*e->name || e->line < before ||
		    e->line > lines || e->section_line > e->line)
			abort();
		before = e->line;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_GITCONFIG struct gitconfig gc = GITCONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	unsigned int lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	if (!gitconfig_parse((const char *)data, size, "f", &gc, &err))
		check_lines(&gc, lines);
	else if (!err.msg.len || gc.nr)
		abort();
	return 0;
}
