#include "common/base/base.h"
#include "common/agent/journal.h"

#include "common/base/mem.h"
#include "common/sys/clock.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"

#define JOURNAL_NAME  "journal"
#define RESERVE_BYTES (64 * 1024)

void journal_release(struct journal *j)
{
	strbuf_release(&j->raw);
	strvec_release(&j->added);
	free(j->lines);
	*j = (struct journal)JOURNAL_INIT;
}

static void index_lines(struct journal *j)
{
	char *p = j->raw.buf, *end = p + j->raw.len, *nl;
	bool gap = false;

	j->next_seq = 1;
	for (; (nl = memchr(p, '\n', (size_t)(end - p))); p = nl + 1) {
		struct ledger_line line;

		if (nl == p)
			continue; /* a torn line was here */
		*nl = '\0';
		if (strlen(p) != (size_t)(nl - p) ||
		    ledger_line_parse(p, &line) < 0) {
			j->damaged++;
			j->lost_seq = j->next_seq++;
			gap = true;
			continue;
		}
		if (gap && line.seq)
			j->lost_seq = line.seq - 1;
		gap = false;
		if (line.seq >= j->next_seq)
			j->next_seq = line.seq + 1;
		ALLOC_GROW(j->lines, j->nr + 1, j->alloc);
		j->lines[j->nr++] = line;
	}
	j->end = p - j->raw.buf;
	j->torn = p < end;
	if (j->torn)
		j->damaged++;
}

int journal_load(struct journal *j, int dot_fd, struct err *err)
{
	int ret = dot_fd < 0 ? ERR_NOTFOUND
			     : file_read(dot_fd, JOURNAL_NAME,
					 JOURNAL_MAX_BYTES, &j->raw, err);

	if (ret < 0 && ret != ERR_NOTFOUND)
		return err_prefix(err, "cannot read the ledger");
	index_lines(j);
	return 0;
}

int journal_reserve(const struct journal *j, int dot_fd, struct err *err)
{
	AUTO_FD int fd = openat(dot_fd, JOURNAL_NAME,
				O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
				0600);

	if (fd < 0 || fault("reserve journal"))
		return err_sys(err, "cannot reserve space in the ledger");
	/* Where the file system cannot (NFS), we do without. */
	if (fallocate(fd, FALLOC_FL_KEEP_SIZE, j->end, RESERVE_BYTES) < 0 &&
	    errno != EOPNOTSUPP)
		return err_sys(err, "cannot reserve space in the ledger");
	return 0;
}

/*
 * Newlines over what a crash or a failed write has left: cutting it off would
 * give back the space that was reserved, which a full disk would not return.
 */
static int blank_rest(const struct journal *j, int fd)
{
	char blank[4096];
	struct stat st;

	memset(blank, '\n', sizeof(blank));
	if (fstat(fd, &st) < 0)
		return -1;
	for (off_t at = j->end; at < st.st_size;) {
		size_t n = st.st_size - at < (off_t)sizeof(blank)
				   ? (size_t)(st.st_size - at)
				   : sizeof(blank);

		if (pwrite_all(fd, blank, n, at) < 0)
			return -1;
		at += (off_t)n;
	}
	return 0;
}

int journal_mend(struct journal *j, int dot_fd, struct err *err)
{
	AUTO_FD int fd = -1;

	if (!j->torn)
		return 0;
	fd = openat(dot_fd, JOURNAL_NAME, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || blank_rest(j, fd) < 0 || fdatasync(fd) < 0)
		return err_sys(err, "cannot mend the ledger");
	j->torn = false;
	return 0;
}

static void remember(struct journal *j, const struct strbuf *text)
{
	struct ledger_line line;

	strvec_pushf(&j->added, "%.*s", (int)text->len - 1, text->buf);
	if (ledger_line_parse(j->added.v[j->added.nr - 1], &line) < 0)
		return;
	ALLOC_GROW(j->lines, j->nr + 1, j->alloc);
	j->lines[j->nr++] = line;
}

int journal_append(struct journal *j, int dot_fd,
		   const struct ledger_line *what, struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_FD int fd = openat(dot_fd, JOURNAL_NAME,
				O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
				0600);
	char now[CLOCK_STAMP_SIZE];
	struct ledger_line line = *what;

	clock_stamp(time(NULL), now);
	line.seq = j->next_seq;
	line.time = now;
	ledger_line_format(&text, &line);
	if (fd < 0 || fault("journal"))
		return err_sys(err, "cannot write the ledger");
	if (j->torn && blank_rest(j, fd) < 0)
		return err_sys(err, "cannot mend the ledger");
	j->torn = true; /* until the line is known to be there */
	if (pwrite_all(fd, text.buf, text.len, j->end) < 0 ||
	    fault("journal sync") || fdatasync(fd) < 0)
		return err_sys(err, "cannot write the ledger");
	j->torn = false;
	j->end += (off_t)text.len;
	j->next_seq++;
	remember(j, &text);
	return 0;
}
