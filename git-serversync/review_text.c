#include "common/base/base.h"
#include "git-serversync/review_text.h"

/* One push option is one packet of git's, which holds 65,516 bytes. */
#define OPTION_MAX 60000

static const char cut_note[] =
	"\n\n*The text is longer than this forge takes, and ends here.*\n";

/* Where a text of at most max bytes ends: behind a line, else a character. */
static size_t end_of(const char *body, size_t max)
{
	size_t end = max;

	while (end && body[end] != '\n')
		end--;
	if (end)
		return end;
	end = max;
	while (end && ((unsigned char)body[end] & 0xc0) == 0x80)
		end--;
	return end;
}

bool review_text_fit(const char *body, size_t max, struct strbuf *out)
{
	size_t note = sizeof(cut_note) - 1;

	if (strlen(body) <= max) {
		strbuf_addstr(out, body);
		return false;
	}
	strbuf_add(out, body, end_of(body, max > note ? max - note : 0));
	strbuf_addstr(out, cut_note);
	return true;
}

/* Without the bytes that end or garble an option. */
static void add_option(struct strvec *out, const char *name, const char *value)
{
	AUTO_STRBUF struct strbuf option = STRBUF_INIT;

	strbuf_addf(&option, "--push-option=merge_request.%s=", name);
	for (const char *p = value; *p; p++) {
		if (*p == '\n')
			strbuf_addstr(&option, "\\n");
		else if ((unsigned char)*p >= ' ' && *p != 0x7f)
			strbuf_addch(&option, *p);
	}
	strvec_push(out, option.buf);
}

void review_text_options(const struct forge_text *text, struct strvec *out)
{
	AUTO_STRBUF struct strbuf body = STRBUF_INIT;

	/* Each line end becomes two bytes. */
	(void)review_text_fit(text->body, OPTION_MAX / 2, &body);
	strvec_push(out, "--push-option=merge_request.create");
	add_option(out, "target", text->into);
	add_option(out, "title", text->title);
	add_option(out, "description", body.buf);
}

bool review_text_is_request(const char *url)
{
	static const char *const parts[] = { "/merge_requests/",
					     "/pull-requests/", "/pulls/",
					     "/pull/" };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const char *p = strstr(url, parts[i]);

		if (!p)
			continue;
		p += strlen(parts[i]);
		if (*p >= '0' && *p <= '9' && !p[strspn(p, "0123456789")])
			return true;
	}
	return false;
}
