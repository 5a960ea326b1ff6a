#include "common/base/base.h"
#include "common/sys/fileio.h"
#include "common/wire/message.h"
#include "tests/lib/lying.h"

#include <time.h>

/*
 * A hostile server: put where git release finds its agent, it greets as the
 * real one does and then tells the lie that $LIE names. Most lies are the
 * reply to one request (open, fetch, stage, activate, scan or take); the others
 * are answered as an honest agent would. $LIE_PACKAGE is the package it says is live.
 */
#define ID LIE_ID

struct strbuf out = STRBUF_INIT;
static struct pkt_reader in;
const char *lie;

static void send_out(void)
{
	if (write_all(STDOUT_FILENO, out.buf, out.len) < 0)
		_exit(0);
	strbuf_reset(&out);
}

void flush(void)
{
	pkt_add_flush(&out);
	send_out();
}

void raw(const char *bytes)
{
	strbuf_addstr(&out, bytes);
	send_out();
}

void fail(const char *code, const char *text, const char *hint)
{
	AUTO_STRBUF struct strbuf body = STRBUF_INIT;

	strbuf_addf(&body, "%s\n%s", code, text);
	strbuf_addch(&body, '\0');
	strbuf_addstr(&body, hint);
	pkt_add_band(&out, BAND_ERROR, body.buf, body.len);
	flush();
}

static void tell(const char *text)
{
	pkt_add_band(&out, BAND_PROGRESS, text, strlen(text));
}

/* Returns the type that ended it, PKT_EOF when the client is gone. */
int read_to_flush(void)
{
	AUTO_ERR struct err err = ERR_INIT;
	int type;

	do {
		type = pkt_read(&in, -1, &err);
		/* The look afterwards, in a new connection, gets no answer. */
		if (type == PKT_DATA && in.len == 3 && !memcmp(in.data, "log", 3))
			_exit(0);
	} while (type == PKT_DATA || type == PKT_DELIM);
	return type;
}

void release(const char *id, const char *package, const char *version, bool live)
{
	reply_add(&out, "release", "%s\thealthy\t%s\t%s\t%d\t0", id, package,
		  version, live);
}

void honest_open(void)
{
	reply_add(&out, "root", "/srv");
	reply_add(&out, "state", "ours");
	reply_add(&out, "free-bytes", "100000000000");
	reply_add(&out, "live", "%s", "");
}

void flood(size_t total, int band, const char *text)
{
	AUTO_STRBUF struct strbuf big = STRBUF_INIT;

	strbuf_addstr(&big, text);
	while (big.len < 60000)
		strbuf_addch(&big, 'x');
	for (size_t sent = 0; sent < total; sent += big.len) {
		pkt_add_band(&out, band, big.buf, big.len);
		send_out();
	}
}

static void many(const char *key, size_t nr, const char *fmt_tail)
{
	for (size_t i = 0; i < nr; i++) {
		reply_add(&out, key, "%zu%s", i, fmt_tail);
		if (out.len > 100000)
			send_out();
	}
}

/* One lie: what is said in reply to a request, true when that was it. */
static bool lie_at_open(void)
{
	const char *pkg = getenv("LIE_PACKAGE");

	honest_open();
	if (!strcmp(lie, "id-dotdot"))
		release("../../shared", "", "v1", false);
	else if (!strcmp(lie, "id-absolute"))
		release("/etc/x", "", "v1", false);
	else if (!strcmp(lie, "live-dotdot"))
		reply_add(&out, "live", "../x");
	else if (!strcmp(lie, "base-dotdot"))
		reply_add(&out, "base", "../x");
	else if (!strcmp(lie, "package-odd"))
		release(ID, "zz", "v1", false);
	else if (!strcmp(lie, "few-fields"))
		reply_add(&out, "release", ID "\thealthy");
	else if (!strcmp(lie, "many-releases"))
		many("release", 1000000, "\ta\t\t\t0\t0");
	else if (!strcmp(lie, "many-fields"))
		many("x", 3000000, "");
	else if (!strcmp(lie, "huge-fields"))
		flood(100000000, BAND_FIELD, "a=");
	else if (!strcmp(lie, "nameless"))
		pkt_add_band(&out, BAND_FIELD, "x", 1);
	else if (!strcmp(lie, "band"))
		pkt_add_band(&out, 77, "x", 1);
	else if (!strcmp(lie, "garbage"))
		raw("HTTP/1.1 400 Bad Request\r\n");
	else if (!strcmp(lie, "early-phase"))
		tell("phase ship 1 2 3 x");
	else if (!strcmp(lie, "escapes"))
		fail("1", "bad" ESC "news", "hin" ESC "t");
	else if (!strcmp(lie, "escaped-words"))
		tell("warn w" ESC "w");
	else if (!strcmp(lie, "no-room"))
		reply_add(&out, "free-bytes", "1");
	else if (!strcmp(lie, "live-unknown"))
		reply_add(&out, "live", ID);
	else if (!strcmp(lie, "wrong-base")) {
		reply_add(&out, "live", ID);
		reply_add(&out, "base", ID);
		release(ID, pkg ? pkg : "", ESC, true);
	} else if (!strncmp(lie, "code-", 5))
		fail(lie + 5, "no", "");
	else if (!strcmp(lie, "long-error")) {
		AUTO_STRBUF struct strbuf text = STRBUF_INIT;

		while (text.len < 60000)
			strbuf_addstr(&text, "lies");
		fail("1", text.buf, "");
	} else if (!strcmp(lie, "flood"))
		flood((size_t)5 << 30, BAND_PROGRESS, "line ");
	else if (!strcmp(lie, "endless"))
		flood((size_t)5 << 30, BAND_FIELD, "a=");
	else if (!strcmp(lie, "close"))
		_exit(0);
	else if (!strcmp(lie, "silent"))
		(void)sleep(1000);
	else
		return false;
	flush();
	return true;
}

/* Of files that were edited: it refuses, or goes on. */
static bool lie_of_edits(void)
{
	bool many = !strcmp(lie, "edits-many");

	if (strncmp(lie, "edits-", 6) != 0)
		return false;
	reply_add(&out, "id", ID);
	reply_add(&out, "guard", "compared");
	reply_add(&out, "edits", "%d", many ? 0 : 7);
	for (int i = 0; many && i < 100000; i++)
		reply_add(&out, "edit", "A %d", i);
	reply_add(&out, "edit", "%s " ESC, strstr(lie, "garbage") ? "X" : "M");
	if (!strcmp(lie, "edits-garbage"))
		flush();
	else
		fail("3", ESC, ESC);
	return true;
}

static bool lie_at_stage(void)
{
	if (lie_of_edits())
		return true;
	if (!strcmp(lie, "want-range"))
		reply_add(&out, "want", "99999999");
	else if (!strcmp(lie, "want-order")) {
		reply_add(&out, "want", "1");
		reply_add(&out, "want", "0");
	} else if (!strcmp(lie, "want-twice")) {
		reply_add(&out, "want", "0");
		flush();
		(void)read_to_flush(); /* the request, then the frames */
		(void)read_to_flush();
		reply_add(&out, "want", "0");
	} else if (!strcmp(lie, "want-text"))
		reply_add(&out, "want", "-1");
	else if (!strcmp(lie, "stage-dotdot"))
		reply_add(&out, "id", "../x");
	else if (!strcmp(lie, "stage-nothing"))
		;
	else if (!strcmp(lie, "stage-garbage"))
		raw("zzzzzzzz");
	else if (!strncmp(lie, "stage-code-", 11))
		fail(lie + 11, "no", "");
	else if (!strcmp(lie, "stage-close"))
		_exit(0);
	else
		return false;
	flush();
	return true;
}

/* Alive for ever, and nothing else: only the person can end this. */
static void stay_alive(void)
{
	const struct timespec pause = { .tv_nsec = 100000000 };

	for (;;) {
		pkt_add_band(&out, BAND_ALIVE, "", 0);
		send_out();
		nanosleep(&pause, NULL);
	}
}

static void answer_activate(void)
{
	if (!strcmp(lie, "other-id"))
		reply_add(&out, "live", "20200101000001");
	else if (!strcmp(lie, "no-live"))
		;
	else if (!strcmp(lie, "activate-garbage"))
		raw("zzzzzzzz");
	else if (!strcmp(lie, "activate-nameless"))
		pkt_add_band(&out, BAND_FIELD, "x", 1);
	else if (!strcmp(lie, "activate-alive"))
		stay_alive();
	else if (!strcmp(lie, "activate-silent"))
		(void)sleep(1000);
	else if (!strncmp(lie, "activate-code-", 14))
		fail(lie + 14, "no", "");
	else if (!strcmp(lie, "activate-close"))
		_exit(0);
	else
		reply_add(&out, "live", ID);
	flush();
}

static void put_manifest(void)
{
	AUTO_STRBUF struct strbuf entry = STRBUF_INIT;
	const char *path = "file", *size = "      5";

	if (!strcmp(lie, "fetch-git"))
		path = ".git/hooks/post-checkout";
	else if (!strcmp(lie, "fetch-up"))
		path = "../x" ESC;
	else if (!strcmp(lie, "fetch-huge"))
		size = "1099511627776";
	strbuf_addf(&entry, "100644 blob " HELLO " %s\t%s", size, path);
	pkt_add_band(&out, BAND_FIELD, entry.buf, entry.len + 1); /* its NUL */
}

static void lie_at_manifest(void)
{
	if (!strcmp(lie, "fetch-endless-list"))
		flood((size_t)5 << 30, BAND_FIELD, "100644 blob ");
	else if (!strcmp(lie, "fetch-empty"))
		pkt_add_band(&out, BAND_FIELD, "", 0);
	else if (!strcmp(lie, "fetch-text"))
		pkt_add_band(&out, BAND_FIELD, "no" ESC, 5);
	else if (!strcmp(lie, "fetch-no-list"))
		fail("1", "no" ESC, "");
	else if (strcmp(lie, "fetch-nothing") != 0)
		put_manifest();
	if (strcmp(lie, "fetch-no-list") != 0)
		flush();
}

/* True when contents were asked for. */
static bool lie_at_contents(void)
{
	if (!strcmp(lie, "fetch-wrong"))
		pkt_add_band(&out, BAND_FIELD, "hellO", 5);
	else if (!strcmp(lie, "fetch-short"))
		pkt_add_band(&out, BAND_FIELD, "hell", 4);
	else if (!strcmp(lie, "fetch-long"))
		pkt_add_band(&out, BAND_FIELD, "hello!", 6);
	else if (!strcmp(lie, "fetch-endless"))
		flood((size_t)5 << 30, BAND_FIELD, "hello");
	else if (!strcmp(lie, "fetch-other"))
		pkt_add_band(&out, BAND_FIELD, "hello", 5);
	else if (!strcmp(lie, "fetch-close"))
		_exit(0);
	else if (strcmp(lie, "fetch-none") != 0)
		return false;
	flush();
	return true;
}

/* A release that the client wants to have the package of. */
static void talk_of_package(void)
{
	honest_open();
	release(ID, getenv("LIE_PACKAGE"), "v2.0.0", false);
	flush();
	if (read_to_flush() == PKT_EOF)
		return;
	lie_at_manifest();
	if (read_to_flush() == PKT_EOF)
		return;
	if (lie_at_contents() && read_to_flush() == PKT_EOF)
		return;
	(void)read_to_flush(); /* the frames of "stage" */
	reply_add(&out, "id", ID);
	flush();
	if (read_to_flush() != PKT_EOF)
		answer_activate();
}

static void talk(void)
{
	if (!lie_at_open()) {
		if (strcmp(lie, "escaped-phases") == 0)
			tell("phase cleanup " ESC);
		flush();
	}
	if (!strcmp(lie, "alive"))
		stay_alive();
	if (!strcmp(lie, "deaf"))
		(void)sleep(1000);
	if (read_to_flush() == PKT_EOF || read_to_flush() == PKT_EOF)
		return;
	if (!strcmp(lie, "escaped-phases")) {
		tell("phase ship 1 2 3 " ESC);
		tell("phase mid " ESC);
		tell("line " ESC);
		tell("note " ESC);
		tell("warn " ESC);
		tell(ESC " " ESC);
	}
	if (!lie_at_stage()) {
		reply_add(&out, "id", ID);
		flush();
	}
	if (read_to_flush() == PKT_EOF)
		return;
	answer_activate();
}

int main(int argc, char **argv)
{
	lie = getenv("LIE");
	if (argc < 3 || !lie || !strcmp(lie, "ungreeted"))
		return 1;
	/* Nothing that a test waits for: what says nothing must end, too. */
	(void)alarm(60);
	pkt_reader_init(&in, STDIN_FILENO);
	if (!strcmp(lie, "greeting-flood"))
		flood(100000000, 'x', "x");
	if (!strcmp(lie, "greet-silent"))
		(void)sleep(1000);
	strbuf_addf(&out, "\ngit-release-agent %s %s\n", argv[2],
		    strcmp(lie, "greeting-protocol") ? "1" : "7" ESC);
	send_out();
	if (!strcmp(lie, "stderr-flood"))
		for (int i = 0; i < 10000; i++)
			fputs(ESC "many words on stderr\n", stderr);
	if (!strncmp(lie, "fetch-", 6))
		talk_of_package();
	else if (!strncmp(lie, "scan-", 5) || !strncmp(lie, "take-", 5))
		talk_of_scan();
	else
		talk();
	return 0;
}
