#include "common/base/base.h"
#include "common/agent/fetch.h"

#include "common/agent/byte_reply.h"
#include "common/agent/delta_base.h"
#include "common/base/num.h"
#include "common/sys/beneath.h"
#include "common/sys/fileio.h"
#include "common/text/ledger_line.h"

struct sender {
	struct byte_reply reply;
	const struct delta_base *from;
	char buf[PKT_DATA_MAX - 1];
};

static int not_as_installed(const struct sender *s, struct err *err)
{
	return err_set(err, ERR_REFUSED,
		       "release '%s' has lost files of its "
		       "package",
		       s->from->id);
}

static int put_link(struct sender *s, const struct manifest_entry *e,
		    struct err *err)
{
	const char *name;
	AUTO_FD int at = beneath_parent(s->from->dir_fd, e->path, &name);
	ssize_t n = at < 0 ? -1 : readlinkat(at, name, s->buf, sizeof(s->buf));

	if (n < 0 || (uint64_t)n != e->size)
		return not_as_installed(s, err);
	return byte_reply_put(&s->reply, s->buf, (size_t)n, err);
}

static int put_file(struct sender *s, const struct manifest_entry *e,
		    struct err *err)
{
	AUTO_FD int fd =
		beneath_open(s->from->dir_fd, e->path, O_RDONLY | O_NONBLOCK, 0);
	uint64_t left = e->size;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size != e->size)
		return not_as_installed(s, err);
	while (left) {
		size_t n = left < sizeof(s->buf) ? (size_t)left : sizeof(s->buf);

		if (read_full(fd, s->buf, n) != (ssize_t)n)
			return not_as_installed(s, err);
		if (byte_reply_put(&s->reply, s->buf, n, err) < 0)
			return err->code;
		left -= n;
	}
	return 0;
}

/* "<first> <number>" of what is there; *next is where one may begin. */
static int parse_want(const char *text, size_t nr, size_t *next, size_t *end)
{
	size_t len = strcspn(text, " ");
	uint64_t first, count;

	if (!text[len] || num_parse_u64(text, len, &first) < 0 ||
	    num_parse_u64(text + len + 1, strlen(text + len + 1), &count) < 0 ||
	    first < *next || first > nr || count > nr - first)
		return -1;
	*next = (size_t)first;
	*end = (size_t)(first + count);
	return 0;
}

static int put_wanted(struct sender *s, const struct message *m, struct err *err)
{
	const struct manifest *all = &s->from->manifest;
	size_t at = 0, i = 0, end;
	const char *want;
	int ret = 0;

	while (!ret && (want = message_next(m, "want", &at))) {
		if (parse_want(want, all->nr, &i, &end) < 0)
			return err_set(err, ERR_FAILED,
				       "a fetch request is not in order");
		for (; !ret && i < end; i++)
			ret = all->entries[i].mode == MANIFEST_SYMLINK
				      ? put_link(s, &all->entries[i], err)
				      : put_file(s, &all->entries[i], err);
	}
	return ret;
}

int fetch_request(struct agent *a, struct message *m, struct err *err)
{
	struct sender s = { .reply = { .a = a, .packets = STRBUF_INIT } };
	const char *id = message_get(m, "id");
	struct delta_base *from = NULL;
	int ret;

	if (a->root_fd < 0 || a->releases_fd < 0 || !id || !release_id_ok(id))
		return err_set(err, ERR_FAILED, "no release to fetch");
	ret = delta_base_open(a, id, &from, err);
	if (ret < 0)
		return ret;
	s.from = from;
	if (message_get(m, "want"))
		ret = put_wanted(&s, m, err);
	else
		ret = byte_reply_put(&s.reply, from->manifest.raw.buf,
				     from->manifest.raw.len, err);
	if (!ret)
		ret = byte_reply_end(&s.reply, err);
	byte_reply_release(&s.reply);
	delta_base_free(from);
	return ret;
}
