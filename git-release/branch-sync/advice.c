#include "common/base/base.h"
#include "git-release/branch-sync/advice.h"

void advice_release(struct advice *a)
{
	strbuf_release(&a->what);
	strbuf_release(&a->then);
	strvec_release(&a->commands);
}

/* "feature/$(id)" is the name of a branch as good as any. */
void advice_add_word(struct strbuf *out, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_./,+@%=:";

	if (*text && !text[strspn(text, plain)]) {
		strbuf_addstr(out, text);
		return;
	}
	strbuf_addch(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			strbuf_addstr(out, "'\\'");
		strbuf_addch(out, *text);
	}
	strbuf_addch(out, '\'');
}

/* "<command> <remote>/<branch>" */
static void add_remote_branch(const struct sync_job *job, const char *branch,
			      struct strbuf *out)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;

	strbuf_addf(&name, "%s/%s", job->remote, branch);
	strbuf_addch(out, ' ');
	advice_add_word(out, name.buf);
}

void advice_add_log(const struct sync_job *job, const struct sync_branch *b,
		    bool here, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf range = STRBUF_INIT;

	strbuf_addf(&range, "%s/%s..", job->remote, job->from);
	if (!here)
		strbuf_addf(&range, "%s/", job->remote);
	strbuf_addstr(&range, b->name);
	strbuf_addstr(out, "git log ");
	advice_add_word(out, range.buf);
}

static void add_command(struct advice *a, const char *command, const char *word)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	strbuf_addstr(&line, command);
	strbuf_addch(&line, ' ');
	advice_add_word(&line, word);
	strvec_push(&a->commands, line.buf);
}

/* The source takes the branch's history in; then it can be followed again. */
static void join_histories(const struct sync_job *job,
			   const struct sync_branch *b, const char *merge,
			   struct advice *a)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	strbuf_addf(&a->then,
		    "let %s take that history in, which changes no file, and "
		    "sync again:",
		    job->from);
	add_command(a, "git switch", job->from);
	strbuf_addstr(&line, "git merge --ff-only");
	add_remote_branch(job, job->from, &line);
	strvec_push(&a->commands, line.buf);
	strbuf_reset(&line);
	strbuf_addstr(&line, merge);
	add_remote_branch(job, b->name, &line);
	strvec_push(&a->commands, line.buf);
	strbuf_reset(&line);
	strbuf_addstr(&line, "git push ");
	advice_add_word(&line, job->remote);
	strbuf_addch(&line, ' ');
	advice_add_word(&line, job->from);
	strvec_push(&a->commands, line.buf);
}

static void leave_out(const struct sync_job *job, struct advice *a)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	size_t left = 0;

	strbuf_addf(&a->then,
		    "what is to be released goes to %s by review, first",
		    job->from);
	strbuf_addstr(&line, "git branch-sync");
	for (size_t i = 0; i < job->nr; i++) {
		const struct sync_branch *b = &job->branches[i];

		if (tip_diverged(&b->remote) || sync_local_diverged(b))
			continue;
		strbuf_addch(&line, ' ');
		advice_add_word(&line, b->name);
		left++;
	}
	if (!left)
		return;
	strbuf_addstr(&a->then, "; to move the others without it:");
	strvec_push(&a->commands, line.buf);
}

/* Nothing is lost, and the remote's branch comes under the name later. */
static void keep_aside(const struct sync_branch *b, struct advice *a)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT, kept = STRBUF_INIT;

	strbuf_addf(&kept, "%s-kept", b->name);
	strbuf_addstr(&line, "git branch -m ");
	advice_add_word(&line, b->name);
	strbuf_addch(&line, ' ');
	advice_add_word(&line, kept.buf);
	strbuf_addstr(&a->then,
		      "keep them under another name, and sync again:");
	strvec_push(&a->commands, line.buf);
}

static void say_what(const struct sync_job *job, const struct tip *tip,
		     struct strbuf *out)
{
	switch (tip->class) {
	case TIP_AHEAD:
		strbuf_addf(out, "has all of %s, and more", job->from);
		break;
	case TIP_SAME_TREE:
		strbuf_addf(out, "has the same content as %s, by another history",
			    job->from);
		break;
	case TIP_TWINS:
		if (*tip->squashed)
			strbuf_addf(out,
				    "%s has all of it as one commit, %.7s "
				    "(squashed)",
				    job->from, tip->squashed);
		else
			strbuf_addf(out,
				    "%s has the same changes as other commits "
				    "(cherry-picked or rebased)",
				    job->from);
		break;
	default:
		strbuf_addf(out, "has changes that %s lacks", job->from);
		if (tip->unexplained)
			strbuf_addstr(out, "; too many to compare one by one");
	}
}

void advice_give(const struct sync_job *job, const struct sync_branch *b,
		 bool here, struct advice *a)
{
	const struct tip *tip = here ? &b->local : &b->remote;

	say_what(job, tip, &a->what);
	if (here) {
		keep_aside(b, a);
		return;
	}
	switch (tip->class) {
	case TIP_AHEAD: leave_out(job, a); break;
	case TIP_SAME_TREE:
		join_histories(job, b, "git merge --no-ff", a);
		break;
	case TIP_TWINS: join_histories(job, b, "git merge -s ours", a); break;
	default:
		strbuf_addf(&a->then,
			    "open a review request that brings %s into it:",
			    job->from);
		add_command(a, "git branch-sync --back-merge", b->name);
	}
}
