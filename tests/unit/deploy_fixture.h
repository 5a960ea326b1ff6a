#ifndef DEPLOY_FIXTURE_H
#define DEPLOY_FIXTURE_H

#include "tests/unit/unit.h"

#include "common/text/deploy_script.h"

/*
 * What clear_paths ends up as, "a|b"; with "<line> <why>" when that cannot be
 * told. Included files are "(path)", with "?" for one that is not always.
 */
static inline void describe(const struct deploy_script *s, struct strbuf *out)
{
	AUTO_PHP_LIST struct php_list list = PHP_LIST_INIT;

	if (s->why) {
		strbuf_addf(out, "%u %s", s->why_line, s->why);
		return;
	}
	for (size_t i = 0; i < s->nr; i++) {
		struct deploy_event *e = &s->v[i];

		if (e->kind == DEPLOY_INCLUDE)
			strbuf_addf(out, "(%s%s%s)", e->beside ? "." : "",
				    e->path, e->always ? "" : "?");
		if (e->kind == DEPLOY_SET)
			php_list_clear(&list);
		php_list_append(&list, &e->list);
	}
	for (size_t i = 0; i < list.nr; i++)
		strbuf_addf(out, "%s%s", i ? "|" : "", list.v[i].text);
}

struct sample {
	const char *php;
	const char *want; /* all of it, or how a refusal begins */
};

static inline void check(const char *php, size_t len, const char *want)
{
	AUTO_DEPLOY_SCRIPT struct deploy_script s = DEPLOY_SCRIPT_INIT;
	AUTO_STRBUF struct strbuf got = STRBUF_INIT;

	deploy_script_read(php, len, &s);
	describe(&s, &got);
	if (s.why ? !*want || strncmp(got.buf, want, strlen(want)) != 0
		  : strcmp(got.buf, want) != 0)
		fail_msg("'%s', not '%s', for: %s", got.buf, want, php);
}

static inline void check_all(const struct sample *samples, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		check(samples[i].php, strlen(samples[i].php), samples[i].want);
}

#define P	   "<?php\n"
#define CHECK(...) check_all(__VA_ARGS__, ARRAY_SIZE(__VA_ARGS__))

#endif
