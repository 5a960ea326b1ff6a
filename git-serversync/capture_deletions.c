#include "common/base/base.h"
#include "git-serversync/capture_deletions.h"

#include "common/base/mem.h"
#include "common/git/capture_trailers.h"
#include "common/text/quote.h"
#include "common/text/relpath.h"

#define BLANKS " \t"
/* It is one line of a commit's message. */
#define REASON_MAX 500

static char *trimmed(const char *text)
{
	size_t len;

	text += strspn(text, BLANKS);
	len = strlen(text);
	while (len && strchr(BLANKS, text[len - 1]))
		len--;
	return xstrndup(text, len);
}

static bool path_of(const char *text, size_t len, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf plain = STRBUF_INIT;

	strbuf_reset(out);
	if (len && *text == '"')
		return !quote_path_undo(text, len, out);
	strbuf_add(&plain, text, len);
	return !relpath_normalise(plain.buf, out, NULL);
}

static int check_one(const char *text, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT, path = STRBUF_INIT;
	const char *equals = strchr(text, '=');
	AUTO_FREE char *reason = equals ? trimmed(equals + 1) : NULL;

	quote_text(&shown, text, strnlen(text, 200));
	if (!reason)
		return err_set(err, ERR_USAGE,
			       "--delete=%s: it needs a reason: "
			       "--delete <path>=<reason>",
			       shown.buf);
	if (!capture_reason_says(reason))
		return err_set(err, ERR_USAGE,
			       "--delete=%s: the reason is empty", shown.buf);
	if (text_control_character(reason, "") || strlen(reason) > REASON_MAX)
		return err_set(err, ERR_USAGE,
			       "--delete=%s: the reason is one line of at most "
			       "%d characters",
			       shown.buf, REASON_MAX);
	if (*text != '"' && !path_of(text, (size_t)(equals - text), &path))
		return err_set(err, ERR_USAGE,
			       "--delete=%s: this is no path of the repository",
			       shown.buf);
	return 0;
}

int capture_deletions_check(const struct strvec *texts, struct err *err)
{
	for (size_t i = 0; i < texts->nr; i++)
		if (check_one(texts->v[i], err) < 0)
			return err->code;
	return 0;
}

/* Something gone that is below it, or NULL. */
static const struct capture_file *gone_below(const struct capture *c,
					     const char *dir)
{
	for (size_t i = 0; i < c->nr; i++)
		if (c->v[i].status == 'D' && relpath_within(c->v[i].git_path, dir))
			return &c->v[i];
	return NULL;
}

static int not_deleted(const char *text, const struct capture *c, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT, path = STRBUF_INIT;
	const struct capture_file *below = NULL;
	size_t len = strcspn(text, "=");

	quote_text(&shown, text, len);
	if (path_of(text, len, &path))
		below = gone_below(c, path.buf);
	if (below) {
		err_set(err, ERR_REFUSED,
			"--delete: '%s' is a directory: each file needs a "
			"reason of its own",
			shown.buf);
		strbuf_reset(&shown);
		quote_path(&shown, below->git_path, strlen(below->git_path),
			   true);
		return err_hint(err, "--delete %s=<reason>", shown.buf);
	}
	return err_set(err, ERR_REFUSED,
		       "--delete: '%s' is not gone from the server", shown.buf);
}

/* A path may hold "=": the first that makes the name of a deletion counts. */
static int apply_one(const char *text, struct capture *c, struct err *err)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	for (const char *p = text; (p = strchr(p, '=')); p++) {
		AUTO_FREE char *reason = trimmed(p + 1);
		struct capture_file *f;

		if (!capture_reason_says(reason) ||
		    !path_of(text, (size_t)(p - text), &path))
			continue;
		f = capture_find(c, path.buf);
		if (f && f->status == 'D') {
			free(f->delete_reason);
			f->delete_reason = TAKE_PTR(reason);
			f->taken = true;
			return 0;
		}
	}
	return not_deleted(text, c, err);
}

int capture_deletions_apply(const struct strvec *texts, struct capture *c,
			    struct err *err)
{
	for (size_t i = 0; i < texts->nr; i++)
		if (apply_one(texts->v[i], c, err) < 0)
			return err->code;
	return 0;
}

size_t capture_deletions(const struct capture *c)
{
	size_t nr = 0;

	for (size_t i = 0; i < c->nr; i++)
		nr += c->v[i].status == 'D';
	return nr;
}

int capture_deletions_limit(const struct capture *c, uint64_t max, struct err *err)
{
	size_t nr = capture_deletions(c);

	if (nr <= max)
		return 0;
	err_set(err, ERR_REFUSED,
		"STOP: %zu file%s of git %s gone from the server, and at most "
		"%" PRIu64 " may be",
		nr, nr == 1 ? "" : "s", nr == 1 ? "is" : "are", max);
	return err_hint(err,
			"look at the server first; git serversync -n "
			"--max-delete %zu %s lists them",
			nr, c->environment ?: "");
}
