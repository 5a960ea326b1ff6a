/*
 * What a hostile agent answers to "open" and "stage": bytes through the packet
 * reader into fields, errors, the view of the server and the files that were
 * edited there. Names that get through must be safe to use in paths, errors
 * must carry a code that an agent may give.
 */
#include "common/base/base.h"
#include "common/host/host_view.h"
#include "common/text/ledger_line.h"
#include "git-release/edit_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_id(const char *id)
{
	if (*id && !release_id_ok(id))
		abort();
}

static void check_view(const struct message *m)
{
	AUTO_HOST_VIEW struct host_view view = { 0 };
	AUTO_ERR struct err err = ERR_INIT;

	if (host_view_take(&view, m, &err) < 0)
		return;
	check_id(view.live);
	check_id(view.rollback);
	check_id(view.base);
	(void)host_view_live(&view);
	for (size_t i = 0; i < view.nr; i++) {
		if (!release_id_ok(view.releases[i].id) ||
		    !host_view_find(&view, view.releases[i].id))
			abort();
	}
}

static void check_edits(const struct message *m)
{
	AUTO_EDIT_REPORT struct edit_report r = EDIT_REPORT_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (edit_report_take(&r, m, &err) < 0)
		return;
	if (r.paths.nr > r.nr || (r.nr && !r.told))
		abort();
	for (size_t i = 0; i < r.paths.nr; i++)
		if (strlen(r.paths.v[i]) < 3 || r.paths.v[i][1] != ' ')
			abort();
}

static void take(struct message *m, const char *data, size_t len)
{
	AUTO_ERR struct err err = ERR_INIT;
	int code;

	if (data[0] == BAND_FIELD) {
		(void)!message_take(m, data + 1, len - 1, &err);
	} else if (data[0] == BAND_ERROR) {
		code = reply_take_error(data + 1, len - 1, &err);
		if (code >= 0 || code < ERR_UNSUITABLE || code == ERR_USAGE ||
		    code != err.code)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pkt_reader r;
	AUTO_MESSAGE struct message m = MESSAGE_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	int ends[2], type;

	if (size > 60000 || pipe2(ends, O_CLOEXEC) < 0)
		return 0;
	if (write(ends[1], data, size) != (ssize_t)size)
		abort();
	close_quietly(ends[1]);
	pkt_reader_init(&r, ends[0]);
	while ((type = pkt_read(&r, 0, &err)) > PKT_EOF && type != PKT_TIMEOUT)
		if (type == PKT_DATA && r.len)
			take(&m, r.data, r.len);
	close_quietly(ends[0]);
	check_view(&m);
	check_edits(&m);
	return 0;
}
