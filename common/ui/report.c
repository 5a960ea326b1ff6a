#include "common/base/base.h"
#include "common/ui/report.h"
#include "common/sys/proc.h"
#include "common/ui/screen.h"

/*
 * advice.releaseHints, asked for only when there is a hint to show: a command
 * that succeeds does not pay for it. Anything but "false" leaves hints on.
 */
static bool hints_on(void)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	int status;

	strvec_pushl(&argv, "git", "config", "--type=bool", "--default=true",
		     "advice.releaseHints", NULL);
	strbuf_limit(&out, 4096);
	return proc_capture(&argv, &out, &status, &ignored) < 0 ||
	       strcmp(out.buf, "false\n") != 0;
}

/*
 * One write for the whole message, so that lines of two processes do not mix.
 * stderr going away changes nothing: there is nobody left to tell.
 */
static void say(const char *prefix, const char *text, size_t len)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	while (len && text[len - 1] == '\n')
		len--;
	for (;;) {
		const char *nl = memchr(text, '\n', len);
		size_t n = nl ? (size_t)(nl - text) : len;

		strbuf_addf(&out, n ? "%s: " : "%s:", prefix);
		screen_add_safe(&out, text, n);
		strbuf_addch(&out, '\n');
		if (!nl)
			break;
		text += n + 1;
		len -= n + 1;
	}
	fflush(stdout);
	fwrite(out.buf, 1, out.len, stderr);
	fflush(stderr);
}

#define DEFINE_REPORT(name, word)                                              \
	void report_##name(const char *fmt, ...)                               \
	{                                                                      \
		AUTO_STRBUF struct strbuf text = STRBUF_INIT;                  \
		va_list ap;                                                    \
                                                                               \
		va_start(ap, fmt);                                             \
		strbuf_vaddf(&text, fmt, ap);                                  \
		va_end(ap);                                                    \
		say(word, text.buf, text.len);                                 \
	}

DEFINE_REPORT(fatal, "fatal")
DEFINE_REPORT(error, "error")
DEFINE_REPORT(warning, "warning")

void report_hint(const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	va_list ap;

	if (!hints_on())
		return;
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	say("hint", text.buf, text.len);
}

static void say_hint_of(const struct err *err)
{
	if (err->hint.len && hints_on())
		say("hint", err->hint.buf, err->hint.len);
}

int report_failure(const struct err *err)
{
	int status = err_exit_status(err->code);

	say(status == 128 ? "fatal" : "error", err->msg.buf, err->msg.len);
	say_hint_of(err);
	return status;
}

int report_finish_stdout(int status)
{
	bool broken = ferror(stdout);

	errno = 0;
	broken |= fflush(stdout) != 0;
	if (!broken || errno == EPIPE)
		return status;
	if (errno)
		report_fatal("cannot write the output: %s", strerror(errno));
	else
		report_fatal("cannot write the output");
	return status ? status : 128;
}
