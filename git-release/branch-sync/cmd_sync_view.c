#include "common/base/base.h"
#include "common/ui/amount.h"
#include "common/ui/screen.h"
#include "common/ui/table.h"
#include "git-release/branch-sync/cmd_sync_view.h"
#include "git-release/branch-sync/advice.h"

#define SHOWN_COMMITS 10

static void add_verdict(const struct sync_job *job, const struct tip *tip,
			struct strbuf *out)
{
	switch (tip->class) {
	case TIP_CURRENT:
		strbuf_addf(out, "OK — already at %s", job->from);
		break;
	case TIP_BEHIND:
		strbuf_addstr(out, "OK — fast-forwardable (");
		amount_add_things(out, tip->behind, "commit", "commits");
		strbuf_addch(out, ')');
		break;
	default:
		strbuf_addstr(out, "DIVERGED — ");
		amount_add_things(out, tip->ahead, "commit", "commits");
		strbuf_addf(out, " not in %s, ", job->from);
		amount_add_count(out, tip->behind);
		strbuf_addstr(out, " behind; investigate before syncing");
	}
}

static void add_row(struct table *t, const char *name,
		    const struct strbuf *text, bool diverged)
{
	AUTO_STRBUF struct strbuf cell = STRBUF_INIT;

	/* Three blanks to the next column. */
	strbuf_addf(&cell, "%s ", name);
	table_row(t, cell.buf, text->buf, NULL);
	table_colour(t, diverged ? COLOUR_BAD : COLOUR_GOOD);
}

static void add_branch(const struct sync_view *view,
		       const struct sync_branch *b, struct table *t)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT, here = STRBUF_INIT;
	bool diverged = tip_diverged(&b->remote);

	add_verdict(view->job, &b->remote, &text);
	if (diverged || view->verbosity >= 0)
		add_row(t, b->name, &text, diverged);
	if (!sync_local_diverged(b))
		return;
	strbuf_addf(&here, "%s (here)", b->name);
	strbuf_reset(&text);
	add_verdict(view->job, &b->local, &text);
	add_row(t, here.buf, &text, true);
}

void sync_view_verdicts(const struct sync_view *view)
{
	const struct colour_env stream = {
		.setting = config_get(&view->job->config, "color", NULL, "ui"),
		.tty = isatty(STDOUT_FILENO),
	};
	AUTO_TABLE struct table t = { .colour = colour_wanted(&stream) };

	for (size_t i = 0; i < view->job->nr; i++)
		add_branch(view, &view->job->branches[i], &t);
	if (t.nr)
		table_print(&t, stdout);
}

static void print_line(const struct strbuf *line)
{
	AUTO_STRBUF struct strbuf safe = STRBUF_INIT;

	screen_add_line(&safe, line->buf, line->len);
	puts(safe.buf);
}

static void print_commit(const struct sync_job *job, const struct tip_commit *c)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	strbuf_addf(&line, "  %.7s %s %s: %s", c->id, c->date, c->author,
		    c->subject);
	if (c->twin)
		strbuf_addf(&line, " (in %s, too)", job->from);
	else if (c->parents > 1)
		strbuf_addstr(&line, " (a merge)");
	print_line(&line);
}

static void print_commits(const struct sync_view *view,
			  const struct sync_branch *b, bool here)
{
	const struct tip *tip = here ? &b->local : &b->remote;
	size_t max = view->verbosity > 0 ? tip->nr : SHOWN_COMMITS;
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	for (size_t i = 0; i < tip->nr && i < max; i++)
		print_commit(view->job, &tip->commits[i]);
	if (tip->ahead <= max)
		return;
	strbuf_addstr(&line, "  and ");
	amount_add_count(&line, tip->ahead - max);
	strbuf_addstr(&line, " more: ");
	advice_add_log(view->job, b, here, &line);
	print_line(&line);
}

static void print_divergence(const struct sync_view *view,
			     const struct sync_branch *b, bool here)
{
	AUTO_ADVICE struct advice a = ADVICE_INIT;
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	advice_give(view->job, b, here, &a);
	strbuf_addf(&line, "%s %s%s: %s", b->name, here ? "here" : "on ",
		    here ? "" : view->job->remote, a.what.buf);
	putchar('\n');
	print_line(&line);
	print_commits(view, b, here);
	strbuf_reset(&line);
	strbuf_addf(&line, "  %s", a.then.buf);
	print_line(&line);
	for (size_t i = 0; i < a.commands.nr; i++) {
		strbuf_reset(&line);
		strbuf_addf(&line, "    %s", a.commands.v[i]);
		print_line(&line);
	}
}

void sync_view_divergence(const struct sync_view *view)
{
	for (size_t i = 0; i < view->job->nr; i++) {
		const struct sync_branch *b = &view->job->branches[i];

		if (tip_diverged(&b->remote))
			print_divergence(view, b, false);
		if (sync_local_diverged(b))
			print_divergence(view, b, true);
	}
}

static void add_name(struct strbuf *out, const char *name)
{
	strbuf_addf(out, "%s%s", out->len ? ", " : "", name);
}

static void print_moved(const struct sync_view *view, const char *hex)
{
	const struct sync_job *job = view->job;
	AUTO_STRBUF struct strbuf there = STRBUF_INIT, here = STRBUF_INIT;
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	for (size_t i = 0; i < job->nr; i++) {
		const struct sync_branch *b = &job->branches[i];

		if (b->remote.class == TIP_BEHIND)
			add_name(&there, b->name);
		if (sync_moves_local(b))
			add_name(&here, b->name);
	}
	if (there.len || here.len)
		strbuf_addf(&line, "%s %s%s%s%s%s%s to %s (%s)",
			    view->dry_run ? "Would move" : "Moved", there.buf,
			    there.len ? " on " : "", there.len ? job->remote : "",
			    there.len && here.len ? " and " : "", here.buf,
			    here.len ? " here" : "", job->from, hex);
	else
		strbuf_addf(&line, "Every branch is at %s (%s) already",
			    job->from, hex);
	print_line(&line);
}

static void print_left(const struct sync_view *view)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	strbuf_addf(&line, "On %s, and %s", view->finish,
		    view->left->nr ? "left to do:" : "nothing is left to do");
	print_line(&line);
	for (size_t i = 0; i < view->left->nr; i++) {
		strbuf_reset(&line);
		strbuf_addf(&line, "  %s", view->left->v[i]);
		print_line(&line);
	}
}

void sync_view_result(const struct sync_view *view)
{
	const struct sync_job *job = view->job;
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	char hex[8];

	if (view->verbosity < 0)
		return;
	git_oid_tostr(hex, sizeof(hex), &job->source);
	print_moved(view, hex);
	if (job->tag_name) {
		strbuf_addf(&line, "Tag %s %s %s (%s) on %s", job->tag_name,
			    view->dry_run ? "would name" : "names", job->from,
			    hex, job->remote);
		print_line(&line);
	}
	if (view->left)
		print_left(view);
}

void sync_view_back_merge(const struct sync_view *view,
			  const struct back_merge *bm)
{
	const struct sync_job *job = view->job;
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	char hex[8];

	git_oid_tostr(hex, sizeof(hex), &job->source);
	if (!bm->needed) {
		strbuf_addf(&line, "%s has all of %s (%s) already",
			    job->branches[0].name, job->from, hex);
		print_line(&line);
		return;
	}
	strbuf_addf(&line, "%s %s (%s) to %s",
		    view->dry_run ? "Would push" : "Pushed", bm->branch, hex,
		    job->remote);
	print_line(&line);
	strbuf_reset(&line);
	strbuf_addf(&line, "Open a review request from it into %s%s",
		    job->branches[0].name, bm->url.len ? ":" : "");
	print_line(&line);
	if (bm->url.len)
		printf("  %s\n", bm->url.buf);
	puts("Merge it with a merge commit: squashed or rebased, the histories "
	     "stay apart.");
}
