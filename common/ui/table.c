#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/ui/screen.h"
#include "common/ui/table.h"

#define GAP  2
#define WIDE 80

void table_cell(struct table *t, const char *cell)
{
	AUTO_STRBUF struct strbuf safe = STRBUF_INIT;

	screen_add_line(&safe, cell, strlen(cell));
	strvec_push(&t->rows[t->nr - 1].cells, safe.buf);
}

void table_row(struct table *t, ...)
{
	const char *cell;
	va_list ap;

	ALLOC_GROW(t->rows, t->nr + 1, t->alloc);
	t->rows[t->nr++] = (struct table_row){ .cells = STRVEC_INIT };
	va_start(ap, t);
	while ((cell = va_arg(ap, const char *)))
		table_cell(t, cell);
	va_end(ap);
}

void table_colour(struct table *t, enum colour c)
{
	t->rows[t->nr - 1].colour = c;
}

static size_t column_width(const struct table *t, size_t column)
{
	size_t width = 0;

	for (size_t i = 0; i < t->nr; i++) {
		const struct strvec *cells = &t->rows[i].cells;
		size_t w;

		if (column >= cells->nr)
			continue;
		w = screen_width(cells->v[column], strlen(cells->v[column]));
		if (w > width && w <= WIDE)
			width = w;
	}
	return width;
}

static void add_cell(const struct table *t, struct strbuf *line, size_t column,
		     const char *cell, size_t columns)
{
	size_t width = screen_width(cell, strlen(cell));

	if (column < 32 && t->numbers >> column & 1) {
		screen_pad(line, width, columns);
		strbuf_addstr(line, cell);
	} else {
		strbuf_addstr(line, cell);
		screen_pad(line, width, columns);
	}
	for (int i = 0; i < GAP; i++)
		strbuf_addch(line, ' ');
}

static void add_row(const struct table *t, const struct table_row *row,
		    const size_t *widths, struct strbuf *line)
{
	strbuf_addstr(line, t->indent ? t->indent : "");
	for (size_t i = 0; i < row->cells.nr; i++)
		add_cell(t, line, i, row->cells.v[i], widths[i]);
	while (line->len && line->buf[line->len - 1] == ' ')
		strbuf_setlen(line, line->len - 1);
}

void table_print(const struct table *t, FILE *out)
{
	AUTO_FREE size_t *widths = NULL;
	size_t columns = 0;

	for (size_t i = 0; i < t->nr; i++)
		if (t->rows[i].cells.nr > columns)
			columns = t->rows[i].cells.nr;
	widths = xcalloc(columns + 1, sizeof(*widths));
	for (size_t i = 0; i < columns; i++)
		widths[i] = column_width(t, i);

	for (size_t i = 0; i < t->nr; i++) {
		const struct table_row *row = &t->rows[i];
		bool on = t->colour && row->colour != COLOUR_RESET;
		AUTO_STRBUF struct strbuf line = STRBUF_INIT;

		add_row(t, row, widths, &line);
		fprintf(out, "%s%s%s\n", colour_code(on, row->colour), line.buf,
			colour_code(on, COLOUR_RESET));
	}
}

void table_release(struct table *t)
{
	for (size_t i = 0; i < t->nr; i++)
		strvec_release(&t->rows[i].cells);
	free(t->rows);
	*t = (struct table)TABLE_INIT;
}
