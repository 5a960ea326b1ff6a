#include "common/base/base.h"
#include "git-serversync/capture_class.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* What is said never shows a byte of the file: it is made of our words. */
static void check_why(const struct class_verdict *v)
{
	check(v->class <= CLASS_HOTFIX && v->why.len < 100);
	for (size_t i = 0; i < v->why.len; i++)
		check(v->why.buf[i] >= ' ' && v->why.buf[i] <= '~');
	check(v->class > CLASS_SUSPICIOUS || v->why.len);
}

/* A file that is as git has it has no news in it. */
static void check_same(const struct class_input *in)
{
	AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;
	struct class_input same = *in;

	same.status = 'M';
	same.in_commit = true;
	same.old = in->content;
	same.old_len = in->len;
	if (capture_class_by_name(&same, &v))
		return;
	capture_classify(&same, &v);
	check(v.class == CLASS_HOTFIX);
}

/* A path, a NUL, the old content, a NUL, the new content. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	const char *p = (const char *)data, *end = p + size, *nul;
	struct class_input in = { .status = 'A', .st_mode = S_IFREG | 0644 };

	nul = memchr(p, '\0', size);
	if (!nul)
		return 0;
	strbuf_add(&path, p, (size_t)(nul - p));
	in.path = path.buf;
	p = nul + 1;
	nul = memchr(p, '\0', (size_t)(end - p));
	if (nul) {
		in.old = p;
		in.old_len = (size_t)(nul - p);
		p = nul + 1;
	}
	in.content = p;
	in.len = (size_t)(end - p);
	in.in_commit = in.old_len != 0;
	capture_classify(&in, &v);
	check_why(&v);
	check_same(&in);
	return 0;
}
