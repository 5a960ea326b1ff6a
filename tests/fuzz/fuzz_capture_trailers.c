#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/git/capture_trailers.h"

#include <git2.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc UNUSED, char ***argv UNUSED)
{
	return git_libgit2_init() < 0;
}

static void read_trailers(const char *message, struct capture_trailers *t)
{
	AUTO_ERR struct err err = ERR_INIT;

	if (capture_trailers_read(message, t, &err) < 0)
		abort();
}

/* What is read from any message says the same when it is written anew. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_CAPTURE_TRAILERS struct capture_trailers a = CAPTURE_TRAILERS_INIT;
	AUTO_CAPTURE_TRAILERS struct capture_trailers b = CAPTURE_TRAILERS_INIT;
	AUTO_FREE char *message = xstrndup((const char *)data, size);
	AUTO_STRBUF struct strbuf one = STRBUF_INIT, two = STRBUF_INIT;

	read_trailers(message, &a);
	strbuf_addstr(&one, "x\n\n");
	capture_trailers_write(&a, &one);
	read_trailers(one.buf, &b);
	strbuf_addstr(&two, "x\n\n");
	capture_trailers_write(&b, &two);
	if (strcmp(one.buf, two.buf) != 0 || b.unreadable.nr)
		abort();
	return 0;
}
