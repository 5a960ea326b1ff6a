#include "common/base/base.h"
#include "common/agent/shared.h"

#include "common/base/mem.h"
#include "common/sys/beneath.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/text/relpath.h"

#define SHARED_FILE_MODE 0640

/* The directory that holds a path that may not be there yet. */
static int lookup(int dir, const char *path, struct stat *st)
{
	const char *name;
	AUTO_FD int at = beneath_parent(dir, path, &name);

	return at < 0 ? -1 : fstatat(at, name, st, AT_SYMLINK_NOFOLLOW);
}

static int survey_one(struct agent *a, struct run_shared *s, struct err *err)
{
	struct stat st;

	if (!manifest_path_ok(s->path, strlen(s->path)))
		return err_set(err, ERR_FAILED, "a shared path is not valid");
	if (lookup(a->shared_fd, s->path, &st) < 0) {
		if (errno != ENOENT)
			return err_sys(err, "cannot look at shared/%s", s->path);
		s->missing = true;
		return 0;
	}
	if (S_ISDIR(st.st_mode) && !s->is_dir) {
		err_set(err, ERR_FAILED,
			"shared/%s is a directory on the server, but shared = "
			"%s names a file",
			s->path, s->path);
		return err_hint(err, "write it with a slash: shared = %s/",
				s->path);
	}
	if (S_ISREG(st.st_mode) && s->is_dir)
		return err_set(err, ERR_FAILED,
			       "shared/%s is a file on the server, not a "
			       "directory",
			       s->path);
	return 0;
}

int shared_survey(struct agent *a, struct run *run, struct err *err)
{
	size_t at = 0, alloc = 0;
	const char *value;

	while ((value = message_next(&run->request, "shared", &at))) {
		struct run_shared *s;

		ALLOC_GROW(run->shared, run->nr_shared + 1, alloc);
		s = &run->shared[run->nr_shared++];
		/* "d <path>" or "f <path>" */
		if (!value[0] || value[1] != ' ')
			return err_set(err, ERR_FAILED,
				       "a shared path is not valid");
		*s = (struct run_shared){
			.path = value + 2,
			.is_dir = value[0] == 'd',
		};
		if (survey_one(a, s, err) < 0)
			return err->code;
	}
	return 0;
}

bool shared_covers(const struct run *run, const char *path)
{
	for (size_t i = 0; i < run->nr_shared; i++)
		if (relpath_within(path, run->shared[i].path))
			return true;
	return false;
}

bool shared_has(struct agent *a, const char *path, const struct oid *oid)
{
	const char *name;
	AUTO_FD int at = beneath_parent(a->shared_fd, path, &name);
	struct stat st;
	struct oid now;

	return at >= 0 && !fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode)) &&
	       !tree_hash(at, name, &st, &now) && oid_eq(&now, oid);
}

void shared_assign(struct run *run)
{
	const struct manifest *m = &run->new;

	for (size_t k = 0; k < run->nr_shared; k++) {
		const struct run_shared *s = &run->shared[k];
		size_t len = strlen(s->path);

		/* What begins with the path stands together. */
		for (size_t i = manifest_position(m, s->path, len);
		     i < m->nr && !strncmp(m->entries[i].path, s->path, len); i++)
			if (relpath_within(m->entries[i].path, s->path))
				run->places[i] = s->missing ? PLACE_SEED
							    : PLACE_NOWHERE;
	}
}

/* The directory for path below dir, made where missing. */
static int parent_made(int dir, const char *path, mode_t mode, const char **name)
{
	struct tree t;
	int at;

	tree_init(&t, dir);
	if (tree_make_parents(&t, path, mode) < 0) {
		tree_release(&t);
		return -1;
	}
	at = tree_parent(&t, path, name);
	at = at < 0 ? -1 : fcntl(at, F_DUPFD_CLOEXEC, 3);
	tree_release(&t);
	return at;
}

static int fill_missing(struct agent *a, struct run *run,
			const struct run_shared *s, struct err *err)
{
	const char *name, *seed_name;
	struct stat st;
	AUTO_FD int at =
		parent_made(a->shared_fd, s->path, run->directory_mode, &name);
	AUTO_FD int seed = beneath_parent(run->seed_fd, s->path, &seed_name);

	if (at < 0 || fault("fill shared"))
		return err_sys(err, "cannot make shared/%s", s->path);
	/* Settings hold secrets: not for everybody, not for an instant. */
	if (seed >= 0 && !s->is_dir &&
	    !fstatat(seed, seed_name, &st, AT_SYMLINK_NOFOLLOW) &&
	    S_ISREG(st.st_mode) &&
	    fchmodat(seed, seed_name, SHARED_FILE_MODE, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "cannot fill shared/%s", s->path);
	if (seed >= 0 && !renameat2(seed, seed_name, at, name, RENAME_NOREPLACE)) {
		agent_tell(a, "note",
			   "shared/%s starts as it is in the "
			   "package",
			   s->path);
		return 0;
	}
	if (seed >= 0 && errno != ENOENT)
		return err_sys(err, "cannot fill shared/%s", s->path);
	if (s->is_dir) {
		AUTO_FD int made = beneath_mkdir(at, name, run->directory_mode);

		if (made < 0)
			return err_sys(err, "cannot make shared/%s", s->path);
		return 0;
	}
	AUTO_FD int fd = openat(
		at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		0600);

	if (fd < 0 || fchmod(fd, SHARED_FILE_MODE) < 0)
		return err_sys(err, "cannot make shared/%s", s->path);
	agent_tell(a, "warn",
		   "shared/%s did not exist and is empty now: "
		   "fill it in on the server",
		   s->path);
	return 0;
}

/* "../" for each directory that path lies in, and "extra" more. */
static void add_ups(struct strbuf *out, const char *path, int extra)
{
	for (; *path; path++)
		extra += *path == '/';
	while (extra--)
		strbuf_addstr(out, "../");
}

static int make_link(struct run *run, const char *path,
		     const struct strbuf *target, struct err *err)
{
	const char *name;
	AUTO_FD int at =
		parent_made(run->tree_fd, path, run->directory_mode, &name);

	if (at < 0 || fault("make shared link") ||
	    symlinkat(target->buf, at, name) < 0)
		return err_sys(err, "cannot link '%s' in the release", path);
	strvec_push(&run->made, path);
	return 0;
}

static int link_inside(struct run *run, const char *value, struct err *err)
{
	AUTO_STRBUF struct strbuf target = STRBUF_INIT;
	const char *colon = strchr(value, ':');

	if (!colon)
		return err_set(err, ERR_FAILED, "a link is not valid");
	AUTO_FREE char *path = xstrndup(value, (size_t)(colon - value));

	if (!manifest_path_ok(path, strlen(path)) ||
	    !manifest_path_ok(colon + 1, strlen(colon + 1)))
		return err_set(err, ERR_FAILED, "a link is not valid");
	add_ups(&target, path, 0);
	strbuf_addstr(&target, colon + 1);
	return make_link(run, path, &target, err);
}

int shared_link(struct agent *a, struct run *run, struct err *err)
{
	const char *value;
	size_t at = 0;

	for (size_t i = 0; i < run->nr_shared; i++) {
		const struct run_shared *s = &run->shared[i];
		AUTO_STRBUF struct strbuf target = STRBUF_INIT;

		if (s->missing && fill_missing(a, run, s, err) < 0)
			return err->code;
		add_ups(&target, s->path, 2);
		strbuf_addf(&target, "shared/%s", s->path);
		if (make_link(run, s->path, &target, err) < 0)
			return err->code;
	}
	while ((value = message_next(&run->request, "link", &at)))
		if (link_inside(run, value, err) < 0)
			return err->code;
	return 0;
}

static void add_json(struct strbuf *out, const char *key, const char *value)
{
	strbuf_addf(out, "%s  \"%s\": \"", out->len > 2 ? ",\n" : "", key);
	for (; value && *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == '"' || c == '\\')
			strbuf_addf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			strbuf_addf(out, "\\u%04x", c);
		else
			strbuf_addch(out, c);
	}
	strbuf_addch(out, '"');
}

static int write_plain(struct run *run, const char *name,
		       const struct strbuf *bytes, struct err *err)
{
	AUTO_FD int fd = -1;

	(void)unlinkat(run->tree_fd, name, 0);
	fd = openat(run->tree_fd, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || fault("describe release") ||
	    write_all(fd, bytes->buf, bytes->len) < 0 ||
	    fchmod(fd, run->file_mode) < 0)
		return err_sys(err, "cannot write '%s'", name);
	strvec_push(&run->made, name);
	return 0;
}

int release_describe(struct agent *a, struct run *run, struct err *err)
{
	static const struct {
		const char *name, *field;
	} copied[] = {
		{ "version", "number" }, { "tag", "tag" },
		{ "commit", "commit" },	 { "package", "package" },
		{ "build", "build" },	 { "environment", "environment" },
	};
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s\n", message_get(&run->request, "commit"));
	if (write_plain(run, "REVISION", &text, err) < 0)
		return err->code;
	strbuf_reset(&text);
	strbuf_addstr(&text, "{\n");
	for (size_t i = 0; i < ARRAY_SIZE(copied); i++)
		add_json(&text, copied[i].name,
			 message_get(&run->request, copied[i].field));
	add_json(&text, "release", run->id);
	add_json(&text, "previous", run->releases.live_id);
	add_json(&text, "by", a->who);
	strbuf_addstr(&text, "\n}\n");
	return write_plain(run, "release.json", &text, err);
}
