#include "common/base/base.h"
#include "git-serversync/capture_contents.h"

#include "common/base/mem.h"
#include "common/git/lfs_pointer.h"
#include "common/git/tree_bytes.h"
#include "common/sys/fault.h"
#include "common/text/link_target.h"
#include "common/text/manifest.h"
#include "git-serversync/capture_room.h"
#include "git-serversync/gits_path.h"

#define NANOSECONDS 1000000000

struct take_state {
	const struct capture_taking *t;
	struct capture *c;
	git_odb *odb;
	struct host_take_file *files;
	size_t *of; /* files[i] is c->v[of[i]] */
	size_t nr;
};

static void take_state_release(struct take_state *s)
{
	git_odb_free(s->odb);
	free(s->files);
	free(s->of);
}

static const char *kind_of(uint32_t st_mode)
{
	switch (st_mode & S_IFMT) {
	case S_IFIFO: return "it is a named pipe";
	case S_IFSOCK: return "it is a socket";
	case S_IFCHR:
	case S_IFBLK: return "it is a device";
	default: return "it is neither a file nor a link";
	}
}

static bool is_of_mode_alone(const struct capture_file *f)
{
	return f->has_old && !oid_cmp(&f->oid, &f->old);
}

static struct class_input input_of(const struct capture_file *f)
{
	/* The content has the time that an archive gave it. */
	int64_t mtime = is_of_mode_alone(f) ? f->ctime : f->mtime;

	return (struct class_input){
		.path = f->path,
		.status = f->status,
		.st_mode = f->st_mode,
		.mtime = mtime / NANOSECONDS,
		.ctime = f->ctime / NANOSECONDS,
		.other_owner = f->other_owner,
		.in_commit = f->in_commit,
		.in_package = f->in_package,
	};
}

static void classify(struct capture_file *f, const struct class_input *in)
{
	AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;

	capture_classify(in, &v);
	f->class = v.class;
	f->classified = true;
	capture_why(f, "%s", v.why.buf);
	f->taken = v.class != CLASS_SECRET;
}

/* Not taken, whatever is in it. */
static void leave(struct capture_file *f, const char *why)
{
	const struct class_input in = input_of(f);

	classify(f, &in);
	f->taken = false;
	capture_why(f, "%s", why);
}

static bool is_secret_by_name(struct capture_file *f)
{
	const struct class_input in = input_of(f);
	AUTO_CLASS_VERDICT struct class_verdict v = CLASS_VERDICT_INIT;

	if (!capture_class_by_name(&in, &v) || v.class != CLASS_SECRET)
		return false;
	classify(f, &in);
	return true;
}

static int read_blob(git_odb *odb, const struct oid *oid, struct strbuf *out,
		     struct err *err)
{
	git_odb_object *object = NULL;
	git_oid id;

	memcpy(id.id, oid->b, sizeof(id.id));
	if (git_odb_read(&object, odb, &id) < 0)
		return err_git(err, ERR_NOTFOUND, "cannot read an object");
	strbuf_add(out, git_odb_object_data(object), git_odb_object_size(object));
	git_odb_object_free(object);
	return 0;
}

/* Git LFS keeps the file: the content itself would replace its pointer. */
static int check_pointer(const struct take_state *s, const struct capture_file *f,
			 const char **why, struct err *err)
{
	static const char start[] = LFS_POINTER_START;
	AUTO_STRBUF struct strbuf old = STRBUF_INIT;

	if (!f->in_commit || !f->has_old || is_of_mode_alone(f) ||
	    f->old_size > LFS_POINTER_MAX)
		return 0;
	if (read_blob(s->odb, &f->old, &old, err) < 0)
		return err->code;
	if (!strncmp(old.buf, start, strlen(start)))
		*why = "git has a pointer of Git LFS in its place";
	return 0;
}

/* Does its content have to be seen? */
static int sort_out(struct take_state *s, struct capture_file *f, bool *wanted,
		    struct err *err)
{
	const char *why = NULL;

	*wanted = false;
	if (f->status == 'D') {
		bool taken = f->taken;

		leave(f, "");
		f->taken = taken;
		return 0;
	}
	if (!manifest_path_ok(f->git_path, strlen(f->git_path)))
		why = "git takes no such path";
	else if (path_is_gits(f->git_path))
		why = "what git goes by comes from git alone";
	else if (!f->mode)
		why = kind_of(f->st_mode);
	else if (f->filled_in)
		why = "git archive fills it in (export-subst)";
	else if (f->size > s->t->max_file_size)
		why = "it is larger than serversync.maxFileSize";
	else if (f->size > TAKE_FILE_MAX)
		why = "it is larger than any that can be taken";
	else if (check_pointer(s, f, &why, err) < 0)
		return err->code;
	if (!why && capture_room(s->c, s->t->base, f, &why, err) < 0)
		return err->code;
	if (why)
		leave(f, why);
	else
		*wanted = !is_secret_by_name(f);
	return 0;
}

static void want(struct take_state *s, size_t i)
{
	const struct capture_file *f = &s->c->v[i];

	s->of[s->nr] = i;
	s->files[s->nr++] = (struct host_take_file){
		.path = f->path,
		.mode = f->st_mode,
		.size = f->size,
		.oid = f->oid,
		.old = f->old,
		.has_old = f->has_old,
	};
}

static int old_content(void *ctx, const struct oid *oid, struct strbuf *out,
		       struct err *err)
{
	const struct take_state *s = ctx;

	return read_blob(s->odb, oid, out, err);
}

static int keep(struct take_state *s, const struct capture_file *f,
		const struct strbuf *content, struct err *err)
{
	git_oid id;

	if (fault("capture blob"))
		return err_sys(err, "cannot write an object");
	if (git_odb_write(&id, s->odb, content->buf, content->len,
			  GIT_OBJECT_BLOB) < 0)
		return err_git(err, ERR_FAILED, "cannot write an object");
	if (memcmp(id.id, f->oid.b, sizeof(f->oid.b)) != 0)
		return err_set(err, ERR_FAILED,
			       "what the server sent is not what it said");
	return 0;
}

static int judge(struct take_state *s, struct capture_file *f,
		 const struct strbuf *content, struct err *err)
{
	AUTO_STRBUF struct strbuf old = STRBUF_INIT;
	struct class_input in = input_of(f);

	if (f->mode == GIT_FILEMODE_LINK &&
	    !link_stays_inside(f->path, content->buf, content->len)) {
		leave(f, "it is a link that leads out of the release");
		return 0;
	}
	if (f->has_old && read_blob(s->odb, &f->old, &old, err) < 0)
		return err->code;
	in.content = content->buf;
	in.len = content->len;
	in.old = f->has_old ? old.buf : NULL;
	in.old_len = old.len;
	classify(f, &in);
	return f->taken && !s->t->look_only ? keep(s, f, content, err) : 0;
}

static int judge_taken(void *ctx, size_t i, const struct strbuf *content,
		       struct err *err)
{
	struct take_state *s = ctx;

	return judge(s, &s->c->v[s->of[i]], content, err);
}

static void free_entry(git_tree_entry **e)
{
	git_tree_entry_free(*e);
}

/*
 * What the last capture took need not travel again. Nothing else that happens
 * to be in this repository counts: a server that has only the id of something
 * must not get it published.
 */
static bool was_taken(const struct take_state *s, const struct capture_file *f)
{
	CLEANUP(free_entry) git_tree_entry *entry = NULL;

	return s->t->last &&
	       !git_tree_entry_bypath(&entry, s->t->last, f->git_path) &&
	       git_tree_entry_filemode(entry) == (git_filemode_t)f->mode &&
	       !memcmp(git_tree_entry_id(entry)->id, f->oid.b, sizeof(f->oid.b)) &&
	       git_odb_exists(s->odb, git_tree_entry_id(entry));
}

static int judge_again(struct take_state *s, struct capture_file *f,
		       struct err *err)
{
	AUTO_STRBUF struct strbuf content = STRBUF_INIT;

	if (read_blob(s->odb, &f->oid, &content, err) < 0)
		return err->code;
	return judge(s, f, &content, err);
}

int capture_contents_take(const struct capture_taking *t, struct capture *c,
			  struct err *err)
{
	CLEANUP(take_state_release) struct take_state s = { .t = t, .c = c };
	struct host_take take = { .from = t->report,
				  .old = old_content,
				  .file = judge_taken,
				  .ctx = &s };

	s.files = xcalloc(c->nr + 1, sizeof(*s.files));
	s.of = xcalloc(c->nr + 1, sizeof(*s.of));
	if (git_repository_odb(&s.odb, t->repo) < 0)
		return err_git(err, ERR_FAILED,
			       "cannot open the object database");
	for (size_t i = 0; i < c->nr; i++) {
		bool wanted = false;

		if (sort_out(&s, &c->v[i], &wanted, err) < 0)
			return err->code;
		if (!wanted)
			continue;
		if (!was_taken(&s, &c->v[i]))
			want(&s, i);
		else if (judge_again(&s, &c->v[i], err) < 0)
			return err->code;
	}
	take.files = s.files;
	take.nr = s.nr;
	return host_take(t->host, &take, err);
}
