#include "common/base/base.h"
#include "common/agent/copy.h"

#include "common/base/mem.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"

#include <linux/fs.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>

#define THREADS_MAX 4
#define CHUNK	    256 /* entries a thread takes at a time */

struct copy_job {
	struct run *run;
	atomic_size_t next;
	atomic_bool stop;
	atomic_size_t copied;
	pthread_t threads[THREADS_MAX];
	size_t nr_threads;
	pthread_mutex_t lock; /* of err */
	struct err err;
};

/* FICLONE fails for good on a file system that cannot: ask it once. */
static atomic_bool no_reflink;

static int copy_bytes(int in, int out, uint64_t size)
{
	char buf[65536];
	off_t at = 0;

	while (size > sizeof(buf)) {
		size_t take = size;
		ssize_t n =
			fault_short("copy range", &take)
				? -1
				: copy_file_range(in, &at, out, NULL, take, 0);

		if (n <= 0)
			break;
		size -= (uint64_t)n;
	}
	while (size) {
		ssize_t n = pread(in, buf, sizeof(buf), at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		if (write_all(out, buf, (size_t)n) < 0)
			return -1;
		at += n;
		size -= (uint64_t)n < size ? (uint64_t)n : size;
	}
	if (size) {
		errno = EBADMSG;
		return -1;
	}
	return 0;
}

static bool reflink(int in, int out)
{
	if (atomic_load(&no_reflink))
		return false;
	if (!ioctl(out, FICLONE, in))
		return true;
	atomic_store(&no_reflink, true);
	return false;
}

/* What the base's index says of an entry: unchanged stat, known content. */
static bool stat_is_known(const struct run *run, const char *path, size_t len,
			  const struct stat *st, const struct oid *oid)
{
	const struct release_index *x = run->base ? &run->base->index : NULL;
	const struct index_entry *e = x ? release_index_find(x, path, len) : NULL;

	return e && oid_eq(&e->oid, oid) && stat_is_indexed(st, x, e);
}

/* The source cannot serve: not there, another type, another content. */
static int unusable(struct err *err, const char *path)
{
	return err_set(err, ERR_NOTFOUND, "'%s' is not as it was", path);
}

static int copy_file(struct run *run, int in, const struct stat *st, int at,
		     const char *name, size_t entry, struct err *err)
{
	const struct manifest_entry *e = &run->new.entries[entry];
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
					   st->st_mtim };
	AUTO_FD int out = openat(
		at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		0600);
	struct stat made;

	if (out < 0 || fault("copy file"))
		return err_sys(err, "cannot make '%s'", e->path);
	if (!reflink(in, out) && copy_bytes(in, out, e->size) < 0) {
		(void)unlinkat(at, name, 0);
		return errno == EBADMSG
			       ? unusable(err, e->path)
			       : err_sys(err, "cannot copy '%s'", e->path);
	}
	if (fchmod(out, run_mode(run, e->mode)) < 0 ||
	    futimens(out, times) < 0 || fstat(out, &made) < 0)
		return err_sys(err, "cannot make '%s'", e->path);
	stat_record_set(&run->records[entry], &made);
	return 0;
}

static int copy_link(struct run *run, int from, const char *from_name, int at,
		     const char *name, size_t entry, struct err *err)
{
	const struct manifest_entry *e = &run->new.entries[entry];
	char target[PATH_MAX];
	struct stat st;
	struct oid oid;
	ssize_t n = readlinkat(from, from_name, target, sizeof(target) - 1);

	if (n < 0 || tree_hash_link(from, from_name, &oid) < 0 ||
	    !oid_eq(&oid, &e->oid))
		return unusable(err, e->path);
	target[n] = '\0';
	if (fault("copy link") || symlinkat(target, at, name) < 0 ||
	    fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "cannot make the link '%s'", e->path);
	stat_record_set(&run->records[entry], &st);
	return 0;
}

int copy_entry(struct run *run, struct tree *from, const char *from_path,
	       struct tree *to, size_t entry, struct err *err)
{
	const struct manifest_entry *e = &run->new.entries[entry];
	const char *from_name, *name;
	int source = tree_parent(from, from_path, &from_name), at;
	struct stat st;
	struct oid oid;

	if (source < 0)
		return unusable(err, e->path);
	at = tree_parent(to, e->path, &name);
	if (at < 0)
		return err_sys(err, "cannot open the directory of '%s'", e->path);
	if (e->mode == MANIFEST_SYMLINK)
		return copy_link(run, source, from_name, at, name, entry, err);

	AUTO_FD int in = openat(source, from_name,
				O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (in < 0 || fstat(in, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size != e->size)
		return unusable(err, e->path);
	if (!stat_is_known(run, from_path, strlen(from_path), &st, &e->oid) &&
	    (tree_hash_file(in, e->size, NULL, &oid) < 0 ||
	     !oid_eq(&oid, &e->oid)))
		return unusable(err, e->path);
	return copy_file(run, in, &st, at, name, entry, err);
}

static bool undone(const struct run *run, size_t i)
{
	return !run->done[i] && run->places[i] != PLACE_NOWHERE;
}

static bool wanted(const struct run *run, const struct manifest_walk *w)
{
	return w->kind == MANIFEST_SAME && undone(run, w->new_index);
}

static void report(struct copy_job *job, const struct err *why)
{
	pthread_mutex_lock(&job->lock);
	if (!job->err.code)
		err_set(&job->err, why->code, "%s", why->msg.buf);
	pthread_mutex_unlock(&job->lock);
	atomic_store(&job->stop, true);
}

static void copy_one(struct copy_job *job, struct tree *from, struct tree *to,
		     struct tree *seed, size_t i)
{
	struct run *run = job->run;
	AUTO_ERR struct err err = ERR_INIT;
	bool to_seed = run->places[i] == PLACE_SEED;
	int ret = copy_entry(run, from, run->new.entries[i].path,
			     to_seed ? seed : to, i, &err);

	if (!ret) {
		run->done[i] = DONE_MADE;
		atomic_fetch_add(&job->copied, 1);
	} else if (ret != ERR_NOTFOUND) {
		report(job, &err);
	}
}

static void *worker(void *arg)
{
	struct copy_job *job = arg;
	struct run *run = job->run;
	struct tree from, to, seed;
	struct manifest_walk w = { .old = &run->base->manifest, .new = &run->new };
	size_t low = 0, high = 0;

	tree_init(&from, run->base->dir_fd);
	tree_init(&to, run->tree_fd);
	tree_init(&seed, run->seed_fd);
	while (!atomic_load(&job->stop) && manifest_walk_next(&w)) {
		if (!wanted(run, &w))
			continue;
		while (w.new_index >= high) {
			low = atomic_fetch_add(&job->next, CHUNK);
			high = low + CHUNK;
		}
		if (w.new_index >= low)
			copy_one(job, &from, &to, &seed, w.new_index);
	}
	tree_release(&from);
	tree_release(&to);
	tree_release(&seed);
	return NULL;
}

bool copy_is_needed(const struct run *run)
{
	for (size_t i = 0; i < run->new.nr; i++) {
		const struct manifest_entry *e = &run->new.entries[i];
		ssize_t old;

		if (!undone(run, i))
			continue;
		old = manifest_find(&run->base->manifest, e->path, e->path_len);
		if (old >= 0 &&
		    manifest_same(&run->base->manifest.entries[old], e))
			return true;
	}
	return false;
}

struct copy_job *copy_start(struct run *run)
{
	struct copy_job *job = xcalloc(1, sizeof(*job));
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t want = cpus < 1		   ? 1
		      : cpus > THREADS_MAX ? THREADS_MAX
					   : (size_t)cpus;

	job->run = run;
	job->err = (struct err)ERR_INIT;
	pthread_mutex_init(&job->lock, NULL);
	if (!run->base || !copy_is_needed(run))
		return job;
	if (run->new.nr < 2 * CHUNK)
		want = 1;
#ifdef FAULT_POINTS
	want = 0; /* one order, so that the n-th point is always the same */
#endif
	while (job->nr_threads < want &&
	       !pthread_create(&job->threads[job->nr_threads], NULL, worker, job))
		job->nr_threads++;
	if (!job->nr_threads)
		(void)worker(job);
	return job;
}

int copy_finish(struct copy_job *job, struct err *err)
{
	int ret = 0;

	for (size_t i = 0; i < job->nr_threads; i++)
		pthread_join(job->threads[i], NULL);
	job->run->copied = atomic_load(&job->copied);
	if (job->err.code)
		ret = err_set(err, job->err.code, "%s", job->err.msg.buf);
	err_release(&job->err);
	pthread_mutex_destroy(&job->lock);
	free(job);
	return ret;
}
