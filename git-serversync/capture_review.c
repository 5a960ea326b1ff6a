#include "common/base/base.h"
#include "git-serversync/capture_review.h"
#include "common/base/mem.h"
#include "common/forge/forge.h"
#include "common/git/remote.h"
#include "common/text/quote.h"
#include "common/text/review_url.h"
#include "git-serversync/review_text.h"

struct review_access {
	struct forge_place place;
	bool on_web;	     /* the place is one */
	struct forge *forge; /* NULL: none that is known */
	struct err why;	     /* if so */
};

void review_access_free(struct review_access *access)
{
	if (!access)
		return;
	forge_place_release(&access->place);
	forge_free(access->forge);
	err_release(&access->why);
	free(access);
}

void review_outcome_release(struct review_outcome *o)
{
	free(o->url);
	free(o->warning);
	*o = (struct review_outcome){ 0 };
}

static void open_forge(const struct review_wish *w, const char *url,
		       struct review_access *a)
{
	const struct forge_spec spec = {
		.repo = w->repo,
		.place = &a->place,
		.api = w->settings->api,
		.pushes = !strncmp(url, "https://", 8),
	};

	a->on_web = !forge_place_of(url, &a->place);
	if (a->on_web && w->settings->forge)
		forge_place_is(&a->place, w->settings->forge);
	if (!a->on_web)
		err_set(&a->why, ERR_UNSUITABLE,
			"the remote's url leads to no forge");
	else if (forge_open(&spec, &a->forge, &a->why) < 0)
		a->forge = NULL;
}

/* The first call looks around; the others have what it found. */
static struct review_access *get_access(const struct review_wish *w)
{
	AUTO_STRVEC struct strvec urls = STRVEC_INIT;
	struct review_access *a = *w->access;

	if (a)
		return a;
	a = *w->access = xcalloc(1, sizeof(*a));
	a->place = (struct forge_place)FORGE_PLACE_INIT;
	a->why = (struct err)ERR_INIT;
	if (remote_urls(w->repo, w->settings->remote, true, &urls, &a->why) < 0)
		return a;
	open_forge(w, urls.nr ? urls.v[0] : "", a);
	return a;
}

void capture_review_options(const struct review_wish *w,
			    struct strvec *push_options)
{
	const struct review_access *a = get_access(w);

	if (a->place.kind != FORGE_GITLAB ||
	    (a->forge && forge_has_token(a->forge)))
		return;
	review_text_options(&(struct forge_text){ .branch = w->branch,
						  .into = w->into,
						  .title = w->title,
						  .body = w->body },
			    push_options);
}

/* GitLab opened it, or the forge knows of one of this branch already. */
static bool tell_pushed(const struct review_wish *w, const char *said,
			const struct review_access *a, struct review_outcome *out)
{
	if (!review_text_is_request(said))
		return false;
	out->by_push = a->place.kind == FORGE_GITLAB;
	out->opened = out->by_push && !w->update;
	out->updated = out->by_push && w->update;
	out->url = xstrdup(said);
	return true;
}

/*
 * The page where it is opened: ours first, as what the push says leads to a
 * request into the default branch.
 */
static void tell_page(const struct review_wish *w, const char *words,
		      const struct review_access *a, struct review_outcome *out)
{
	const struct review_branches branches = { .from = w->branch,
						  .into = w->into };
	AUTO_STRBUF struct strbuf said = STRBUF_INIT, url = STRBUF_INIT;

	if (a->on_web && words &&
	    review_url_said_by(words, a->place.host.buf, &said) &&
	    tell_pushed(w, said.buf, a, out))
		return;
	out->page_only = true;
	if (a->on_web && review_url_at(&a->place, &branches, &url))
		out->url = strbuf_detach(&url);
	else if (said.len)
		out->url = strbuf_detach(&said);
}

static void warn(struct review_outcome *out, const char *text)
{
	if (!out->warning)
		out->warning = xstrdup(text);
}

static void take_url(struct review_outcome *out, struct forge_request *r)
{
	free(out->url);
	out->url = TAKE_PTR(r->url);
}

static int open_or_update(const struct review_wish *w, struct forge *f,
			  struct review_outcome *out, struct err *err)
{
	AUTO_FORGE_REQUEST struct forge_request r = FORGE_REQUEST_INIT;
	AUTO_STRBUF struct strbuf body = STRBUF_INIT;
	struct forge_text text = { .branch = w->branch,
				   .into = w->into,
				   .title = w->title };
	bool existed = false;
	int ret;

	if (review_text_fit(w->body, forge_body_max(f), &body))
		warn(out, "the text of the request is too long for this forge, "
			  "and was cut");
	text.body = body.buf;
	if ((ret = forge_create(f, &text, &r, &existed, err)) < 0)
		return ret;
	out->opened = !existed;
	if (existed && w->update) {
		ret = forge_update(f, &r, &text, err);
		out->updated = !ret;
	}
	take_url(out, &r);
	return ret;
}

/* With the hint behind it: there is one line for both. */
static void warn_of(struct review_outcome *out, const struct err *why)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	strbuf_addstr(&line, why->msg.buf);
	if (why->hint.len)
		strbuf_addf(&line, " (%s)", why->hint.buf);
	free(out->warning);
	out->warning = strbuf_detach(&line);
}

int capture_review_open(const struct review_wish *w, const char *push_words,
			struct review_outcome *out, struct err *err)
{
	struct review_access *a = get_access(w);
	AUTO_ERR struct err why = ERR_INIT;
	int ret;

	if (!a->forge || !forge_has_token(a->forge)) {
		tell_page(w, push_words, a, out);
		if (a->forge && forge_token_note(a->forge))
			warn(out, forge_token_note(a->forge));
		else if (!a->forge && a->why.code != ERR_UNSUITABLE)
			warn_of(out, &a->why);
		return 0;
	}
	ret = open_or_update(w, a->forge, out, &why);
	if (!ret)
		return 0;
	if (ret == ERR_INTERRUPTED || ret == ERR_TERMINATED)
		return err_set(err, ret, "%s", why.msg.buf);
	if (!out->url)
		tell_page(w, push_words, a, out);
	warn_of(out, &why);
	return 0;
}

static int cannot_ask(const struct review_access *a, struct err *err)
{
	if (!a->forge)
		return err_set(err, ERR_UNSUITABLE, "%s", a->why.msg.buf);
	if (forge_token_note(a->forge))
		err_set(err, ERR_UNSUITABLE, "%s", forge_token_note(a->forge));
	else
		err_set(err, ERR_UNSUITABLE,
			"there is no token to ask %s for open requests with",
			forge_name(a->forge));
	return err_hint(err,
			"git help serversync lists where tokens come from");
}

int capture_review_existing(const struct review_wish *w,
			    const char *branch_prefix, char **branch,
			    char **url, struct err *err)
{
	const struct forge_look look = { .prefix = branch_prefix };
	AUTO_FORGE_REQUEST struct forge_request r = FORGE_REQUEST_INIT;
	struct review_access *a = get_access(w);
	int ret;

	if (!a->forge || !forge_has_token(a->forge))
		return cannot_ask(a, err);
	if ((ret = forge_find(a->forge, &look, &r, err)) < 0)
		return ret;
	*branch = TAKE_PTR(r.branch);
	*url = TAKE_PTR(r.url);
	return 0;
}
