#include "common/base/base.h"
#include "common/git/capture_trailers.h"

#include "common/base/mem.h"
#include "common/text/quote.h"

#include <git2.h>
#include <strings.h>

#define DASH   "\xe2\x80\x94"
#define BEHIND " " DASH " "

void capture_trailers_release(struct capture_trailers *t)
{
	for (size_t i = 0; i < t->nr; i++) {
		free(t->deletions[i].path);
		free(t->deletions[i].reason);
	}
	free(t->deletions);
	free(t->server);
	free(t->release);
	free(t->captured_at);
	free(t->version);
	strvec_release(&t->rejected);
	strvec_release(&t->unreadable);
	*t = (struct capture_trailers)CAPTURE_TRAILERS_INIT;
}

void capture_trailers_delete(struct capture_trailers *t, const char *path,
			     const char *reason)
{
	ALLOC_GROW(t->deletions, t->nr + 1, t->alloc);
	t->deletions[t->nr++] = (struct capture_deletion){
		.path = xstrdup(path),
		.reason = xstrdup(reason),
	};
}

/* Git takes blanks at either end off; "mark" would end the value. */
static bool is_plain(const char *s, const char *mark)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	size_t len = strlen(s);

	if (!len || s[0] == ' ' || s[len - 1] == ' ' || s[0] == '"')
		return false;
	quote_text(&shown, s, len);
	return !strcmp(shown.buf, s) && !(mark && strstr(s, mark));
}

static void add_value(struct strbuf *out, const char *s, const char *mark)
{
	if (is_plain(s, mark))
		strbuf_addstr(out, s);
	else
		quote_path_always(out, s, strlen(s));
}

static void add_line(struct strbuf *out, const char *key, const char *value)
{
	if (!value)
		return;
	strbuf_addf(out, "%s: ", key);
	add_value(out, value, NULL);
	strbuf_addch(out, '\n');
}

static void add_release(struct strbuf *out, const struct capture_trailers *t)
{
	if (!t->release)
		return;
	strbuf_addstr(out, "Release: ");
	add_value(out, t->release, " (");
	if (t->version && *t->version) {
		strbuf_addstr(out, " (");
		add_value(out, t->version, ")");
		strbuf_addch(out, ')');
	}
	strbuf_addch(out, '\n');
}

void capture_trailers_write(const struct capture_trailers *t, struct strbuf *out)
{
	add_line(out, "Server", t->server);
	add_release(out, t);
	add_line(out, "Captured-At", t->captured_at);
	for (size_t i = 0; i < t->nr; i++) {
		strbuf_addstr(out, "Deletion-Reason: ");
		add_value(out, t->deletions[i].path, DASH);
		strbuf_addstr(out, BEHIND);
		add_value(out, t->deletions[i].reason, NULL);
		strbuf_addch(out, '\n');
	}
	for (size_t i = 0; i < t->rejected.nr; i++)
		add_line(out, "Rejected", t->rejected.v[i]);
}

/* Behind the closing quote of what begins with one, or NULL. */
static const char *quote_end(const char *s)
{
	for (s++; *s && *s != '"'; s++)
		if (*s == '\\' && !*++s)
			return NULL;
	return *s ? s + 1 : NULL;
}

/*
 * What add_value() wrote up to the mark, or up to the end where there is none;
 * *rest is there. NULL when it is not in order.
 */
static char *take_value(const char *s, const char *mark, const char **rest)
{
	AUTO_STRBUF struct strbuf value = STRBUF_INIT;
	const char *end;

	if (*s == '"') {
		end = quote_end(s);
		if (!end || quote_path_undo(s, (size_t)(end - s), &value) < 0)
			return NULL;
	} else {
		end = mark ? strstr(s, mark) : NULL;
		if (!end)
			end = s + strlen(s);
		if (end == s)
			return NULL;
		strbuf_add(&value, s, (size_t)(end - s));
	}
	*rest = end;
	return strbuf_detach(&value);
}

static bool read_text(const char *s, char **out)
{
	AUTO_FREE char *value = NULL;
	const char *rest;

	value = take_value(s, NULL, &rest);
	if (!value || *rest)
		return false;
	/* Where a message was joined of several, the first one counts. */
	if (!*out)
		*out = TAKE_PTR(value);
	return true;
}

/* "<id>" or "<id> (<version>)" */
static bool read_release(const char *s, struct capture_trailers *t)
{
	AUTO_FREE char *release = NULL;
	AUTO_FREE char *version = NULL;
	const char *rest;

	release = take_value(s, " (", &rest);
	if (!release)
		return false;
	if (*rest) {
		if (strncmp(rest, " (", 2) != 0)
			return false;
		version = take_value(rest + 2, ")", &rest);
		if (!version || strcmp(rest, ")") != 0)
			return false;
	}
	if (t->release)
		return true;
	t->release = TAKE_PTR(release);
	t->version = version ? TAKE_PTR(version) : xstrdup("");
	return true;
}

/* "<path> — <reason>"; a reason that is empty is for the reader to judge. */
static bool read_deletion(const char *s, struct capture_trailers *t)
{
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *reason = NULL;
	const char *rest;

	path = take_value(s, BEHIND, &rest);
	if (!path || strncmp(rest, BEHIND, strlen(BEHIND)) != 0)
		return false;
	reason = take_value(rest + strlen(BEHIND), NULL, &rest);
	if (!reason || *rest)
		return false;
	capture_trailers_delete(t, path, reason);
	return true;
}

static bool read_rejected(const char *s, struct capture_trailers *t)
{
	AUTO_FREE char *path = NULL;

	if (!read_text(s, &path))
		return false;
	strvec_push(&t->rejected, path);
	return true;
}

static bool read_one(const char *key, const char *value,
		     struct capture_trailers *t)
{
	if (!strcasecmp(key, "Server"))
		return read_text(value, &t->server);
	if (!strcasecmp(key, "Release"))
		return read_release(value, t);
	if (!strcasecmp(key, "Captured-At"))
		return read_text(value, &t->captured_at);
	if (!strcasecmp(key, "Deletion-Reason"))
		return read_deletion(value, t);
	if (!strcasecmp(key, "Rejected"))
		return read_rejected(value, t);
	return true;
}

/*
 * A value may go on in lines that begin with a blank; libgit2 1.5 leaves those
 * out that begin with a tab.
 */
static void unfold(const char *value, struct strbuf *out)
{
	size_t end;

	for (; *value; value++) {
		if (*value != '\n') {
			strbuf_addch(out, *value);
			continue;
		}
		while (value[1] == ' ' || value[1] == '\t')
			value++;
		strbuf_addch(out, ' ');
	}
	for (end = out->len; end && strchr(" \t\r", out->buf[end - 1]);)
		end--;
	strbuf_setlen(out, end);
}

static void free_array(git_message_trailer_array *a)
{
	git_message_trailer_array_free(a);
}

int capture_trailers_read(const char *message, struct capture_trailers *t,
			  struct err *err)
{
	CLEANUP(free_array) git_message_trailer_array found = { 0 };

	if (strnlen(message, CAPTURE_MESSAGE_MAX + 1) > CAPTURE_MESSAGE_MAX)
		return err_set(
			err, ERR_FAILED,
			"its message is longer than that of any capture");
	if (git_message_trailers(&found, message) < 0)
		return err_set(err, ERR_FAILED, "its message cannot be read");
	for (size_t i = 0; i < found.count; i++) {
		const git_message_trailer *one = &found.trailers[i];
		AUTO_STRBUF struct strbuf value = STRBUF_INIT;

		unfold(one->value, &value);
		if (!read_one(one->key, value.buf, t))
			strvec_pushf(&t->unreadable, "%s: %s", one->key,
				     value.buf);
	}
	return 0;
}

bool capture_trailers_is_capture(const struct capture_trailers *t)
{
	return t->server && t->release && t->captured_at;
}

/* The length of a blank that is none of ASCII's, or of one nobody sees. */
static size_t wide_blank(const char *s)
{
	static const char *const blanks[] = { "\xc2\xa0", "\xc2\xad",
					      "\xe1\x9a\x80", "\xe3\x80\x80",
					      "\xef\xbb\xbf" };
	unsigned char last = 0;

	for (size_t i = 0; i < ARRAY_SIZE(blanks); i++)
		if (!strncmp(s, blanks[i], strlen(blanks[i])))
			return strlen(blanks[i]);
	/* U+2000 to U+200F, U+2028 to U+202F, U+205F to U+206F */
	if (!strncmp(s, "\xe2\x80", 2))
		last = (unsigned char)s[2];
	if ((last >= 0x80 && last <= 0x8f) || (last >= 0xa8 && last <= 0xaf))
		return 3;
	if (!strncmp(s, "\xe2\x81", 2) && (unsigned char)s[2] >= 0x9f &&
	    (unsigned char)s[2] <= 0xaf)
		return 3;
	return 0;
}

bool capture_reason_says(const char *reason)
{
	for (size_t n; *reason; reason += n) {
		n = strspn(reason, " \t\r\n");
		n = n ? n : wide_blank(reason);
		if (!n)
			return true;
	}
	return false;
}

const char *capture_trailers_reason(const struct capture_trailers *t,
				    const char *path)
{
	for (size_t i = 0; i < t->nr; i++)
		if (!strcmp(t->deletions[i].path, path) &&
		    capture_reason_says(t->deletions[i].reason))
			return t->deletions[i].reason;
	return NULL;
}

bool capture_subject_read(const char *message, struct strbuf *environment)
{
	size_t len, skip = strlen(CAPTURE_SUBJECT);

	if (strncmp(message, CAPTURE_SUBJECT, skip) != 0)
		return false;
	message += skip;
	len = strcspn(message, "\r\n");
	if (!len)
		return false;
	strbuf_add(environment, message, len);
	return true;
}
