#include "common/base/base.h"
#include "common/forge/forge_call.h"
#include "common/net/https.h"
#include "common/sys/signals.h"

#include <time.h>

#define WAIT_MAX 10 /* seconds */

void forge_step_release(struct forge_step *s)
{
	strbuf_release(&s->url);
	json_decref(s->body);
}

int forge_wait(int64_t seconds, struct err *err)
{
	struct timespec left = { .tv_sec = seconds < 1 ? 1 : seconds };

	if (left.tv_sec > WAIT_MAX)
		left.tv_sec = WAIT_MAX;
	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		if (signals_check(err) < 0)
			return err->code;
	return 0;
}

static int send_once(struct forge *f, const struct forge_step *step,
		     struct https_reply *reply, struct err *err)
{
	AUTO_STRVEC struct strvec headers = STRVEC_INIT;
	AUTO_FREE char *body = NULL;
	const struct https_settings settings = {
		.ca_info = f->network.ca_info,
		.ca_path = f->network.ca_path,
		.proxy = f->network.proxy,
	};

	if (f->api->accept)
		strvec_push(&headers, f->api->accept);
	if (f->api->version)
		strvec_push(&headers, f->api->version);
	body = step->body ? json_dumps(step->body, JSON_COMPACT) : NULL;
	return https_call(&settings,
			  &(struct https_request){
				  .method = step->method,
				  .url = step->url.buf,
				  .headers = &headers,
				  .user = f->token.user,
				  .secret = f->token.secret,
				  .body = body,
			  },
			  reply, err);
}

/* GitHub says 403 to who asks too often, too, and when to come back. */
static bool is_busy(const struct https_reply *reply)
{
	return reply->status == 429 ||
	       (reply->status == 403 && reply->retry_after);
}

static bool may_repeat(const struct forge_step *step,
		       const struct https_reply *reply)
{
	if (reply->retry_after > WAIT_MAX)
		return false;
	if (is_busy(reply))
		return true;
	return reply->status >= 500 && strcmp(step->method, "POST") != 0;
}

static int send(struct forge *f, const struct forge_step *step,
		struct https_reply *reply, struct err *err)
{
	int ret = send_once(f, step, reply, err);

	if (ret < 0 || !may_repeat(step, reply))
		return ret;
	if ((ret = forge_wait(reply->retry_after, err)) < 0)
		return ret;
	return send_once(f, step, reply, err);
}

static int redirected(const struct forge *f, const struct https_reply *reply,
		      struct err *err)
{
	AUTO_STRBUF struct strbuf host = STRBUF_INIT, shown = STRBUF_INIT;

	if (!reply->location.len)
		return err_set(err, ERR_FAILED, "%s leads on to nowhere (%d)",
			       f->host.buf, reply->status);
	https_host(reply->location.buf, &host);
	forge_answer_show(host.buf, host.len, f->token.secret, &shown);
	err_set(err, ERR_FAILED,
		"%s leads on to '%s', where the token is not sent", f->host.buf,
		shown.buf);
	return err_hint(err, "git config serversync.api https://<host>/... "
			     "names the right one");
}

/* What we were told, in front of what they said. */
static int set_words(const struct forge *f, const struct https_reply *reply,
		     struct err *err)
{
	AUTO_STRBUF struct strbuf words = STRBUF_INIT;

	forge_answer_words(reply->body.buf, reply->body.len, f->token.secret,
			   &words);
	if (words.len)
		strbuf_addf(&err->msg, ": %s", words.buf);
	return err->code;
}

static int refused(const struct forge *f, const struct forge_step *step,
		   const struct https_reply *reply, struct err *err)
{
	const char *host = f->host.buf, *source = f->token.source;
	const char *right = f->api->right;
	bool post = !strcmp(step->method, "POST");
	int status = reply->status;

	if (status >= 300 && status < 400)
		return redirected(f, reply, err);
	if (is_busy(reply) && !reply->retry_after)
		err_set(err, ERR_FAILED,
			"%s answers no more requests of %s for now", host,
			source);
	else if (is_busy(reply))
		err_set(err, ERR_FAILED,
			"%s answers no more requests of %s for %" PRId64
			" seconds",
			host, source, reply->retry_after);
	else if (status == 401)
		err_set(err, ERR_FAILED,
			"%s does not accept the token of %s, which needs %s",
			host, source, right);
	else if (status == 403)
		err_set(err, ERR_FAILED,
			"%s does not allow it with the token of %s, which "
			"needs %s",
			host, source, right);
	else if (status == 404)
		err_set(err, ERR_FAILED,
			"%s has no '%s' for the token of %s, which needs %s",
			host, f->path.buf, source, right);
	else if (status >= 500)
		err_set(err, post ? ERR_UNKNOWN : ERR_FAILED,
			"%s is in trouble (%d)", host, status);
	else
		err_set(err, ERR_REFUSED, "%s refuses it (%d)", host, status);
	return set_words(f, reply, err);
}

static int no_json(const struct forge *f, const struct https_reply *reply,
		   struct err *err)
{
	err_set(err, ERR_UNKNOWN, "what %s answers is no JSON", f->host.buf);
	set_words(f, reply, err);
	return err_hint(err,
			"git config serversync.api names where %s's "
			"service is",
			f->api->name);
}

static int call(struct forge *f, const struct forge_step *step, json_t **out,
		int *status, struct err *err)
{
	AUTO_HTTPS_REPLY struct https_reply reply = HTTPS_REPLY_INIT;
	int ret;

	*status = 0;
	if ((ret = forge_network_load(f->repo, f->base.buf, &f->network, err)) <
		    0 ||
	    (ret = send(f, step, &reply, err)) < 0)
		return ret;
	*status = reply.status;
	if (reply.status >= 200 && reply.status < 300)
		forge_token_tell(&f->token, true);
	else if (reply.status == 401 && !f->pushes)
		forge_token_tell(&f->token, false);
	if (reply.status < 200 || reply.status >= 300)
		return refused(f, step, &reply, err);
	if (forge_answer_parse(reply.body.buf, reply.body.len, out) < 0)
		return no_json(f, &reply, err);
	return 0;
}

int forge_call(struct forge *f, const struct forge_step *step, json_t **out,
	       int *status, struct err *err)
{
	int ret = call(f, step, out, status, err);

	/* Looking does nothing, whether it was heard or not. */
	if (ret == ERR_UNKNOWN && !strcmp(step->method, "GET"))
		ret = err->code = ERR_FAILED;
	return ret;
}
