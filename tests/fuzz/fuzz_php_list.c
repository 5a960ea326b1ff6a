#include "common/base/base.h"
#include "common/text/deploy_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* Tokens stand one behind the other, and their lines grow. */
static void check_tokens(const char *data, size_t size, unsigned int lines)
{
	AUTO_PHP_TOKENS struct php_tokens t = PHP_TOKENS_INIT;
	const char *end = data;
	unsigned int line = 1;

	php_tokens_read(data, size, &t);
	check(t.nr && t.v[t.nr - 1].kind == PHP_END);
	check(!t.why || (t.why_line && t.why_line <= lines));
	for (size_t i = 0; i < t.nr; i++) {
		const struct php_token *token = &t.v[i];

		check(token->at >= end && token->at + token->len <= data + size);
		check(token->line >= line && token->line <= lines);
		check(token->text + token->text_len <= t.text.len);
		end = token->at + token->len;
		line = token->line;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_DEPLOY_SCRIPT struct deploy_script s = DEPLOY_SCRIPT_INIT;
	AUTO_STRBUF struct strbuf copy = STRBUF_INIT;
	unsigned int lines = 1;

	/* Most inputs should get as far as code. */
	strbuf_addstr(&copy, "<?php ");
	strbuf_add(&copy, data, size);
	for (size_t i = 0; i < copy.len; i++)
		lines += copy.buf[i] == '\n' || copy.buf[i] == '\r';
	check_tokens(copy.buf, copy.len, lines);
	deploy_script_read(copy.buf, copy.len, &s);
	check(!s.why || (s.why_line && s.why_line <= lines));
	for (size_t i = 0; i < s.nr; i++) {
		const struct deploy_event *e = &s.v[i];

		check(e->line && e->line <= lines);
		check((e->kind == DEPLOY_INCLUDE) == (e->path != NULL));
		for (size_t j = 0; j < e->list.nr; j++)
			check(e->list.v[j].text && e->list.v[j].line >= e->line);
	}
	return 0;
}
