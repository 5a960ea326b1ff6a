#include "common/base/base.h"
#include "git-release/log_lines.h"

#include "common/base/mem.h"
#include "common/base/num.h"

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
	};
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
	return log_lines_take(out, &reply, err);
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
