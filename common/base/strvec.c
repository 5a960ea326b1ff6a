#include "common/base/base.h"
#include "common/base/strvec.h"
#include "common/base/mem.h"

static void strvec_take(struct strvec *sv, char *s)
{
	ALLOC_GROW(sv->v, sv->nr + 2, sv->alloc);
	sv->v[sv->nr++] = s;
	sv->v[sv->nr] = NULL;
}

void strvec_push(struct strvec *sv, const char *s)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_addstr(&sb, s);
	strvec_take(sv, strbuf_detach(&sb));
}

void strvec_pushf(struct strvec *sv, const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	strvec_take(sv, strbuf_detach(&sb));
}

void strvec_pushl(struct strvec *sv, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, sv);
	while ((s = va_arg(ap, const char *)))
		strvec_push(sv, s);
	va_end(ap);
}

void strvec_release(struct strvec *sv)
{
	while (sv->nr)
		free(sv->v[--sv->nr]);
	free(sv->v);
	*sv = (struct strvec)STRVEC_INIT;
}
