#include "common/base/base.h"
#include "common/forge/forge.h"
#include "common/base/mem.h"
#include "common/forge/forge_call.h"

/* Of FORGE_PAGE requests each. */
#define PAGES_MAX 40

static int out_of_order(const struct forge *f, struct err *err)
{
	return err_set(err, ERR_UNKNOWN, "the answer of %s is not in order",
		       f->host.buf);
}

/* It may end up in a refspec, whoever made it up. */
static bool is_branch(const char *name)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	int valid = 0;

	strbuf_addf(&ref, "refs/heads/%s", name);
	return !git_reference_name_is_valid(&valid, ref.buf) && valid;
}

static bool is_meant(const struct forge_request *r, const struct forge_look *look)
{
	size_t len = look->prefix ? strlen(look->prefix) : 0;

	if (r->foreign || !is_branch(r->branch))
		return false;
	if (look->branch)
		return !strcmp(r->branch, look->branch);
	return len && !strncmp(r->branch, look->prefix, len) &&
	       !strchr(r->branch + len, '/');
}

/* Takes over what it read; -1 when it is not in order. */
static int read_item(const struct forge *f, json_t *item,
		     struct forge_request *out)
{
	AUTO_FORGE_REQUEST struct forge_request r = FORGE_REQUEST_INIT;

	if (f->api->read(item, &r) < 0)
		return r.foreign ? 0 : -1;
	/* A host that repeats the token must not make us print it. */
	if (f->token.secret && strstr(r.url, f->token.secret))
		return -1;
	r.item = json_incref(item);
	*out = r;
	r = (struct forge_request)FORGE_REQUEST_INIT;
	return 0;
}

/* The newest of a page that is meant, if one is. */
static int pick(const struct forge *f, const json_t *items,
		const struct forge_look *look, struct forge_request *best)
{
	json_t *item;
	size_t i;

	json_array_foreach((json_t *)items, i, item)
	{
		AUTO_FORGE_REQUEST struct forge_request r = FORGE_REQUEST_INIT;

		if (read_item(f, item, &r) < 0)
			return -1;
		if (!r.branch || !is_meant(&r, look) || r.number <= best->number)
			continue;
		forge_request_release(best);
		*best = r;
		r = (struct forge_request)FORGE_REQUEST_INIT;
	}
	return 0;
}

int forge_find(struct forge *f, const struct forge_look *look,
	       struct forge_request *out, struct err *err)
{
	uint64_t cursor = f->api->first;
	int status;

	for (int page = 0; page < PAGES_MAX; page++) {
		AUTO_FORGE_STEP struct forge_step step = FORGE_STEP_INIT;
		AUTO_FORGE_REQUEST struct forge_request best = FORGE_REQUEST_INIT;
		AUTO_ANSWER json_t *answer = NULL;
		const json_t *items;

		f->api->list(f, look, cursor, &step.url);
		if (forge_call(f, &step, &answer, &status, err) < 0)
			return err->code;
		items = f->api->items(answer, &cursor);
		if (!json_is_array(items) || pick(f, items, look, &best) < 0)
			return out_of_order(f, err);
		if (best.number) {
			*out = best;
			best = (struct forge_request)FORGE_REQUEST_INIT;
			return 0;
		}
		if (!cursor)
			return err_set(err, ERR_NOTFOUND,
				       "%s has no such open request",
				       f->host.buf);
	}
	return err_set(err, ERR_FAILED,
		       "%s has more than %d open requests to look through",
		       f->host.buf, PAGES_MAX * FORGE_PAGE);
}

static int post(struct forge *f, const struct forge_text *text,
		struct forge_request *out, int *status, struct err *err)
{
	AUTO_FORGE_STEP struct forge_step step = FORGE_STEP_INIT;
	AUTO_FORGE_REQUEST struct forge_request r = FORGE_REQUEST_INIT;
	AUTO_ANSWER json_t *answer = NULL;

	f->api->create(f, text, &step);
	if (forge_call(f, &step, &answer, status, err) < 0)
		return err->code;
	if (read_item(f, answer, &r) < 0 || !r.branch ||
	    strcmp(r.branch, text->branch) != 0)
		return out_of_order(f, err);
	*out = r;
	r = (struct forge_request)FORGE_REQUEST_INIT;
	return 0;
}

static int hand_over(struct err *from, struct err *err)
{
	err_set(err, from->code, "%s", from->msg.buf);
	return from->hint.len ? err_hint(err, "%s", from->hint.buf) : err->code;
}

/* The answer may be lost, or a refusal because there is one: which is it? */
static int look_again(struct forge *f, const struct forge_text *text,
		      struct forge_request *out, struct err *failed,
		      struct err *err)
{
	const struct forge_look look = { .branch = text->branch };
	AUTO_ERR struct err lost = ERR_INIT;
	int ret = forge_find(f, &look, out, &lost);

	if (!ret)
		return 0;
	if (ret == ERR_NOTFOUND) {
		if (failed->code == ERR_UNKNOWN)
			failed->code = ERR_FAILED;
		return hand_over(failed, err);
	}
	if (failed->code == ERR_REFUSED)
		return hand_over(failed, err);
	err_set(err, ERR_UNKNOWN,
		"it is not known whether the request was opened: %s; then %s",
		failed->msg.buf, lost.msg.buf);
	return err_hint(err, "the same command again looks for it first");
}

int forge_create(struct forge *f, const struct forge_text *text,
		 struct forge_request *out, bool *existed, struct err *err)
{
	const struct forge_look look = { .branch = text->branch };
	AUTO_ERR struct err missing = ERR_INIT;
	int ret = forge_find(f, &look, out, &missing), status;

	*existed = !ret;
	if (ret != ERR_NOTFOUND)
		return ret < 0 ? hand_over(&missing, err) : 0;
	for (int again = 0; again < 2; again++) {
		AUTO_ERR struct err failed = ERR_INIT, why = ERR_INIT;

		ret = post(f, text, out, &status, &failed);
		if (!ret)
			return 0;
		if (ret != ERR_REFUSED && ret != ERR_UNKNOWN)
			return hand_over(&failed, err);
		*existed = ret == ERR_REFUSED;
		ret = look_again(f, text, out, &failed, &why);
		/* In trouble, and nothing was opened: once more. */
		if (ret != ERR_FAILED || status < 500 || again)
			return ret < 0 ? hand_over(&why, err) : 0;
		if (forge_wait(1, err) < 0)
			return err->code;
	}
	return ret;
}

int forge_update(struct forge *f, const struct forge_request *at,
		 const struct forge_text *text, struct err *err)
{
	AUTO_FORGE_STEP struct forge_step step = FORGE_STEP_INIT;
	AUTO_ANSWER json_t *answer = NULL;
	int status;

	f->api->update(f, at, text, &step);
	return forge_call(f, &step, &answer, &status, err);
}
