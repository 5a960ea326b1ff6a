#include "common/base/base.h"
#include "common/base/strvec.h"
#include "common/sys/fileio.h"
#include "common/text/ignore_rules.h"

/*
 * Asks ignore_rules for tests: stdin is paths, each ended by NUL, directories
 * with a slash at the end; <dir>/.gitignore of each argument is read. Prints
 * the length of what is ignored of each path, one to a line.
 *
 *	ignore-probe <dir>... <paths
 */
static int add(struct ignore_rules *r, const char *dir)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_addf(&path, "%s%s.gitignore", dir, *dir ? "/" : "");
	if (file_read(AT_FDCWD, path.buf, (size_t)1 << 20, &text, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg.buf);
		return -1;
	}
	ignore_rules_add(r, dir, text.buf, text.len);
	return 0;
}

int main(int argc, char **argv)
{
	AUTO_IGNORE_RULES struct ignore_rules rules = IGNORE_RULES_INIT;
	AUTO_STRBUF struct strbuf in = STRBUF_INIT;

	for (int i = 1; i < argc; i++)
		if (add(&rules, argv[i]) < 0)
			return 1;
	if (read_rest(STDIN_FILENO, &in) < 0)
		return 1;
	for (size_t at = 0; at < in.len;) {
		char *path = in.buf + at;
		size_t len = strlen(path);
		bool is_dir = len && path[len - 1] == '/';

		if (is_dir)
			path[len - 1] = '\0';
		printf("%zu\n", ignore_rules_top(&rules, path, is_dir));
		at += len + 1;
	}
	return 0;
}
