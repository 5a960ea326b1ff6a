#include "common/base/base.h"
#include "common/agent/verify.h"

#include "common/agent/seal.h"

int verify_request(struct agent *a, struct message *m, struct err *err)
{
	struct seal_report report = { 0 };
	AUTO_STRVEC struct strvec writable = STRVEC_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	const char *id = message_get(m, "id"), *dir;
	size_t at = 0;
	int ret;

	if (!id || !release_id_ok(id))
		return err_set(err, ERR_FAILED, "no release to verify");
	while ((dir = message_next(m, "writable", &at)))
		strvec_push(&writable, dir);
	ret = seal_scan(a, id, true, &writable, &report, err);
	if (ret == ERR_NOTFOUND) {
		err_set(err, ERR_REFUSED,
			"release '%s' was not sealed by git release: there is "
			"nothing to compare it with",
			id);
		ret = err->code;
	}
	if (!ret) {
		reply_add(&out, "files", "%zu", report.files);
		reply_add(&out, "changed", "%zu", report.changed);
		reply_add(&out, "missing", "%zu", report.missing);
		reply_add(&out, "extra", "%zu", report.extra);
		for (size_t i = 0; i < report.paths.nr; i++)
			reply_add(&out, "path", "%s", report.paths.v[i]);
		pkt_add_flush(&out);
		agent_send(a, &out);
	}
	seal_report_release(&report);
	return ret;
}

int log_request(struct agent *a, struct message *m, struct err *err UNUSED)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	uint64_t limit = message_u64_or(m, "limit", 1000);
	size_t first = a->journal.nr > limit ? a->journal.nr - (size_t)limit : 0;

	for (size_t i = first; i < a->journal.nr; i++) {
		const struct ledger_line *l = &a->journal.lines[i];

		reply_add(&out, "line", "%" PRIu64 "\t%s\t%s\t%s\t%s\t%s\t%s\t%s",
			  l->seq, l->time, ledger_event_name(l->event),
			  l->release, l->package, l->version, l->who, l->note);
	}
	pkt_add_flush(&out);
	agent_send(a, &out);
	return 0;
}
