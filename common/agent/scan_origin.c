#include "common/base/base.h"
#include "common/agent/scan_origin.h"

#include "common/base/mem.h"
#include "common/sys/beneath.h"
#include "common/sys/fileio.h"
#include "common/text/deployer_log.h"
#include "common/text/relpath.h"

#define LOG_MAX	 (4u << 20)
#define REFS_MAX (16u << 20)

/* A file below dir, of at most so many bytes, and without links on the way. */
static int read_below(int dir, const char *path, size_t max, struct strbuf *out)
{
	AUTO_ERR struct err ignored = ERR_INIT;
	const char *name;
	AUTO_FD int at = beneath_parent(dir, path, &name);

	strbuf_reset(out);
	return at < 0 ? -1 : file_read(at, name, max, out, &ignored);
}

/* A full id, and nothing but blanks behind it. */
static bool take_commit(const char *s, char out[OID_HEXSZ + 1])
{
	struct oid oid;

	if (strnlen(s, OID_HEXSZ) < OID_HEXSZ || oid_from_hex(s, &oid) < 0 ||
	    s[OID_HEXSZ + strspn(s + OID_HEXSZ, " \r\n")])
		return false;
	memcpy(out, s, OID_HEXSZ);
	out[OID_HEXSZ] = '\0';
	return true;
}

static void set_target(struct scan_report *r, const char *text)
{
	if (strlen(text) > 255 || text_control_character(text, ""))
		return;
	free(r->target);
	r->target = xstrdup(text);
}

static void from_deployer(struct agent *a, struct scan_report *r)
{
	AUTO_STRBUF struct strbuf log = STRBUF_INIT;
	struct deployer_release found;

	if (read_below(a->root_fd, ".dep/releases_log", LOG_MAX, &log) < 0 ||
	    !deployer_log_find(log.buf, log.len, r->release, &found))
		return;
	memcpy(r->revision, found.revision, sizeof(r->revision));
	set_target(r, found.target);
}

/* "<id> SP <name>" on a line of packed-refs. */
static bool find_packed(const char *text, const char *name,
			char out[OID_HEXSZ + 1])
{
	size_t len = strlen(name);

	for (const char *nl; (nl = strchr(text, '\n')); text = nl + 1) {
		char id[OID_HEXSZ + 1];

		if ((size_t)(nl - text) != OID_HEXSZ + 1 + len ||
		    text[OID_HEXSZ] != ' ' ||
		    memcmp(text + OID_HEXSZ + 1, name, len) != 0)
			continue;
		memcpy(id, text, OID_HEXSZ);
		id[OID_HEXSZ] = '\0';
		return take_commit(id, out);
	}
	return false;
}

static void from_head(int tree_fd, struct scan_report *r)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_FD int git = openat(tree_fd, ".git",
				 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (git < 0 || read_below(git, "HEAD", 4096, &text) < 0 ||
	    take_commit(text.buf, r->revision) ||
	    strncmp(text.buf, "ref: refs/", 10) != 0)
		return;
	text.buf[strcspn(text.buf, "\r\n")] = '\0';
	AUTO_FREE char *name = xstrdup(text.buf + 5);

	set_target(r, !strncmp(name, "refs/heads/", 11) ? name + 11 : name);
	if (!read_below(git, name, 4096, &text) &&
	    take_commit(text.buf, r->revision))
		return;
	if (!read_below(git, "packed-refs", REFS_MAX, &text))
		(void)find_packed(text.buf, name, r->revision);
}

void scan_origin_find(struct agent *a, const struct live_tree *t,
		      struct scan_report *r)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	if (!read_below(t->fd, "REVISION", 256, &text) &&
	    take_commit(text.buf, r->revision))
		return;
	if (t->kind == SCAN_PLAIN)
		from_head(t->fd, r);
	else
		from_deployer(a, r);
}
