#include "common/base/base.h"
#include "common/base/strvec.h"
#include "common/sys/fileio.h"
#include "common/text/attribute_rules.h"
#include "common/text/ignore_rules.h"

/*
 * Asks ignore_rules and attribute_rules for tests: stdin is paths, each ended
 * by NUL, directories with a slash at the end; <dir>/.gitignore of each
 * argument is read, or <dir>/.gitattributes. Prints for each path the length
 * of what is ignored of it, or 1 when the attribute is set for it.
 *
 *	ignore-probe <dir>... <paths
 *	ignore-probe -a <attribute> <dir>... <paths
 */
struct probe {
	const char *attribute; /* NULL: what is ignored */
	struct ignore_rules ignored;
	struct attribute_rules set;
};

static void probe_release(struct probe *p)
{
	ignore_rules_release(&p->ignored);
	attribute_rules_release(&p->set);
}

static int add(struct probe *p, const char *dir)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_addf(&path, "%s%s%s", dir, *dir ? "/" : "",
		    p->attribute ? ".gitattributes" : ".gitignore");
	if (file_read(AT_FDCWD, path.buf, (size_t)1 << 20, &text, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg.buf);
		return -1;
	}
	if (p->attribute)
		attribute_rules_add(&p->set, dir, text.buf, text.len);
	else
		ignore_rules_add(&p->ignored, dir, text.buf, text.len);
	return 0;
}

static size_t ask(const struct probe *p, const char *path, bool is_dir)
{
	const char *slash = strrchr(path, '/');
	const struct path_part part = {
		.path = path,
		.len = strlen(path),
		.name = slash ? (size_t)(slash + 1 - path) : 0,
		.is_dir = is_dir,
	};

	if (p->attribute)
		return attribute_rules_set(&p->set, p->attribute, &part);
	return ignore_rules_top(&p->ignored, path, is_dir);
}

int main(int argc, char **argv)
{
	CLEANUP(probe_release) struct probe p = { .attribute = NULL };
	AUTO_STRBUF struct strbuf in = STRBUF_INIT;
	int first = 1;

	if (argc > 2 && !strcmp(argv[1], "-a")) {
		p.attribute = argv[2];
		first = 3;
	}
	for (int i = first; i < argc; i++)
		if (add(&p, argv[i]) < 0)
			return 1;
	if (read_rest(STDIN_FILENO, &in) < 0)
		return 1;
	for (size_t at = 0; at < in.len;) {
		char *path = in.buf + at;
		size_t len = strlen(path);
		bool is_dir = len && path[len - 1] == '/';

		if (is_dir)
			path[len - 1] = '\0';
		printf("%zu\n", ask(&p, path, is_dir));
		at += len + 1;
	}
	return 0;
}
