#include "common/base/base.h"
#include "git-release/log_records.h"

#include "common/base/mem.h"
#include "common/model/records.h"
#include "common/sys/clock.h"

#include <jansson.h>

/* Nobody reads more, and notes may have been made up. */
#define RECORDS_MAX 100000

struct reading {
	git_repository *repo;
	struct log_lines *out;
};

/* A text of its own; "" when it is not there. */
static const char *text(struct log_lines *out, const json_t *record,
			const char *key)
{
	const char *value = json_string_value(json_object_get(record, key));

	strvec_push(&out->texts, value ? value : "");
	return out->texts.v[out->texts.nr - 1];
}

/* Why it failed, or what it cost. */
static const char *note(struct log_lines *out, const json_t *record)
{
	const json_t *edits = json_object_get(record, "discarded_edits");

	if (!json_is_integer(edits) || json_integer_value(edits) <= 0 ||
	    json_object_get(record, "reason"))
		return text(out, record, "reason");
	strvec_pushf(&out->texts, "%lld server edit%s discarded",
		     (long long)json_integer_value(edits),
		     json_integer_value(edits) == 1 ? "" : "s");
	return out->texts.v[out->texts.nr - 1];
}

static int take_line(const char *bytes, size_t len, void *ctx)
{
	const struct reading *r = ctx;
	struct log_lines *out = r->out;
	json_t *record = json_loadb(bytes, len, 0, NULL);
	const json_t *ms = json_object_get(record, "milliseconds");
	struct log_line line = { .took = -1, .live_for = -1 };

	if (json_is_object(record) && out->nr < RECORDS_MAX) {
		line.time = text(out, record, "at");
		line.id = text(out, record, "event");
		line.event = text(out, record, "what");
		if (!strcmp(line.event, "rolled back"))
			line.event = "rolledback";
		line.environment = text(out, record, "environment");
		line.version = text(out, record, "tag");
		line.package = text(out, record, "package");
		line.release = text(out, record, "release");
		line.previous = text(out, record, "previous");
		line.host = text(out, record, "host");
		line.who = text(out, record, "who");
		line.note = note(out, record);
		if (json_is_integer(ms) && json_integer_value(ms) >= 0)
			line.took = (int64_t)json_integer_value(ms);
		if (!clock_parse(line.time, &line.at, NULL)) {
			ALLOC_GROW(out->v, out->nr + 1, out->alloc);
			out->v[out->nr++] = line;
		}
	}
	json_decref(record);
	return 0;
}

static int take_commit(const git_oid *commit, void *ctx, struct err *err)
{
	const struct reading *r = ctx;

	return records_each(r->repo, commit, take_line, ctx, err);
}

static int by_time(const void *a, const void *b)
{
	const struct log_line *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int by_environment(const void *a, const void *b)
{
	const struct log_line *x = a, *y = b;
	int order = strcmp(x->environment, y->environment);

	return order ? order : by_time(a, b);
}

/* Live until the next one went live on the same environment. */
static void measure(struct log_lines *out)
{
	const struct log_line *next = NULL;

	qsort(out->v, out->nr, sizeof(*out->v), by_environment);
	for (size_t i = out->nr; i--;) {
		struct log_line *l = &out->v[i];

		if (!strcmp(l->event, "failed"))
			continue;
		if (next && !strcmp(l->environment, next->environment))
			l->live_for = next->at - l->at;
		next = l;
	}
	qsort(out->v, out->nr, sizeof(*out->v), by_time);
}

int log_records_read(git_repository *repo, struct log_lines *out, struct err *err)
{
	struct reading r = { .repo = repo, .out = out };
	int ret = records_each_commit(repo, take_commit, &r, err);

	if (ret < 0)
		return ret;
	if (out->nr)
		measure(out);
	return 0;
}
