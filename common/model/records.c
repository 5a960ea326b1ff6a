#include "common/base/base.h"
#include "common/model/records.h"
#include "common/sys/clock.h"
#include "common/sys/fault.h"

#include <jansson.h>

/* Another machine's note may be anything. */
#define NOTE_MAX (16u << 20)
#define TRIES	 5
#define TEXT_MAX 1000
#define ENV_MAX	 64

static const char *const event_names[] = {
	[RECORD_RELEASED] = "released",
	[RECORD_ROLLED_BACK] = "rolled back",
	[RECORD_FAILED] = "failed",
};

static int live_ref(const char *env, struct strbuf *ref, struct err *err)
{
	int valid = 0;

	strbuf_addf(ref, RECORDS_ENV_PREFIX "%s", env);
	if (!*env || strlen(env) > ENV_MAX || strchr(env, '/') ||
	    git_reference_name_is_valid(&valid, ref->buf) < 0 || !valid)
		return err_set(err, ERR_FAILED,
			       "environment cannot be recorded under its name");
	return 0;
}

int records_get_live(git_repository *repo, const char *env, git_oid *id,
		     struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	int ret;

	if ((ret = live_ref(env, &ref, err)) < 0)
		return ret;
	return repo_ref_id(repo, ref.buf, id, err);
}

int records_set_live(git_repository *repo, const char *env, const git_oid *id,
		     const char *message, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	const git_oid none = { { 0 } };
	int ret;

	if ((ret = live_ref(env, &ref, err)) < 0)
		return ret;
	for (int i = 0; i < TRIES; i++) {
		AUTO_ERR struct err missing = ERR_INIT;
		git_oid old = none;

		ret = repo_ref_id(repo, ref.buf, &old, &missing);
		if (ret == ERR_NOTFOUND && !id)
			return 0;
		if (ret < 0 && ret != ERR_NOTFOUND)
			return err_set(err, ret, "%s", missing.msg.buf);
		if (fault("record live"))
			return err_sys(err, "cannot update '%s'", ref.buf);
		ret = repo_ref_swap(repo, ref.buf, &old, id ? id : &none,
				    message, err);
		if (ret != ERR_REFUSED)
			return ret;
	}
	return ret;
}

/* jansson refuses what is no UTF-8: such text is kept as far as it is. */
static void add_text(json_t *line, const char *key, const char *value)
{
	size_t len;
	json_t *text = NULL;

	if (!value)
		return;
	len = strnlen(value, TEXT_MAX);
	while (len && !(text = json_stringn(value, len)))
		len--;
	json_object_set_new(line, key, text ? text : json_string(""));
}

int records_line(const struct record *r, struct strbuf *out, struct err *err)
{
	char at[CLOCK_STAMP_SIZE], hex[GIT_OID_HEXSZ + 1];
	json_t *line = json_object();
	char *text;

	/* Kept in the order they are set: time and event id sort the lines. */
	clock_stamp((time_t)r->at, at);
	add_text(line, "at", at);
	add_text(line, "event", r->id);
	add_text(line, "what", event_names[r->event]);
	add_text(line, "environment", r->env);
	add_text(line, "tag", r->tag);
	if (r->package) {
		git_oid_tostr(hex, sizeof(hex), r->package);
		add_text(line, "package", hex);
	}
	add_text(line, "release", r->release);
	add_text(line, "previous", r->previous);
	add_text(line, "host", r->host);
	add_text(line, "who", r->who);
	add_text(line, "reason", r->reason);
	if (r->milliseconds > 0)
		json_object_set_new(line, "milliseconds",
				    json_integer((json_int_t)r->milliseconds));
	if (r->discarded_edits)
		json_object_set_new(line, "discarded_edits",
				    json_integer((json_int_t)r->discarded_edits));
	/* "git log --notes" shows the line as it is: nothing but ASCII in it. */
	text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER |
					JSON_ENSURE_ASCII);
	json_decref(line);
	if (!text)
		return err_set(err, ERR_FAILED, "cannot write a record");
	strbuf_addf(out, "%s\n", text);
	free(text);
	return 0;
}

/* Appends the note's text; nothing when there is no note. */
static int read_note(git_repository *repo, const git_oid *notes,
		     const git_oid *commit, struct strbuf *out, struct err *err)
{
	AUTO_COMMIT git_commit *tip = NULL;
	git_note *note = NULL;
	const char *text;
	int ret;

	if (git_oid_is_zero(notes))
		return 0;
	if (git_commit_lookup(&tip, repo, notes) < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'",
			       RECORDS_NOTES_REF);
	ret = git_note_commit_read(&note, repo, tip, commit);
	if (ret == GIT_ENOTFOUND)
		return 0;
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a record");
	text = git_note_message(note);
	strbuf_limit(out, NOTE_MAX);
	ret = strbuf_addstr(out, text ? text : "");
	git_note_free(note);
	if (ret < 0)
		return err_set(err, ERR_FAILED, "the records are too long");
	return 0;
}

static int notes_tip(git_repository *repo, git_oid *tip, struct err *err)
{
	AUTO_ERR struct err missing = ERR_INIT;
	int ret;

	memset(tip, 0, sizeof(*tip));
	ret = repo_ref_id(repo, RECORDS_NOTES_REF, tip, &missing);
	if (ret < 0 && ret != ERR_NOTFOUND)
		return err_set(err, ret, "%s", missing.msg.buf);
	return 0;
}

static int recorder(git_repository *repo, const struct record *r,
		    git_signature **out, struct err *err)
{
	/* Who has not told git his name still gets his release recorded. */
	if (git_signature_default(out, repo) < 0 &&
	    git_signature_new(out, "git release", "git-release@localhost",
			      r->at, 0) < 0)
		return err_git(err, ERR_FAILED, "cannot write a record");
	return 0;
}

static int append_once(git_repository *repo, const git_oid *commit,
		       const struct record *record, const char *line,
		       struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_SIGNATURE git_signature *who = NULL;
	AUTO_COMMIT git_commit *parent = NULL;
	git_oid tip, made;
	int ret;

	if ((ret = notes_tip(repo, &tip, err)) < 0 ||
	    (ret = read_note(repo, &tip, commit, &text, err)) < 0 ||
	    (ret = recorder(repo, record, &who, err)) < 0)
		return ret;
	if (text.len && text.buf[text.len - 1] != '\n')
		strbuf_addch(&text, '\n');
	if (strbuf_addstr(&text, line) < 0)
		return err_set(err, ERR_FAILED, "the records are too long");
	if (!git_oid_is_zero(&tip) && git_commit_lookup(&parent, repo, &tip) < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'",
			       RECORDS_NOTES_REF);
	if (git_note_commit_create(&made, NULL, repo, parent, who, who, commit,
				   text.buf, 1) < 0)
		return err_git(err, ERR_FAILED, "cannot write a record");
	if (fault("record note"))
		return err_sys(err, "cannot update '%s'", RECORDS_NOTES_REF);
	return repo_ref_swap(repo, RECORDS_NOTES_REF, &tip, &made,
			     "notes: recorded by git release", err);
}

int records_append(git_repository *repo, const git_oid *commit,
		   const struct record *record, struct err *err)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	int ret;

	if ((ret = records_line(record, &line, err)) < 0)
		return ret;
	ret = ERR_REFUSED;
	for (int i = 0; i < TRIES && ret == ERR_REFUSED; i++)
		ret = append_once(repo, commit, record, line.buf, err);
	return ret;
}

int records_each_commit(git_repository *repo,
			int (*cb)(const git_oid *commit, void *ctx,
				  struct err *err),
			void *ctx, struct err *err)
{
	git_note_iterator *it = NULL;
	git_oid note, commit;
	int ret = git_note_iterator_new(&it, repo, RECORDS_NOTES_REF);

	if (ret == GIT_ENOTFOUND)
		return 0;
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'",
			       RECORDS_NOTES_REF);
	while (!(ret = git_note_next(&note, &commit, it)))
		if ((ret = cb(&commit, ctx, err)) < 0)
			break;
	git_note_iterator_free(it);
	if (!ret || ret == GIT_ITEROVER)
		return 0;
	return err->code ? err->code
			 : err_git(err, ERR_FAILED, "cannot read '%s'",
				   RECORDS_NOTES_REF);
}

int records_each(git_repository *repo, const git_oid *commit,
		 int (*cb)(const char *line, size_t len, void *ctx), void *ctx,
		 struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	git_oid tip;
	int ret;

	if ((ret = notes_tip(repo, &tip, err)) < 0 ||
	    (ret = read_note(repo, &tip, commit, &text, err)) < 0)
		return ret;
	for (const char *p = text.buf; *p;) {
		size_t len = strcspn(p, "\n");

		if (len && (ret = cb(p, len, ctx)) < 0)
			return ret;
		p += len + (p[len] == '\n');
	}
	return 0;
}
