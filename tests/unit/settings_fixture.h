#ifndef SETTINGS_FIXTURE_H
#define SETTINGS_FIXTURE_H

#include "common/model/settings.h"

/* Settings from a text as .gitrelease and, over it, lines of git config. */
struct fixture {
	struct settings s;
	struct environment env;
	struct build_settings build;
	struct config cfg;
	struct err err;
};

static inline void fixture_release(struct fixture *f)
{
	settings_release(&f->s);
	environment_release(&f->env);
	build_settings_release(&f->build);
	config_release(&f->cfg);
	err_release(&f->err);
}
#define AUTO_FIXTURE CLEANUP(fixture_release)
#define FIXTURE_INIT                                                           \
	{                                                                      \
		.cfg = CONFIG_INIT, .err = ERR_INIT                            \
	}

/*
 * over: "key\nvalue" items behind one another, each ended by "|"; or NULL. One
 * that begins with "!" stands on the command line, the others in .git/config.
 */
static inline int load(struct fixture *f, const char *file, const char *over)
{
	static const char *const verbs[] = { "rollback", "status", NULL };
	const struct settings_file from = {
		.data = file,
		.len = file ? strlen(file) : 0,
		.label = ".gitrelease",
		.verbs = verbs,
	};
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;

	while (over && *over) {
		size_t len = strcspn(over, "|");

		if (*over == '!') {
			strbuf_add(&raw, "command line:", 14);
			over++;
			len--;
		} else {
			strbuf_add(&raw, "file:.git/config", 17);
		}
		strbuf_add(&raw, over, len);
		strbuf_addch(&raw, '\0');
		over += len + 1;
	}
	assert_works(&f->err, config_parse(&f->cfg, raw.buf, raw.len, &f->err));
	return settings_load(&f->s, &from, &f->cfg, &f->err);
}

static inline void load_fails(const char *file, const char *over,
			      const char *message)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	assert_int_equal(load(&f, file, over), ERR_FAILED);
	assert_string_equal(f.err.msg.buf, message);
	assert_int_equal(f.s.nr, 0);
}

static inline void environment_fails(const char *file, const char *name,
				     const char *message)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	assert_works(&f.err, load(&f, file, NULL));
	assert_int_equal(settings_environment(&f.s, name, &f.env, &f.err),
			 ERR_FAILED);
	assert_string_equal(f.err.msg.buf, message);
	assert_null(f.env.name);
}

#endif
