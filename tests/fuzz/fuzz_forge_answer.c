#include "common/base/base.h"
#include "common/forge/forge_answer.h"
#include "common/forge/forge_api.h"
#include "common/forge/forge_call.h"
#include "common/text/url_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char secret[] = "s3cret";

/* What is shown is on one line, moves no cursor, and holds no token. */
static void check_words(const char *data, size_t size)
{
	AUTO_STRBUF struct strbuf words = STRBUF_INIT;

	forge_answer_words(data, size, secret, &words);
	for (size_t i = 0; i < words.len; i++)
		if ((unsigned char)words.buf[i] < ' ' || words.buf[i] == 127)
			abort();
	if (strstr(words.buf, secret) || words.len > 20000)
		abort();
}

/* A request that was read is complete, and can be changed. */
static void check_request(const struct forge *f, json_t *item)
{
	const struct forge_text text = { .title = "t", .body = "b" };
	AUTO_FORGE_REQUEST struct forge_request r = FORGE_REQUEST_INIT;
	AUTO_FORGE_STEP struct forge_step step = FORGE_STEP_INIT;

	if (f->api->read(item, &r) < 0)
		return;
	if (!r.number || !r.branch || !r.into || !url_is_web(r.url))
		abort();
	r.item = json_incref(item);
	f->api->update(f, &r, &text, &step);
	if (!step.body || strncmp(step.url.buf, f->base.buf, f->base.len) != 0)
		abort();
}

static void check_answer(const struct forge *f, json_t *answer)
{
	uint64_t cursor = f->api->first;
	const json_t *items = f->api->items(answer, &cursor);
	json_t *item;
	size_t i;

	json_array_foreach((json_t *)items, i, item)
	{
		check_request(f, item);
	}
	check_request(f, answer);
}

/* A byte that says whose answer it is, and the answer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ANSWER json_t *answer = NULL;
	struct forge f = { .base = STRBUF_INIT, .path = STRBUF_INIT };

	if (!size)
		return 0;
	strbuf_addstr(&f.base, "https://git.example.com/api");
	strbuf_addstr(&f.path, "acme/shop");
	f.api = forge_api_of(FORGE_GITHUB + data[0] % 5);
	check_words((const char *)data + 1, size - 1);
	if (!forge_answer_parse((const char *)data + 1, size - 1, &answer))
		check_answer(&f, answer);
	strbuf_release(&f.base);
	strbuf_release(&f.path);
	return 0;
}
