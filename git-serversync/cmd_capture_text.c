#include "common/base/base.h"
#include "git-serversync/cmd_capture.h"

#include "common/text/quote.h"
#include "common/ui/amount.h"
#include "common/ui/report.h"
#include "common/ui/table.h"

static const enum capture_class order[] = { CLASS_SUSPICIOUS, CLASS_HOTFIX,
					    CLASS_INSTALLER, CLASS_UPLOAD,
					    CLASS_GENERATED };

static enum colour colour_of(enum capture_class class)
{
	switch (class) {
	case CLASS_SECRET:
	case CLASS_SUSPICIOUS: return COLOUR_BAD;
	case CLASS_HOTFIX: return COLOUR_GOOD;
	default: return COLOUR_RESET;
	}
}

static void heading(const struct cmd_capture_view *v, const char *text)
{
	printf("%s%s%s\n", colour_code(v->colour, COLOUR_HEADING), text,
	       colour_code(v->colour, COLOUR_RESET));
}

/* "1.2 KiB", and what it was where that differs, or is more than content. */
static void add_size(struct strbuf *out, const struct capture_file *f)
{
	const char *change = capture_mode_change(f);

	if (f->status == 'D') {
		amount_add_size(out, f->old_size);
		return;
	}
	amount_add_size(out, f->size);
	if (f->status == 'M' && f->has_old && f->size != f->old_size) {
		strbuf_addstr(out, ", was ");
		amount_add_size(out, f->old_size);
	}
	if (change)
		strbuf_addf(out, ", %s", change);
}

static void add_row(const struct cmd_capture_view *v, struct table *t,
		    const struct capture_file *f, const char *why)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT, size = STRBUF_INIT;
	const char status[] = { f->status, '\0' };

	quote_path(&path, f->git_path, strlen(f->git_path), v->quote_path);
	add_size(&size, f);
	table_row(t, status, path.buf, size.buf, why, NULL);
	table_colour(t, f->status == 'D' ? COLOUR_BAD : colour_of(f->class));
}

typedef bool picks(const struct capture_file *f, enum capture_class class);

static bool is_taken(const struct capture_file *f, enum capture_class class)
{
	return f->taken && f->status != 'D' && f->class == class;
}

static bool is_deleted(const struct capture_file *f, enum capture_class class)
{
	(void)class;
	return f->status == 'D';
}

static bool is_left(const struct capture_file *f, enum capture_class class)
{
	(void)class;
	return !f->taken && f->status != 'D';
}

static const char *why_of(const struct capture_file *f)
{
	if (f->status != 'D')
		return f->why;
	return f->delete_reason ?: "stays in git";
}

/* Returns how many there are. */
static size_t print_some(const struct cmd_capture_view *v, const char *title,
			 picks *pick, enum capture_class class)
{
	const struct capture *c = &v->job->capture;
	AUTO_TABLE struct table t = { .indent = "  ", .colour = v->colour };
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	size_t nr = 0;

	for (size_t i = 0; i < c->nr; i++) {
		if (!pick(&c->v[i], class))
			continue;
		nr++;
		add_row(v, &t, &c->v[i], why_of(&c->v[i]));
	}
	if (!nr)
		return 0;
	strbuf_addf(&text, "%s: ", title);
	amount_add_things(&text, nr, "file", "files");
	heading(v, text.buf);
	table_print(&t, stdout);
	return nr;
}

static void print_ignored(const struct cmd_capture_view *v)
{
	const struct capture *c = &v->job->capture;

	if (!c->nr_ignored)
		return;
	heading(v, "New, and ignored by .gitignore; not taken");
	for (size_t i = 0; i < c->nr_ignored; i++) {
		const struct capture_ignored *one = &c->ignored[i];
		AUTO_STRBUF struct strbuf line = STRBUF_INIT;
		size_t len = strlen(one->path);

		quote_path(&line, one->path, len, v->quote_path);
		if (one->path[len - 1] == '/') {
			strbuf_addstr(&line, " (");
			amount_add_things(&line, one->files, "file", "files");
			strbuf_addch(&line, ')');
		}
		printf("     %s\n", line.buf);
	}
}

static void print_merged(const struct cmd_capture_view *v)
{
	const struct capture *c = &v->job->capture;
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	if (!c->nr_merged)
		return;
	amount_add_things(&line, c->nr_merged, "file is", "files are");
	strbuf_addstr(&line, " in ");
	quote_text(&line, c->target, strlen(c->target));
	printf("%s already, as on the server\n", line.buf);
}

static void print_unknown(const struct cmd_capture_view *v)
{
	const struct capture *c = &v->job->capture;

	if (!c->unknown.nr)
		return;
	heading(v, "Unknown, as it could not be read");
	for (size_t i = 0; i < c->unknown.nr; i++) {
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;

		quote_path(&path, c->unknown.v[i], strlen(c->unknown.v[i]),
			   v->quote_path);
		printf("  ?  %s\n", path.buf);
	}
}

void cmd_capture_list(const struct cmd_capture_view *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		print_some(v, capture_class_name(order[i]), is_taken, order[i]);
	print_some(v, "gone from the server", is_deleted, CLASS_HOTFIX);
	print_some(v, "not taken", is_left, CLASS_SECRET);
	print_ignored(v);
	print_merged(v);
	print_unknown(v);
}

static void print_branch(const struct cmd_capture_view *v, const char *how)
{
	const struct capture *c = &v->job->capture;
	AUTO_STRBUF struct strbuf files = STRBUF_INIT;
	char id[8];

	git_oid_tostr(id, sizeof(id), &c->commit);
	amount_add_things(&files, capture_taken(c), "file", "files");
	printf("%s %s of %s on %s (%s)\n", how, files.buf, c->environment,
	       c->branch, id);
}

static void print_review(const struct capture_job *job)
{
	if (!job->review.url)
		return;
	if (job->review.updated)
		printf("Updated %s\n", job->review.url);
	else if (job->review.opened)
		printf("Opened %s\n", job->review.url);
	else
		printf("Open a review: %s\n", job->review.url);
}

void cmd_capture_outcome(const struct cmd_capture_view *v)
{
	const struct capture_job *job = v->job;
	AUTO_STRBUF struct strbuf files = STRBUF_INIT;

	if (job->options.dry_run) {
		amount_add_things(&files, capture_taken(&job->capture), "file",
				  "files");
		printf("Would capture %s of %s\n", files.buf,
		       job->capture.environment);
		return;
	}
	print_branch(v, job->reused ? "Already captured:" : "Captured");
	if (job->pushed && !job->was_pushed)
		printf("Pushed to %s\n", job->settings.remote);
	print_review(job);
}
