#include "common/base/base.h"
#include "common/base/err.h"

void err_release(struct err *err)
{
	strbuf_release(&err->msg);
	strbuf_release(&err->hint);
	err->code = 0;
}

int err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;

	err->code = code;
	strbuf_reset(&err->msg);
	strbuf_reset(&err->hint);
	va_start(ap, fmt);
	strbuf_vaddf(&err->msg, fmt, ap);
	va_end(ap);
	return code;
}

int err_sys(struct err *err, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	err->code = ERR_FAILED;
	strbuf_reset(&err->msg);
	strbuf_reset(&err->hint);
	va_start(ap, fmt);
	strbuf_vaddf(&err->msg, fmt, ap);
	va_end(ap);
	strbuf_addf(&err->msg, ": %s", strerror(saved));
	return err->code;
}

int err_prefix(struct err *err, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf full = STRBUF_INIT;
	struct strbuf old;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&full, fmt, ap);
	va_end(ap);
	strbuf_addf(&full, ": %s", err->msg.buf);

	old = err->msg;
	err->msg = full;
	full = old;
	return err->code;
}

int err_hint(struct err *err, const char *fmt, ...)
{
	va_list ap;

	strbuf_reset(&err->hint);
	va_start(ap, fmt);
	strbuf_vaddf(&err->hint, fmt, ap);
	va_end(ap);
	return err->code;
}

int err_exit_status(int code)
{
	switch (code) {
	case 0: return 0;
	case ERR_REFUSED: return 1;
	case ERR_LOCKED: return 3;
	case ERR_UNDONE: return 4;
	case ERR_UNKNOWN: return 5;
	case ERR_USAGE: return 129;
	case ERR_INTERRUPTED: return 130;
	case ERR_TERMINATED: return 143;
	default: return 128;
	}
}
