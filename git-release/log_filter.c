#include "common/base/base.h"
#include "git-release/log_filter.h"

#include "common/base/num.h"
#include "common/sys/clock.h"
#include "common/text/quote.h"

#define SHOWN_MAX 60

static int bad(struct err *err, const char *option, const char *text,
	       const char *why)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, text, strnlen(text, SHOWN_MAX));
	return err_set(err, ERR_USAGE, "--%s '%s' %s", option, shown.buf, why);
}

static int read_time(const char *option, const char *text, int64_t now,
		     int64_t *when, int64_t *length, struct err *err)
{
	uint64_t ago;

	if (!clock_parse(text, when, length))
		return 0;
	if (num_parse_duration(text, &ago) < 0 || ago > (uint64_t)now)
		return bad(
			err, option, text,
			"is no UTC time such as 2026-11-26 or "
			"2026-11-26T09:30, nor one that has passed such as 2d");
	*when = now - (int64_t)ago;
	*length = 1;
	return 0;
}

static bool is_known(const char *known, const char *event)
{
	size_t len = strlen(event);

	for (const char *p = known; *p;) {
		size_t n = strcspn(p, " ");

		if (n == len && !memcmp(p, event, n))
			return true;
		p += n + (p[n] == ' ');
	}
	return false;
}

int log_filter_read(struct log_filter *f, int64_t now, const char *known,
		    struct err *err)
{
	AUTO_STRBUF struct strbuf why = STRBUF_INIT;
	int64_t length = 0;

	if (f->since &&
	    read_time("since", f->since, now, &f->from, &length, err) < 0)
		return err->code;
	if (f->until) {
		if (read_time("until", f->until, now, &f->to, &length, err) < 0)
			return err->code;
		f->to += length;
	}
	strbuf_addf(&why, "is none of: %s", known);
	for (size_t i = 0; i < f->events.nr; i++)
		if (!is_known(known, f->events.v[i]))
			return bad(err, "event", f->events.v[i], why.buf);
	return 0;
}

static bool wants_event(const struct log_filter *f, const char *event)
{
	for (size_t i = 0; i < f->events.nr; i++)
		if (!strcmp(f->events.v[i], event))
			return true;
	return !f->events.nr;
}

bool log_filter_wants(const struct log_filter *f, const struct log_line *line)
{
	if (line->at < f->from || line->at >= f->to ||
	    !wants_event(f, line->event))
		return false;
	if (f->by && !strcasestr(line->who, f->by))
		return false;
	if (f->environment && line->environment &&
	    strcmp(line->environment, f->environment) != 0)
		return false;
	return !f->version || !strcmp(line->version, f->version) ||
	       (f->release && !strcmp(line->release, f->release));
}

bool log_filter_is_set(const struct log_filter *f)
{
	return f->since || f->until || f->events.nr || f->by || f->version;
}

void log_filter_apply(const struct log_filter *f, uint64_t max,
		      struct log_lines *lines)
{
	size_t kept = lines->nr;

	/* From the newest one down, to the end of the list. */
	for (size_t i = lines->nr; i-- && lines->nr - kept < max;)
		if (log_filter_wants(f, &lines->v[i]))
			lines->v[--kept] = lines->v[i];
	if (kept)
		memmove(lines->v, lines->v + kept,
			(lines->nr - kept) * sizeof(*lines->v));
	lines->nr -= kept;
}
