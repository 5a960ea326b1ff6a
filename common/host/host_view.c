#include "common/base/base.h"
#include "common/host/host_view.h"

#include "common/base/mem.h"
#include "common/text/ledger_line.h"

#define RELEASES_MAX 100000
/* One for each shared path and each link of the settings. */
#define OMIT_MAX 10000

void host_view_release(struct host_view *view)
{
	free(view->root);
	free(view->state);
	free(view->live);
	free(view->rollback);
	free(view->lock);
	free(view->base);
	for (size_t i = 0; i < view->nr; i++) {
		free(view->releases[i].id);
		free(view->releases[i].state);
		free(view->releases[i].version);
	}
	free(view->releases);
	memset(view, 0, sizeof(*view));
}

const struct host_release *host_view_find(const struct host_view *view,
					  const char *id)
{
	for (size_t i = view->nr; i--;)
		if (!strcmp(view->releases[i].id, id))
			return &view->releases[i];
	return NULL;
}

const struct host_release *host_view_live(const struct host_view *view)
{
	return *view->live ? host_view_find(view, view->live) : NULL;
}

/* "id TAB state TAB package TAB version TAB live TAB foreign" */
static int take_release(struct host_view *view, const char *text, struct err *err)
{
	AUTO_FREE char *copy = xstrdup(text);
	struct host_release rel = { 0 };
	char *fields[6], *p = copy;
	struct oid oid;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		char *tab = strchr(p, '\t');

		if (!tab != (i == ARRAY_SIZE(fields) - 1))
			return err_set(err, ERR_FAILED,
				       "the agent's list is not in order");
		if (tab)
			*tab = '\0';
		fields[i] = p;
		p = tab ? tab + 1 : p;
	}
	if (!release_id_ok(fields[0]) || view->nr >= RELEASES_MAX ||
	    (*fields[2] && (strlen(fields[2]) != OID_HEXSZ ||
			    oid_from_hex(fields[2], &oid) < 0)))
		return err_set(err, ERR_FAILED,
			       "the agent's list is not in order");
	rel.id = xstrdup(fields[0]);
	rel.state = xstrdup(fields[1]);
	memcpy(rel.package, fields[2], strlen(fields[2]) + 1);
	rel.version = xstrdup(fields[3]);
	rel.live = !strcmp(fields[4], "1");
	rel.foreign = !strcmp(fields[5], "1");
	ALLOC_GROW(view->releases, view->nr + 1, view->alloc);
	view->releases[view->nr++] = rel;
	return 0;
}

static char *text_of(const struct message *m, const char *key)
{
	const char *s = message_get(m, key);

	return xstrdup(s ? s : "");
}

/* An id that is empty or can safely be part of a path. */
static bool id_or_nothing(const char *s)
{
	return !*s || release_id_ok(s);
}

int host_view_take(struct host_view *view, const struct message *m,
		   struct err *err)
{
	const char *s;
	size_t at = 0;

	view->root = text_of(m, "root");
	view->state = text_of(m, "state");
	view->live = text_of(m, "live");
	view->rollback = text_of(m, "rollback");
	view->lock = text_of(m, "lock");
	view->base = text_of(m, "base");
	if (!id_or_nothing(view->live) || !id_or_nothing(view->rollback) ||
	    !id_or_nothing(view->base))
		return err_set(err, ERR_FAILED,
			       "the agent's list is not in order");
	view->room_known = message_get(m, "free-bytes") != NULL;
	view->free_bytes = message_u64_or(m, "free-bytes", UINT64_MAX);
	view->free_inodes = message_u64_or(m, "free-inodes", UINT64_MAX);
	view->damaged_lines = message_u64_or(m, "damaged-lines", 0);
	while ((s = message_next(m, "release", &at)))
		if (take_release(view, s, err) < 0)
			return err->code;
	return 0;
}
