#include "common/base/base.h"
#include "common/agent/activate.h"

#include "common/agent/event_log.h"
#include "common/agent/hooks.h"
#include "common/agent/link.h"
#include "common/agent/lock.h"
#include "common/agent/prune.h"
#include "common/agent/run.h"
#include "common/agent/seal.h"
#include "common/sys/fault.h"
#include "common/text/quote.h"

struct activation {
	struct agent *a;
	const struct message *m;
	const char *id, *expect, *kind;
	char package[OID_HEXSZ + 1];
	char version[256];
	char back[129]; /* what to go back to when it fails, or "" */
	bool staged;	/* it is the release of a->run */
	bool unproven;	/* of an earlier run, never healthy */
	bool finish;	/* it is live already: only what follows is missing */
	bool rollback;	/* the one that was live is given up */
};

static int line(struct activation *x, enum ledger_event event, const char *id,
		const char *note, struct err *err)
{
	const bool ours = id == x->id;
	const struct ledger_line l = {
		.event = event,
		.release = id,
		.package = ours ? x->package : "",
		.version = ours ? x->version : "",
		.who = x->a->who,
		.note = note,
	};

	return journal_append(&x->a->journal, x->a->dot_fd, &l, err);
}

/* After the switch the link is the truth: a line less only warns. */
static bool line_or_warn(struct activation *x, enum ledger_event event,
			 const char *id, const char *note)
{
	AUTO_ERR struct err err = ERR_INIT;

	if (line(x, event, id, note, &err) == 0)
		return true;
	agent_tell(x->a, "warn", "%s; the next run mends it", err.msg.buf);
	return false;
}

/* A release that was here before: is it what was sealed? */
static int check_target(struct activation *x, const struct release *rel,
			struct err *err)
{
	struct seal_report report = { 0 };
	AUTO_STRVEC struct strvec writable = STRVEC_INIT;
	const char *dir;
	bool damaged = false;
	size_t at = 0;
	int ret;

	if (rel->state == RELEASE_STAGED)
		return err_set(err, ERR_REFUSED,
			       "release '%s' was never finished", x->id);
	if (!rel->staged_seq) {
		agent_tell(x->a, "warn",
			   "release %s was not made by git release: its files "
			   "cannot be verified",
			   x->id);
		return 0;
	}
	while ((dir = message_next(x->m, "writable", &at)))
		strvec_push(&writable, dir);
#ifdef MUTANT_NO_SEAL_CHECK
	return 0;
#endif
	ret = seal_scan(x->a, x->id, false, &writable, &report, err);
	if (ret < 0) {
		err_prefix(err, "release '%s' cannot be verified", x->id);
		damaged = err->code == ERR_NOTFOUND;
		ret = err->code = ERR_REFUSED;
	} else if (report.changed || report.missing) {
		AUTO_STRBUF struct strbuf first = STRBUF_INIT;

		if (report.paths.nr)
			quote_text(&first, report.paths.v[0],
				   strlen(report.paths.v[0]));
		err_set(err, ERR_REFUSED,
			"release '%s' is damaged: %zu file%s changed, %zu "
			"missing (%s)",
			x->id, report.changed, report.changed == 1 ? "" : "s",
			report.missing, first.buf);
		err_hint(err, "git release rollback passes it over now; git "
			      "release list shows what there is");
		damaged = true;
		ret = err->code;
	}
	seal_report_release(&report);
	/* A disk that cannot be read for a moment damages nothing. */
	if (damaged) {
		AUTO_ERR struct err ignored = ERR_INIT;

		(void)!line(x, LEDGER_BAD, x->id, "damaged", &ignored);
	}
	return ret;
}

static void take_names(struct activation *x, const char *package,
		       const char *version)
{
	snprintf(x->package, sizeof(x->package), "%s", package);
	snprintf(x->version, sizeof(x->version), "%s", version);
}

/* It is live, and an earlier run did not get to the end: from where? */
static void take_up(struct activation *x, const struct releases *r)
{
	const struct release *previous = releases_previous(r);

	x->finish = true;
	if (!strcmp(r->unfinished.id, x->id)) {
		x->rollback |= r->unfinished.rollback;
		snprintf(x->back, sizeof(x->back), "%s", r->unfinished.from);
	} else {
		snprintf(x->back, sizeof(x->back), "%s",
			 previous ? previous->id : "");
	}
}

static int find_target(struct activation *x, struct err *err)
{
	AUTO_RELEASES struct releases r = RELEASES_INIT;
	const struct run *run = x->a->run;
	const struct release *rel;

	snprintf(x->back, sizeof(x->back), "%s", x->expect);
	if (run && !strcmp(run->id, x->id)) {
		x->staged = true;
		take_names(x, run->package, run->version);
		return run->sealed ? 0
				   : err_set(err, ERR_FAILED,
					     "the release is not sealed");
	}
	if (releases_load(x->a, &r, err) < 0)
		return err->code;
	rel = releases_find(&r, x->id);
	if (!rel || !rel->present)
		return err_set(err, ERR_REFUSED, "there is no release '%s'",
			       x->id);
	take_names(x, rel->package, rel->version);
	x->unproven = !rel->proven && releases_certain(&r, rel);
	if (!rel->live || strcmp(x->expect, x->id) != 0)
		return check_target(x, rel, err);
	take_up(x, &r);
	return 0;
}

static int run_hooks(struct activation *x, const char *point, struct err *err)
{
	const struct hook_context h = {
		.m = x->m,
		.id = x->id,
		.previous = x->back,
		.version = x->version,
		.package = x->package,
		.timeout = message_u64_or(x->m, "timeout", 600),
	};
	size_t ran = 0;
	int ret = hooks_run(x->a, point, &h, &ran, err);

	if (!ret && ran)
		agent_tell(x->a, "phase", "%s %zu hook%s", point, ran,
			   ran == 1 ? "" : "s");
	return ret;
}

static void drop_staged(struct activation *x, const char *why)
{
	if (x->staged)
		run_abort(x->a, why);
}

/* One that an earlier run had left live, unproven, and that failed now. */
static void drop_unproven(struct activation *x)
{
	AUTO_ERR struct err err = ERR_INIT;

	if (release_to_trash(x->a, x->id, &err) < 0) {
		agent_tell(x->a, "warn", "cannot clean up: %s", err.msg.buf);
		return;
	}
	release_forget(x->a, x->id);
	trash_empty(x->a);
}

/* Said before "current" goes back: the next run ends what we cannot. */
static void tell_failed(struct activation *x, const char *why)
{
	(void)line_or_warn(x, LEDGER_FAILED, x->id, why);
	if (x->staged)
		x->a->run->failed = true;
}

static int go_back(struct activation *x, struct err *err)
{
	AUTO_ERR struct err back = ERR_INIT;
	AUTO_ERR struct err fail = ERR_INIT;
	int ret;

	tell_failed(x, err->msg.buf);
	/* Visitors first: the failHook can wait for the switch. */
	ret = *x->back ? link_switch(x->a, x->id, x->back, &back)
		       : link_take_down(x->a, x->id, &back);
	if (ret < 0) {
		/* It may be live: not ours to remove. */
		if (x->staged)
			run_close(x->a);
		err_set(err, ERR_UNKNOWN, "%s; then going back failed: %s",
			err->msg.buf, back.msg.buf);
		return err_hint(err, "look with: git release status");
	}
	if (*x->back)
		(void)line_or_warn(x, LEDGER_ACTIVE, x->back, "went back");
	if (run_hooks(x, "fail", &fail) < 0)
		agent_tell(x->a, "warn", "%s", fail.msg.buf);
	event_log(x->a, "failed", x->id, x->version, err->msg.buf);
	drop_staged(x, err->msg.buf);
	if (x->finish && x->unproven)
		drop_unproven(x);
	strbuf_addf(&err->msg, "; went back, %s%s is live",
		    *x->back ? "release " : "", *x->back ? x->back : "nothing");
	return err->code = ERR_UNDONE;
}

/* A switch that may or may not have happened: the link tells. */
static int after_failed_switch(struct activation *x, struct err *err)
{
	AUTO_ERR struct err look = ERR_INIT;
	char live[129];

	if (releases_current(x->a, live, &look) < 0) {
		if (x->staged)
			run_close(x->a);
		err->code = ERR_UNKNOWN;
		return err_hint(err, "look with: git release status");
	}
	if (!strcmp(live, x->id))
		return go_back(x, err);
	tell_failed(x, "not switched");
	drop_staged(x, err->msg.buf);
	if (err->code == ERR_FAILED || err->code == ERR_UNKNOWN)
		err->code = ERR_UNDONE;
	return err->code;
}

static int switch_over(struct activation *x, struct err *err)
{
	int ret = lock_check(x->a, err);
	char note[160];

	snprintf(note, sizeof(note), "%.16s %s", x->kind, x->expect);
	if (!ret)
		ret = line(x, LEDGER_ACTIVATING, x->id, note, err);
	if (ret < 0) {
		drop_staged(x, err->msg.buf);
		return ret == ERR_FAILED ? (err->code = ERR_UNDONE) : ret;
	}
	ret = link_switch(x->a, x->expect, x->id, err);
	if (ret < 0)
		return after_failed_switch(x, err);
	(void)line_or_warn(x, LEDGER_ACTIVE, x->id, x->kind);
	agent_tell(x->a, "phase", "activate current -> releases/%s", x->id);
	return 0;
}

static void clean_up(struct activation *x)
{
	uint64_t keep = message_u64_or(x->m, "keep", 0);
	AUTO_ERR struct err err = ERR_INIT;
	size_t removed;

	if (!keep)
		return;
	if (prune_run(x->a, keep, false, &removed, &err) < 0)
		agent_tell(x->a, "warn", "cannot clean up: %s", err.msg.buf);
	else if (removed)
		agent_tell(x->a, "phase", "cleanup %zu old release%s removed",
			   removed, removed == 1 ? "" : "s");
}

static int finish(struct activation *x, struct err *err)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	if (run_hooks(x, "post", err) < 0)
		return go_back(x, err);
	/* "healthy" ends it, so it comes last. */
	if (!x->rollback || !*x->back ||
	    line_or_warn(x, LEDGER_ROLLEDBACK, x->back, x->id))
		(void)line_or_warn(x, LEDGER_HEALTHY, x->id, "");
	if (x->staged)
		run_close(x->a);
	clean_up(x);
	event_log(x->a, x->rollback ? "rolled back to" : "released", x->id,
		  x->version, x->package);
	reply_add(&out, "live", "%s", x->id);
	reply_add(&out, "previous", "%s", x->back);
	pkt_add_flush(&out);
	if (fault("reply")) {
		x->a->gone = true; /* the line drops before it */
		return 0;
	}
	agent_send(x->a, &out);
	return 0;
}

int activate_request(struct agent *a, struct message *m, struct err *err)
{
	struct activation x = {
		.a = a,
		.m = m,
		.id = message_get(m, "id"),
		.expect = message_get(m, "expect"),
		.kind = message_get(m, "kind"),
	};
	int ret;

	if (!x.id || !x.expect || !x.kind || !release_id_ok(x.id) ||
	    (*x.expect && !release_id_ok(x.expect)))
		return err_set(err, ERR_FAILED,
			       "an activate request is not whole");
	x.rollback = !strcmp(x.kind, "rollback");
	ret = find_target(&x, err);
	if (!ret && !x.finish)
		ret = switch_over(&x, err);
	return ret < 0 ? ret : finish(&x, err);
}
