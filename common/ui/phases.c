#include "common/base/base.h"
#include "common/sys/clock.h"
#include "common/ui/phases.h"
#include "common/ui/amount.h"
#include "common/ui/screen.h"

/* A hook's line is cut into pieces of this size, however long it is. */
#define LINE_MAX_BYTES 4096

void phases_init(struct phases *p, FILE *out, int verbosity)
{
	const char *term = getenv("TERM");
	bool tty = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;

	*p = (struct phases){ .out = out,
			      .quiet = verbosity < 0,
			      .now = clock_ms,
			      .child = STRBUF_INIT };
	p->tty = tty && !p->quiet ? stderr : NULL;
	p->begun = p->phase_begun = p->now();
}

static void clear_progress(struct phases *p)
{
	if (!p->columns)
		return;
	fputs("\r\033[K", p->tty);
	fflush(p->tty);
	p->columns = 0;
}

static void print_line(struct phases *p, struct strbuf *line)
{
	clear_progress(p);
	strbuf_addch(line, '\n');
	fwrite(line->buf, 1, line->len, p->out);
	/* A log is read while the job runs. */
	fflush(p->out);
}

static void print_child(struct phases *p)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	size_t len = p->child.len;

	if (len && p->child.buf[len - 1] == '\r')
		len--;
	strbuf_addstr(&line, len ? "  | " : "  |");
	screen_add_line(&line, p->child.buf, len);
	strbuf_reset(&p->child);
	print_line(p, &line);
}

/* The rest of a line that a child never ended. */
static void flush_child(struct phases *p)
{
	if (p->child.len)
		print_child(p);
}

void phases_release(struct phases *p)
{
	flush_child(p);
	clear_progress(p);
	strbuf_release(&p->child);
}

void phases_say(struct phases *p, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	va_list ap;

	flush_child(p);
	if (p->quiet)
		return;
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	screen_add_line(&line, text.buf, text.len);
	print_line(p, &line);
}

void phases_start(struct phases *p, const char *name)
{
	flush_child(p);
	clear_progress(p);
	p->name = name;
	p->phase_begun = p->now();
	p->drawn = 0;
}

void phases_rename(struct phases *p, const char *name)
{
	p->name = name;
}

static void end_phase(struct phases *p, const struct strbuf *text)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	AUTO_STRBUF struct strbuf took = STRBUF_INIT;

	strbuf_addstr(&line, "  ");
	screen_add_line(&line, p->name, strlen(p->name));
	if (line.len + 1 >= PHASES_TEXT_COLUMN)
		strbuf_addch(&line, ' ');
	screen_pad(&line, line.len, PHASES_TEXT_COLUMN);
	screen_add_line(&line, text->buf, text->len);

	amount_add_elapsed(&took, (uint64_t)(p->now() - p->phase_begun));
	strbuf_addch(&line, ' ');
	screen_pad(&line, screen_width(line.buf, line.len) + took.len,
		   PHASES_TIME_COLUMN);
	strbuf_add(&line, took.buf, took.len);
	print_line(p, &line);
}

void phases_done(struct phases *p, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	va_list ap;

	flush_child(p);
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	if (p->name && !p->quiet)
		end_phase(p, &text);
	p->name = NULL;
}

void phases_skip(struct phases *p)
{
	flush_child(p);
	clear_progress(p);
	p->name = NULL;
}

static void draw(struct phases *p, uint64_t bytes, uint64_t total, int64_t ms)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	strbuf_addf(&line, "  %s", p->name);
	screen_pad(&line, line.len, PHASES_TEXT_COLUMN);
	if (total)
		strbuf_addf(&line, "%3u%% ",
			    (unsigned int)((double)(bytes < total ? bytes : total) *
					   100 / (double)total));
	amount_add_size(&line, bytes);
	if (ms) {
		strbuf_addstr(&line, ", ");
		amount_add_size(&line,
				(uint64_t)((double)bytes * 1000 / (double)ms));
		strbuf_addstr(&line, "/s");
	}
	p->columns = line.len;
	fprintf(p->tty, "\r%s\033[K", line.buf);
	fflush(p->tty);
}

void phases_progress(struct phases *p, uint64_t bytes, uint64_t total)
{
	int64_t now;

	if (!p->tty || !p->name)
		return;
	now = p->now();
	if (now - p->phase_begun < PHASES_DELAY_MS ||
	    now - p->drawn < PHASES_REFRESH_MS)
		return;
	p->drawn = now;
	draw(p, bytes, total, now - p->phase_begun);
}

void phases_output(struct phases *p, const char *data, size_t len)
{
	if (p->quiet)
		return;
	for (size_t i = 0; i < len; i++) {
		if (data[i] != '\n')
			strbuf_addch(&p->child, data[i]);
		if (data[i] == '\n' || p->child.len >= LINE_MAX_BYTES)
			print_child(p);
	}
}

void phases_elapsed(const struct phases *p, struct strbuf *out)
{
	amount_add_elapsed(out, (uint64_t)(p->now() - p->begun));
}
