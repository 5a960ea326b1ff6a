#include "common/base/base.h"
#include "git-serversync/review_body.h"

#include "common/text/markdown_inert.h"
#include "git-serversync/review_list.h"

static void add_name(struct strbuf *out, const char *name)
{
	markdown_name(out, name, strlen(name));
}

static void add_words(struct strbuf *out, const char *words)
{
	markdown_words(out, words, strlen(words));
}

static bool is_deleted(const struct capture_file *f)
{
	return f->status == 'D' && f->delete_reason;
}

static bool is_kept(const struct capture_file *f)
{
	return f->status == 'D' && !f->delete_reason;
}

static bool is_left_out(const struct capture_file *f)
{
	return f->status != 'D' && !f->taken;
}

static bool is_of_class(const struct capture_file *f, enum capture_class class)
{
	return f->status != 'D' && f->taken && f->class == class;
}

static size_t count(const struct capture *c,
		    bool (*is)(const struct capture_file *f))
{
	size_t nr = 0;

	for (size_t i = 0; i < c->nr; i++)
		nr += is(&c->v[i]);
	return nr;
}

struct class_sum {
	size_t nr;
	uint64_t size;
};

static struct class_sum sum_of(const struct capture *c, enum capture_class class)
{
	struct class_sum sum = { 0 };

	for (size_t i = 0; i < c->nr; i++) {
		if (!is_of_class(&c->v[i], class))
			continue;
		sum.nr++;
		sum.size += c->v[i].size;
	}
	return sum;
}

/* In the order of what to look at first. */
static const struct {
	enum capture_class class;
	const char *what;
} classes[] = {
	{ CLASS_SUSPICIOUS, "look at these first: an intruder leaves such" },
	{ CLASS_HOTFIX, "files of the project, edited on the server" },
	{ CLASS_INSTALLER, "files that are new on the server" },
	{ CLASS_GENERATED, "what a build or the application made" },
	{ CLASS_UPLOAD, "what users have uploaded" },
};

static size_t count_lists(const struct capture *c)
{
	size_t nr = 0;

	for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
		nr += sum_of(c, classes[i].class).nr > 0;
	return nr + (count(c, is_deleted) > 0) + (count(c, is_kept) > 0) +
	       (count(c, is_left_out) > 0) + (c->nr_ignored > 0) +
	       (c->unknown.nr > 0);
}

static void add_intro(const struct capture *c, struct strbuf *out)
{
	char base[GIT_OID_HEXSZ + 1];

	git_oid_tostr(base, sizeof(base), &c->base);
	strbuf_addstr(out, "What was changed on the server ");
	add_name(out, c->server);
	strbuf_addstr(out, " and not in git. Release ");
	add_name(out, c->release);
	if (c->version && *c->version) {
		strbuf_addstr(out, " (");
		add_name(out, c->version);
		strbuf_addch(out, ')');
	}
	strbuf_addf(out, " is live there, made from commit `%s`; captured ",
		    base);
	add_name(out, c->captured_at);
	strbuf_addstr(out, ".\n");
}

static void add_summary(const struct capture *c, struct strbuf *out)
{
	size_t deleted = count(c, is_deleted);

	strbuf_addstr(out, "\n| Class | Files | Size | |\n|---|---|---|---|\n");
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		struct class_sum sum = sum_of(c, classes[i].class);

		if (!sum.nr)
			continue;
		strbuf_addf(out, "| %s | ", capture_class_name(classes[i].class));
		review_add_count(out, sum.nr);
		strbuf_addstr(out, " | ");
		review_add_size(out, sum.size);
		strbuf_addf(out, " | %s |\n", classes[i].what);
	}
	if (deleted) {
		strbuf_addstr(out, "| deleted | ");
		review_add_count(out, deleted);
		strbuf_addstr(out, " | | each for a reason, below |\n");
	}
}

static void add_row(struct review_list *l, const struct capture_file *f)
{
	AUTO_STRBUF struct strbuf row = STRBUF_INIT;
	const char *change = capture_mode_change(f);

	strbuf_addf(&row, "| %c | ", f->status);
	add_name(&row, f->git_path);
	strbuf_addstr(&row, " | ");
	review_add_size(&row, f->size);
	if (f->status == 'M' && f->old_size != f->size) {
		strbuf_addstr(&row, ", was ");
		review_add_size(&row, f->old_size);
	}
	strbuf_addstr(&row, " | ");
	if (S_ISLNK(f->mode))
		strbuf_addstr(&row, "symbolic link ");
	else if (change)
		strbuf_addf(&row, "%s ", change);
	if (f->why && *f->why) {
		add_words(&row, f->why);
		strbuf_addch(&row, ' ');
	}
	strbuf_addstr(&row, "|\n");
	review_list_add(l, &row);
}

static void add_class(const struct capture *c, struct review_room *b,
		      enum capture_class class)
{
	size_t nr = sum_of(c, class).nr;
	AUTO_STRBUF struct strbuf head = STRBUF_INIT;
	struct review_list l;

	if (!nr)
		return;
	strbuf_addf(&head, "### %s: ", capture_class_name(class));
	review_add_files(&head, nr);
	strbuf_addch(&head, '\n');
	review_list_begin(&l, b, head.buf);
	review_list_columns(&l);
	for (size_t i = 0; i < c->nr; i++)
		if (is_of_class(&c->v[i], class))
			add_row(&l, &c->v[i]);
	review_list_end(&l);
}

/* Of those that "is" picks, "<before> <name> - <words>". */
struct items {
	const char *head, *before;
	bool (*is)(const struct capture_file *f);
	const char *(*words)(const struct capture_file *f);
};

static void add_items(const struct capture *c, struct review_room *b,
		      const struct items *items)
{
	struct review_list l;

	if (!count(c, items->is))
		return;
	review_list_begin(&l, b, items->head);
	for (size_t i = 0; i < c->nr; i++) {
		AUTO_STRBUF struct strbuf item = STRBUF_INIT;
		const char *words;

		if (!items->is(&c->v[i]))
			continue;
		words = items->words(&c->v[i]);
		strbuf_addstr(&item, items->before);
		add_name(&item, c->v[i].git_path);
		if (words && *words) {
			strbuf_addstr(&item, " \xe2\x80\x94 ");
			add_words(&item, words);
		}
		strbuf_addch(&item, '\n');
		review_list_add(&l, &item);
	}
	review_list_end(&l);
}

static const char *reason_of(const struct capture_file *f)
{
	return f->delete_reason;
}

static const char *why_of(const struct capture_file *f)
{
	return f->why;
}

static void add_deletions(const struct capture *c, struct review_room *b)
{
	const struct items deleted = {
		.head = "### Deleted\n\nGone from the server, and deleted by "
			"this branch. Tick each that is right.\n",
		.before = "- [ ] D ",
		.is = is_deleted,
		.words = reason_of,
	};
	AUTO_STRBUF struct strbuf head = STRBUF_INIT;
	const struct items kept = {
		.before = "- D ",
		.is = is_kept,
		.words = why_of,
	};
	struct items with_head = kept;

	add_items(c, b, &deleted);
	strbuf_addf(&head,
		    "### Gone from the server, and left in git\n\nThis branch "
		    "does not delete them. To delete one, give the reason:\n"
		    "\n```sh\ngit serversync --update --delete "
		    "'<path>=<reason>' %s\n```\n",
		    c->environment);
	with_head.head = head.buf;
	add_items(c, b, &with_head);
}

static void add_left_out(const struct capture *c, struct review_room *b)
{
	const struct items left_out = {
		.head = "### Not in this branch\n\nFound on the server, and "
			"not "
			"taken. What is secret never left it.\n",
		.before = "- ",
		.is = is_left_out,
		.words = why_of,
	};

	add_items(c, b, &left_out);
}

static void add_ignored(const struct capture *c, struct review_room *b)
{
	struct review_list l;

	if (!c->nr_ignored)
		return;
	review_list_begin(
		&l, b,
		"### Ignored\n\nNew on the server, and not taken: the "
		"project's `.gitignore` leaves them out.\n");
	for (size_t i = 0; i < c->nr_ignored; i++) {
		AUTO_STRBUF struct strbuf item = STRBUF_INIT;

		strbuf_addstr(&item, "- ");
		add_name(&item, c->ignored[i].path);
		strbuf_addstr(&item, " (");
		review_add_files(&item, c->ignored[i].files);
		strbuf_addstr(&item, ")\n");
		review_list_add(&l, &item);
	}
	review_list_end(&l);
}

static void add_unknown(const struct capture *c, struct review_room *b)
{
	struct review_list l;

	if (!c->unknown.nr)
		return;
	review_list_begin(
		&l, b,
		"### Unknown\n\nThese could not be read on the server. What "
		"is in them is not known, and nothing of it is deleted.\n");
	for (size_t i = 0; i < c->unknown.nr; i++) {
		AUTO_STRBUF struct strbuf item = STRBUF_INIT;

		strbuf_addstr(&item, "- ");
		add_name(&item, c->unknown.v[i]);
		strbuf_addch(&item, '\n');
		review_list_add(&l, &item);
	}
	review_list_end(&l);
}

static void add_audit(const struct symmetry_audit *a, struct strbuf *out)
{
	strbuf_addstr(out, "\n**Audit:** ");
	if (!a || a->verdict == AUDIT_UNPROVEN)
		strbuf_addstr(out, "it is not proven that nothing is cleared "
				   "away by a deploy");
	else if (a->verdict == AUDIT_STOP)
		strbuf_addf(out,
			    "STOP \xe2\x80\x94 %zu of the paths that a deploy "
			    "clears away are not protected",
			    a->nr_unprotected);
	else if (!a->cleared.paths.nr)
		strbuf_addstr(out, "OK \xe2\x80\x94 a deploy clears nothing "
				   "away");
	else
		strbuf_addf(out,
			    "OK \xe2\x80\x94 what a deploy clears away is "
			    "protected (%zu in all)",
			    a->cleared.paths.nr);
	strbuf_addstr(out, ".\n");
}

static void add_commands(const struct capture *c, struct strbuf *out)
{
	const char *branch = c->branch ? c->branch : "<branch>";

	strbuf_addf(
		out,
		"\n### Before merging\n\n"
		"Let this say OK (a job of the CI can, too):\n\n"
		"```sh\ngit fetch && git serversync check %s\n```\n\n"
		"To take a file, or all that is new in a directory, out of "
		"this "
		"branch:\n\n"
		"```sh\ngit serversync reject %s '<path>'\n```\n\n"
		"A name that stands in double quotes above is given with them. "
		"What is rejected stays on the server until it is removed "
		"there "
		"or a release replaces it.\n",
		branch, branch);
}

void review_title(const struct capture *c, struct strbuf *out)
{
	strbuf_addf(out, "Server edits of %s, %s", c->environment,
		    c->captured_at);
}

void review_body(const struct capture *c, const struct symmetry_audit *audit,
		 struct strbuf *out)
{
	AUTO_STRBUF struct strbuf end = STRBUF_INIT;
	struct review_room b = { .out = out, .to_come = count_lists(c) };

	add_audit(audit, &end);
	add_commands(c, &end);
	b.max = out->len + REVIEW_BODY_MAX - end.len;
	add_intro(c, out);
	add_summary(c, out);
	add_class(c, &b, CLASS_SUSPICIOUS);
	add_deletions(c, &b);
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
		if (classes[i].class != CLASS_SUSPICIOUS)
			add_class(c, &b, classes[i].class);
	add_left_out(c, &b);
	add_ignored(c, &b);
	add_unknown(c, &b);
	strbuf_add(out, end.buf, end.len);
}
