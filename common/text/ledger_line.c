#include "common/base/base.h"
#include "common/text/ledger_line.h"

#include "common/base/num.h"

#define SUM_LEN 16

static const char *const event_names[LEDGER_EVENTS] = {
	[LEDGER_STAGING] = "staging",	[LEDGER_STAGED] = "staged",
	[LEDGER_PREPARED] = "prepared", [LEDGER_ACTIVATING] = "activating",
	[LEDGER_ACTIVE] = "active",	[LEDGER_HEALTHY] = "healthy",
	[LEDGER_FAILED] = "failed",	[LEDGER_ROLLEDBACK] = "rolledback",
	[LEDGER_BAD] = "bad",		[LEDGER_PRUNING] = "pruning",
	[LEDGER_PRUNED] = "pruned",
};

const char *ledger_event_name(enum ledger_event event)
{
	return event_names[event];
}

/* FNV-1a, 64 bits: against torn and flipped bytes, not against people. */
static uint64_t line_sum(const char *s, size_t len)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 0x100000001b3u;
	return h;
}

static void add_field(struct strbuf *out, const char *s)
{
	if (!s || !*s || !strcmp(s, "-")) {
		strbuf_addstr(out, s && *s ? "%2D\t" : "-\t");
		return;
	}
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == 0x7f || c == '%')
			strbuf_addf(out, "%%%02X", c);
		else
			strbuf_addch(out, c);
	}
	strbuf_addch(out, '\t');
}

void ledger_line_format(struct strbuf *out, const struct ledger_line *line)
{
	size_t start = out->len;

	strbuf_addf(out, "%" PRIu64 "\t", line->seq);
	add_field(out, line->time);
	add_field(out, event_names[line->event]);
	add_field(out, line->release);
	add_field(out, line->package);
	add_field(out, line->version);
	add_field(out, line->who);
	add_field(out, line->note);
	strbuf_addf(out, "%016" PRIx64 "\n",
		    line_sum(out->buf + start, out->len - start));
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int unescape(char *s)
{
	char *out = s;

	if (!strcmp(s, "-")) {
		*s = '\0';
		return 0;
	}
	for (; *s; s++, out++) {
		int high, low;

		*out = *s;
		if (*s != '%')
			continue;
		high = hex(s[1]);
		low = high < 0 ? -1 : hex(s[2]);
		if (low < 0 || !(high | low))
			return -1;
		*out = (char)(high << 4 | low);
		s += 2;
	}
	*out = '\0';
	return 0;
}

static int event_from(const char *name, enum ledger_event *event)
{
	for (int i = 0; i < LEDGER_EVENTS; i++) {
		if (!strcmp(name, event_names[i])) {
			*event = (enum ledger_event)i;
			return 0;
		}
	}
	return -1;
}

int ledger_line_parse(char *text, struct ledger_line *line)
{
	size_t len = strlen(text);
	char *fields[8], *p = text, sum[SUM_LEN + 1];

	if (len < SUM_LEN + 1 || text[len - SUM_LEN - 1] != '\t')
		return -1;
	snprintf(sum, sizeof(sum), "%016" PRIx64, line_sum(text, len - SUM_LEN));
	if (strcmp(sum, text + len - SUM_LEN))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		char *tab = strchr(p, '\t');

		if (!tab)
			return -1;
		*tab = '\0';
		fields[i] = p;
		p = tab + 1;
		if (unescape(fields[i]) < 0)
			return -1;
	}
	if (num_parse_u64(fields[0], strlen(fields[0]), &line->seq) < 0 ||
	    event_from(fields[2], &line->event) < 0 || !release_id_ok(fields[3]))
		return -1;
	line->time = fields[1];
	line->release = fields[3];
	line->package = fields[4];
	line->version = fields[5];
	line->who = fields[6];
	line->note = fields[7];
	return 0;
}

bool release_id_ok(const char *id)
{
	size_t len = strlen(id);

	if (!len || len > 128)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = id[i];
		bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z');

		if (!word && (!i || (c != '.' && c != '_' && c != '-')))
			return false;
	}
	return true;
}
