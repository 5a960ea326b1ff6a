#include "common/base/base.h"
#include "common/agent/releases.h"

#include "common/agent/root.h"
#include "common/base/mem.h"
#include "common/sys/dirstream.h"

#include <time.h>

static const char *const state_names[] = {
	[RELEASE_FOREIGN] = "foreign",	 [RELEASE_STAGED] = "staged",
	[RELEASE_PREPARED] = "prepared", [RELEASE_ACTIVE] = "active",
	[RELEASE_HEALTHY] = "healthy",	 [RELEASE_ROLLEDBACK] = "rolledback",
	[RELEASE_FAILED] = "failed",	 [RELEASE_BAD] = "bad",
};

const char *release_state_name(enum release_state state)
{
	return state_names[state];
}

void releases_release(struct releases *r)
{
	for (size_t i = 0; i < r->nr; i++) {
		free(r->v[i].id);
		free(r->v[i].version);
	}
	free(r->v);
	*r = (struct releases)RELEASES_INIT;
}

static struct release *find(const struct releases *r, const char *id)
{
	/* Looked for newest first: that is the one asked for, mostly. */
	for (size_t i = r->nr; i--;)
		if (!strcmp(r->v[i].id, id))
			return &r->v[i];
	return NULL;
}

const struct release *releases_find(const struct releases *r, const char *id)
{
	return find(r, id);
}

static struct release *add(struct releases *r, const char *id)
{
	struct release *rel;

	ALLOC_GROW(r->v, r->nr + 1, r->alloc);
	rel = &r->v[r->nr++];
	memset(rel, 0, sizeof(*rel));
	rel->id = xstrdup(id);
	rel->version = xstrdup("");
	return rel;
}

/* Is path the directory releases/<last component> of our root? */
static bool leads_to_ours(struct agent *a, const char *path, const char *last)
{
	struct stat there, ours;

	return a->releases_fd >= 0 && !fstatat(a->root_fd, path, &there, 0) &&
	       !fstatat(a->releases_fd, last, &ours, AT_SYMLINK_NOFOLLOW) &&
	       S_ISDIR(ours.st_mode) && there.st_ino == ours.st_ino &&
	       there.st_dev == ours.st_dev;
}

bool releases_of_text(struct agent *a, char *target, char *id)
{
	size_t n = strlen(target);
	const char *last;

	while (n > 1 && target[n - 1] == '/')
		target[--n] = '\0';
	last = strrchr(target, '/');
	last = last ? last + 1 : target;
	if (!release_id_ok(last))
		return false;
	if ((strncmp(target, "releases/", 9) || last != target + 9) &&
	    !leads_to_ours(a, target, last))
		return false;
	memcpy(id, last, strlen(last) + 1); /* release_id_ok(): at most 128 */
	return true;
}

int releases_current(struct agent *a, char *id, struct err *err)
{
	char target[PATH_MAX];
	ssize_t n;

	id[0] = '\0';
	if (a->root_fd < 0 || a->plain)
		return 0;
	n = readlinkat(a->root_fd, "current", target, sizeof(target) - 1);
	if (n < 0 && errno == ENOENT)
		return 0;
#ifdef MUTANT_LN_NFS
	if (n < 0 && errno == EINVAL)
		return 0;
#endif
	if (n < 0 && errno == EINVAL) {
		err_set(err, ERR_FAILED, "'%s/current' is not a link", a->root);
		return err_hint(err, "move it away; git release makes a link "
				     "of that name");
	}
	if (n < 0)
		return err_sys(err, "cannot read the link '%s/current'", a->root);
	target[n] = '\0';
	if (!releases_of_text(a, target, id))
		return err_set(err, ERR_FAILED,
			       "'%s/current' leads outside its releases/",
			       a->root);
	return 0;
}

static void set_version(struct release *rel, const struct ledger_line *l)
{
	if (*l->package && strlen(l->package) == OID_HEXSZ)
		memcpy(rel->package, l->package, OID_HEXSZ + 1);
	if (*l->version) {
		free(rel->version);
		rel->version = xstrdup(l->version);
	}
}

static time_t parse_time(const char *s)
{
	struct tm tm = { 0 };

	return strptime(s, "%Y-%m-%dT%H:%M:%SZ", &tm) ? timegm(&tm) : 0;
}

static void becomes_live(struct releases *r, struct release *rel,
			 const struct ledger_line *l, char live[129])
{
	struct release *old = *live ? find(r, live) : NULL;

	if (old && old != rel)
		old->left_at = parse_time(l->time);
	rel->live_seq = l->seq;
	snprintf(live, 129, "%s", rel->id);
}

/* The note of "activating" is "<kind> <the one that is live>". */
static void begins_switch(struct releases *r, const struct ledger_line *l)
{
	struct unfinished_switch *u = &r->unfinished;
	const char *blank = strchr(l->note, ' ');

	*u = (struct unfinished_switch){ .rollback = !strncmp(l->note,
							      "rollback", 8) };
	snprintf(u->id, sizeof(u->id), "%s", l->release);
	if (blank && release_id_ok(blank + 1))
		snprintf(u->from, sizeof(u->from), "%s", blank + 1);
}

static void ends_switch(struct releases *r)
{
	r->unfinished = (struct unfinished_switch){ 0 };
}

static void replay(struct releases *r, const struct ledger_line *l,
		   char live[129])
{
	struct release *rel = find(r, l->release);
	bool unfinished = !strcmp(r->unfinished.id, l->release);

	if (!rel || (l->event == LEDGER_STAGING && !rel->present)) {
		if (!rel)
			rel = add(r, l->release);
		rel->staged_seq = l->seq;
	}
	set_version(rel, l);
	switch (l->event) {
	case LEDGER_STAGING:
	case LEDGER_STAGED: rel->state = RELEASE_STAGED; break;
	case LEDGER_PREPARED: rel->state = RELEASE_PREPARED; break;
	case LEDGER_ACTIVE:
		if (rel->state != RELEASE_HEALTHY)
			rel->state = RELEASE_ACTIVE;
		becomes_live(r, rel, l, live);
		if (!unfinished)
			ends_switch(r);
		break;
	case LEDGER_HEALTHY:
		rel->state = RELEASE_HEALTHY;
		rel->proven = true;
		if (unfinished)
			ends_switch(r);
		break;
	case LEDGER_FAILED:
		/* A switch back to a proven one that failed proves nothing. */
		if (!rel->proven)
			rel->state = RELEASE_FAILED;
		r->unfinished.failed |= unfinished;
		break;
	case LEDGER_ROLLEDBACK: rel->state = RELEASE_ROLLEDBACK; break;
	case LEDGER_BAD: rel->state = RELEASE_BAD; break;
	case LEDGER_ACTIVATING: begins_switch(r, l); break;
	case LEDGER_PRUNING:
	case LEDGER_PRUNED:
	case LEDGER_EVENTS: break;
	}
}

static int by_age(const void *va, const void *vb)
{
	const struct release *a = va, *b = vb;

	if (a->staged_seq != b->staged_seq)
		return a->staged_seq < b->staged_seq ? -1 : 1;
	return strcmp(a->id, b->id);
}

static int list_directories(struct agent *a, struct releases *r, struct err *err)
{
	int copy =
		openat(a->releases_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = dirstream_take(copy);
	struct dirent *e;

	if (!d)
		return err_sys(err, "cannot read '%s/releases'", a->root);
	while ((e = dirstream_next(d))) {
		struct stat st;
		struct release *rel;

		if (!release_id_ok(e->d_name) ||
		    fstatat(a->releases_fd, e->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISDIR(st.st_mode))
			continue;
		rel = find(r, e->d_name);
		if (!rel) {
			rel = add(r, e->d_name);
			rel->state = RELEASE_FOREIGN;
		}
		rel->present = true;
	}
	closedir(d);
	return 0;
}

/* Foreign ones have no lines of ours but those of a switch to them. */
static void mark_foreign(struct releases *r, const struct journal *j)
{
	for (size_t i = 0; i < r->nr; i++)
		r->v[i].staged_seq = 0;
	for (size_t i = 0; i < j->nr; i++) {
		struct release *rel;

		if (j->lines[i].event != LEDGER_STAGING)
			continue;
		rel = find(r, j->lines[i].release);
		if (rel)
			rel->staged_seq = j->lines[i].seq;
	}
}

#ifdef MUTANT_MTIME_ORDER
static void order_by_mtime(struct agent *a, struct releases *r)
{
	for (size_t i = 0; i < r->nr; i++) {
		struct stat st;

		if (!fstatat(a->releases_fd, r->v[i].id, &st, 0) &&
		    r->v[i].live_seq)
			r->v[i].live_seq = (uint64_t)st.st_mtim.tv_sec;
	}
}
#endif

/* Sealed by us, and yet the ledger does not tell how it came to be. */
static bool lost_its_end(struct agent *a, const struct releases *r)
{
	AUTO_FD int indexes = a->dot_fd < 0 ? -1
					    : root_dot_dir(a, "index", false);
	struct stat st;

	for (size_t i = 0; indexes >= 0 && i < r->nr; i++)
		if (r->v[i].present && !r->v[i].staged_seq &&
		    !fstatat(indexes, r->v[i].id, &st, AT_SYMLINK_NOFOLLOW))
			return true;
	return false;
}

int releases_load(struct agent *a, struct releases *r, struct err *err)
{
	char live[129] = "";
	struct release *rel;

	r->lost_seq = a->journal.lost_seq;
	for (size_t i = 0; i < a->journal.nr; i++)
		replay(r, &a->journal.lines[i], live);
	if (a->releases_fd >= 0 && list_directories(a, r, err) < 0)
		return err->code;
	mark_foreign(r, &a->journal);
	r->lost_end = lost_its_end(a, r);
	if (r->nr)
		qsort(r->v, r->nr, sizeof(*r->v), by_age);
#ifdef MUTANT_MTIME_ORDER
	order_by_mtime(a, r);
#endif
	if (releases_current(a, r->live_id, err) < 0)
		return err->code;
	rel = *r->live_id ? find(r, r->live_id) : NULL;
	if (rel)
		rel->live = true;
	/* Proven once, but what was to follow this switch is still to come. */
	if (rel && !strcmp(rel->id, r->unfinished.id))
		rel->state = RELEASE_ACTIVE;
	r->live = rel;
	return 0;
}

bool releases_certain(const struct releases *r, const struct release *rel)
{
	return !r->lost_end && rel->staged_seq > r->lost_seq;
}

const struct release *releases_previous(const struct releases *r)
{
	const struct release *best = NULL;

	for (size_t i = 0; i < r->nr; i++) {
		const struct release *rel = &r->v[i];

		if (rel->live || !rel->present || rel->state != RELEASE_HEALTHY)
			continue;
		if (!best || rel->live_seq > best->live_seq)
			best = rel;
	}
	return best;
}
