#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/text/push_report.h"
#include "common/text/review_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *take(const char **p, const char *end)
{
	size_t len = strnlen(*p, (size_t)(end - *p));
	char *text = xstrndup(*p, len);

	*p += len;
	*p += *p < end;
	return text;
}

/* An address is printable ASCII, with nobody's password in front of its host. */
static void check_address(const struct strbuf *url, bool ours)
{
	const char *host;

	for (size_t i = 0; i < url->len; i++)
		if (url->buf[i] <= ' ' || url->buf[i] > '~')
			abort();
	if (strncmp(url->buf, "http://", 7) && strncmp(url->buf, "https://", 8))
		abort();
	host = strstr(url->buf, "://") + 3;
	if (ours && memchr(host, '@', strcspn(host, "/")))
		abort();
}

/* The url of a remote, two branches, and what a push printed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size;
	AUTO_FREE char *remote = take(&p, end);
	AUTO_FREE char *from = take(&p, end);
	AUTO_FREE char *into = take(&p, end);
	AUTO_FREE char *words = take(&p, end);
	const struct review_branches branches = { .from = from, .into = into };
	AUTO_STRBUF struct strbuf url = STRBUF_INIT, said = STRBUF_INIT;
	AUTO_STRBUF struct strbuf report = STRBUF_INIT;

	if (review_url(remote, &branches, &url))
		check_address(&url, true);
	else if (url.len)
		abort();
	if (review_url_said(words, &said))
		check_address(&said, false);
	push_report_rejections(words, &report);
	for (size_t i = 0; i < report.len; i++)
		if ((unsigned char)report.buf[i] < ' ' || report.buf[i] == 127)
			abort();
	return 0;
}
