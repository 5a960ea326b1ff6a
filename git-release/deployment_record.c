#include "common/base/base.h"
#include "git-release/deployment_record.h"

#include "common/base/mem.h"
#include "common/model/package.h"
#include "common/model/records_sync.h"
#include "common/sys/clock.h"

#include <sys/random.h>
#include <time.h>

static void warn(struct strvec *warnings, const char *what, const struct err *err)
{
	strvec_pushf(warnings, "%s: %s", what, err->msg.buf);
}

/* Unique without asking anybody: two machines may record the same second. */
static void event_id(const struct deployment_event *e, struct strbuf *out)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint32_t)getpid();
	strbuf_addf(out, "%s-%08x", e->release ? e->release : "none", random);
}

void deployment_note(const struct deployment_event *e, struct strvec *warnings)
{
	const struct session *s = e->session;
	AUTO_STRBUF struct strbuf id = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	const struct record record = {
		.at = time(NULL),
		.event = e->event,
		.env = s->env.name,
		.tag = e->tag,
		.package = e->package,
		.release = e->release,
		.previous = e->previous && *e->previous ? e->previous : NULL,
		.host = e->host,
		.who = *s->server.signature ? s->server.signature : s->server.who,
		.reason = e->reason,
		.milliseconds = clock_ms() - s->began,
		.discarded_edits = e->discarded_edits,
	};
	struct record whole = record;

	if (!e->commit)
		return;
	event_id(e, &id);
	whole.id = id.buf;
	if (records_append(s->repo, e->commit, &whole, &err) < 0)
		warn(warnings, "cannot record this in the notes", &err);
}

void deployment_went_live(const struct deployment_event *e,
			  struct strvec *warnings)
{
	static const char *const verbs[] = {
		[RECORD_RELEASED] = "released",
		[RECORD_ROLLED_BACK] = "rolled back to",
		[RECORD_FAILED] = "failed",
	};
	AUTO_STRBUF struct strbuf message = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	deployment_note(e, warnings);
	strbuf_addf(&message, "%s %s", verbs[e->event],
		    e->tag && *e->tag ? e->tag : e->release);
	if (records_set_live(e->session->repo, e->session->env.name, e->package,
			     message.buf, &err) < 0)
		warn(warnings, "cannot record what is live", &err);
}

void deployment_push(struct session *s, const char *package_ref,
		     struct strvec *warnings)
{
	AUTO_STRVEC struct strvec refs = STRVEC_INIT;

	if (package_ref)
		strvec_push(&refs, package_ref);
	strvec_pushf(&refs, "+" RECORDS_ENV_PREFIX "%s", s->env.name);
	records_push(s->repo, s->env.remote, &refs, warnings);
}

struct id_list {
	git_oid *v;
	size_t nr, alloc;
};

static void id_list_release(struct id_list *list)
{
	free(list->v);
}

static int collect_live(git_repository *repo, struct id_list *out, struct err *err)
{
	git_reference_iterator *it;
	git_reference *ref;
	int ret;

	if (git_reference_iterator_glob_new(&it, repo, RECORDS_ENV_PREFIX "*") < 0)
		return err_git(err, ERR_FAILED, "cannot list what is live");
	while (!(ret = git_reference_next(&ref, it))) {
		if (git_reference_target(ref)) {
			ALLOC_GROW(out->v, out->nr + 1, out->alloc);
			out->v[out->nr++] = *git_reference_target(ref);
		}
		git_reference_free(ref);
	}
	git_reference_iterator_free(it);
	if (ret != GIT_ITEROVER)
		return err_git(err, ERR_FAILED, "cannot list what is live");
	return 0;
}

void deployment_prune_packages(struct session *s, struct strvec *warnings)
{
	CLEANUP(id_list_release) struct id_list live = { 0 };
	AUTO_ERR struct err err = ERR_INIT;
	unsigned int removed;

	if (collect_live(s->repo, &live, &err) < 0 ||
	    package_prune(s->repo, s->build.keep_packages, live.v, live.nr,
			  &removed, &err) < 0)
		warn(warnings, "cannot remove old packages", &err);
}
