#include "common/base/base.h"
#include "git-release/log_lines.h"

#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/sys/clock.h"

void log_lines_release(struct log_lines *l)
{
	strvec_release(&l->texts);
	free(l->v);
	*l = (struct log_lines)LOG_LINES_INIT;
}

/* "seq TAB time TAB event TAB release TAB package TAB version TAB who TAB
 * note"; the note may hold tabs of its own. */
static int split(char *text, struct log_line *line)
{
	char *fields[8], *p = text;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		char *tab = i + 1 < ARRAY_SIZE(fields) ? strchr(p, '\t') : NULL;

		if (!tab && i + 1 < ARRAY_SIZE(fields))
			return -1;
		fields[i] = p;
		if (tab) {
			*tab = '\0';
			p = tab + 1;
		}
	}
	*line = (struct log_line){
		.time = fields[1],
		.event = fields[2],
		.release = fields[3],
		.package = fields[4],
		.version = fields[5],
		.who = fields[6],
		.note = fields[7],
		.took = -1,
		.live_for = -1,
	};
	if (clock_parse(line->time, &line->at, NULL) < 0)
		line->at = -1;
	return num_parse_u64(fields[0], strlen(fields[0]), &line->seq);
}

int log_lines_take(struct log_lines *out, const struct message *reply,
		   struct err *err)
{
	const char *text;
	size_t at = 0;

	while ((text = message_next(reply, "line", &at))) {
		struct log_line line;

		strvec_push(&out->texts, text);
		if (split(out->texts.v[out->texts.nr - 1], &line) < 0)
			return err_set(err, ERR_FAILED,
				       "the agent's log is not in order");
		ALLOC_GROW(out->v, out->nr + 1, out->alloc);
		out->v[out->nr++] = line;
	}
	return 0;
}

int log_lines_ask(struct host *h, uint64_t limit, struct log_lines *out,
		  struct err *err)
{
	AUTO_STRBUF struct strbuf request = STRBUF_INIT;
	AUTO_MESSAGE struct message reply = MESSAGE_INIT;

	request_begin(&request, "log");
	request_add(&request, "limit", "%" PRIu64,
		    limit < LOG_LINES_MAX ? limit : LOG_LINES_MAX);
	if (host_call(h, &request, &reply, err) < 0)
		return err->code;
	if (log_lines_take(out, &reply, err) < 0)
		return err->code;
	log_lines_measure(out);
	return 0;
}

static bool is(const struct log_line *l, const char *event)
{
	return !strcmp(l->event, event);
}

/* Where the run that this line ends began; NULL: before what we know. */
static const struct log_line *run_start(const struct log_lines *l, size_t end)
{
	const struct log_line *start = NULL;

	for (size_t i = end; i--;) {
		const struct log_line *at = &l->v[i];

		if (strcmp(at->release, l->v[end].release) != 0)
			continue;
		if (is(at, "healthy") || is(at, "failed"))
			break;
		if (is(at, "staging") || is(at, "activating"))
			start = at;
		if (is(at, "staging"))
			break;
	}
	return start;
}

void log_lines_measure(struct log_lines *l)
{
	struct log_line *live = NULL;

	for (size_t i = 0; i < l->nr; i++) {
		struct log_line *line = &l->v[i];
		const struct log_line *start = NULL;

		if (is(line, "healthy") || is(line, "failed"))
			start = run_start(l, i);
		if (start && start->at >= 0 && line->at >= start->at)
			line->took = (line->at - start->at) * 1000;
		if (!is(line, "active"))
			continue;
		if (live && live->at >= 0 && line->at >= live->at)
			live->live_for = line->at - live->at;
		live = line;
	}
}

const char *log_lines_since(const struct log_lines *l, const char *id)
{
	for (size_t i = l->nr; i--;)
		if (!strcmp(l->v[i].event, "active"))
			return strcmp(l->v[i].release, id) ? NULL : l->v[i].time;
	return NULL;
}

bool log_lines_proven(const struct log_lines *l, const char *id)
{
	bool healthy = false;

	for (size_t i = l->nr; i--;) {
		bool same = !strcmp(l->v[i].release, id);

		if (!strcmp(l->v[i].event, "active"))
			return same && healthy;
		if (same && !strcmp(l->v[i].event, "healthy"))
			healthy = true;
	}
	return false;
}
