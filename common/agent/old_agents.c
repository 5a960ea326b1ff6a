#include "common/base/base.h"
#include "common/agent/old_agents.h"

#include "common/agent/root.h"
#include "common/base/mem.h"
#include "common/sys/dirstream.h"
#include "common/sys/hash.h"

#include <time.h>

#define PREFIX	   "agent-"
#define KEEP	   2
#define REST	   (48 * 60 * 60) /* seconds; relatime may be a day late */
#define AGENTS_MAX 1000

struct program {
	char name[sizeof(PREFIX) + SHA256_HEXSZ];
	struct stat st;
	bool running;
};

struct programs {
	struct program *v; /* without our own */
	size_t nr, alloc;
	struct stat self;
	bool self_found;
};

static void programs_release(struct programs *p)
{
	free(p->v);
}

static bool is_agent(const char *name)
{
	size_t len = strlen(PREFIX);

	return !strncmp(name, PREFIX, len) &&
	       strspn(name + len, "0123456789abcdef") == SHA256_HEXSZ &&
	       !name[len + SHA256_HEXSZ];
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static void add(struct programs *p, const char *name, const struct stat *st)
{
	struct program *new;

	if (same_file(st, &p->self)) {
		p->self_found = true;
		return;
	}
	ALLOC_GROW(p->v, p->nr + 1, p->alloc);
	new = &p->v[p->nr++];
	*new = (struct program){ .st = *st };
	memcpy(new->name, name, sizeof(new->name)); /* see is_agent() */
}

static void list(struct programs *p, DIR *d)
{
	struct dirent *e;

	while (p->nr < AGENTS_MAX && (e = dirstream_next(d))) {
		struct stat st;

		if (is_agent(e->d_name) &&
		    !fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
		    S_ISREG(st.st_mode) && st.st_uid == geteuid())
			add(p, e->d_name, &st);
	}
}

/*
 * Only processes of our own user can be looked at. Others do not start what
 * is here: the directory has to be their own (common/transport/bootstrap_line.c).
 */
static bool mark_running(struct programs *p)
{
	DIR *d = dirstream_take(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct dirent *e;

	if (!d)
		return false;
	while ((e = dirstream_next(d))) {
		char exe[NAME_MAX + 8];
		struct stat st;

		snprintf(exe, sizeof(exe), "%s/exe", e->d_name);
		if (e->d_name[0] < '1' || e->d_name[0] > '9' ||
		    fstatat(dirfd(d), exe, &st, 0) < 0)
			continue;
		for (size_t i = 0; i < p->nr; i++)
			p->v[i].running |= same_file(&p->v[i].st, &st);
	}
	closedir(d);
	return true;
}

/* The one that was installed last comes first. */
static int by_age(const void *a, const void *b)
{
	const struct timespec *x = &((const struct program *)a)->st.st_mtim;
	const struct timespec *y = &((const struct program *)b)->st.st_mtim;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? 1 : -1;
	return x->tv_nsec == y->tv_nsec ? 0 : x->tv_nsec < y->tv_nsec ? 1 : -1;
}

static bool rests(const struct program *p, time_t now)
{
	return now - p->st.st_mtime > REST && now - p->st.st_atime > REST;
}

void old_agents_remove(struct agent *a)
{
	CLEANUP(programs_release) struct programs p = { 0 };
	DIR *d = dirstream_take(root_dot_dir(a, "bin", false));
	time_t now = time(NULL);
	struct stat bin;

	if (!d)
		return;
	if (!fstat(dirfd(d), &bin) && bin.st_uid == geteuid() &&
	    !stat("/proc/self/exe", &p.self))
		list(&p, d);
	if (p.self_found && p.nr > KEEP && mark_running(&p)) {
		qsort(p.v, p.nr, sizeof(*p.v), by_age);
		for (size_t i = KEEP; i < p.nr; i++)
			if (rests(&p.v[i], now) && !p.v[i].running)
				(void)unlinkat(dirfd(d), p.v[i].name, 0);
	}
	closedir(d);
}
