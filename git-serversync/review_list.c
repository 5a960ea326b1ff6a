#include "common/base/base.h"
#include "git-serversync/review_list.h"

/* What a list that has anything in it may at least use; its end, of that. */
#define SHARE 1200
#define END   60

void review_add_count(struct strbuf *out, size_t n)
{
	if (n >= 1000) {
		review_add_count(out, n / 1000);
		strbuf_addf(out, ",%03zu", n % 1000);
	} else {
		strbuf_addf(out, "%zu", n);
	}
}

void review_add_files(struct strbuf *out, size_t n)
{
	review_add_count(out, n);
	strbuf_addstr(out, n == 1 ? " file" : " files");
}

void review_add_size(struct strbuf *out, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double size = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes < 1024) {
		strbuf_addf(out, "%d %s", (int)bytes,
			    bytes == 1 ? "byte" : "bytes");
		return;
	}
	while (size >= 1024 && unit + 1 < ARRAY_SIZE(units)) {
		size /= 1024;
		unit++;
	}
	strbuf_addf(out, "%.1f %s", size, units[unit]);
}

void review_list_begin(struct review_list *l, struct review_room *room,
		       const char *head)
{
	room->to_come -= room->to_come > 0;
	*l = (struct review_list){
		.room = room, .max = room->max - room->to_come * SHARE - END
	};
	strbuf_addf(room->out, "\n%s\n", head);
}

void review_list_columns(struct review_list *l)
{
	l->table = true;
	strbuf_addstr(l->room->out, "| | File | Size | |\n|---|---|---|---|\n");
}

/* One that is longer than all others may be is counted, and the next come. */
void review_list_add(struct review_list *l, const struct strbuf *entry)
{
	if (l->room->out->len + entry->len > l->max)
		l->left_out++;
	else
		strbuf_add(l->room->out, entry->buf, entry->len);
}

void review_list_end(const struct review_list *l)
{
	struct strbuf *out = l->room->out;

	if (!l->left_out)
		return;
	strbuf_addstr(out, l->table ? "| | and " : "- and ");
	review_add_count(out, l->left_out);
	strbuf_addstr(out, l->table ? " more | | |\n" : " more\n");
}
