#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/git/config.h"
#include "common/sys/proc.h"
#include "common/text/gitconfig.h"

#include <strings.h>

#define CONFIG_MAX (8u << 20)

static int torn(struct err *err)
{
	return err_set(err, ERR_FAILED,
		       "cannot read git configuration: its list is torn");
}

/* Cuts raw up: "<origin>\0<key>\n<value>\0", or "<key>\0" for a bare key. */
static int cut(struct config *cfg, struct err *err)
{
	char *p = cfg->raw.buf, *end = p + cfg->raw.len;

	while (p < end) {
		struct config_entry e = { .origin = p };
		size_t len = strlen(p);
		char *value;

		/* "command line:" has nothing behind its colon. */
		if (len && p[len - 1] == ':')
			p[len - 1] = '\0';
		p += len + 1;
		if (p >= end)
			return torn(err);
		e.key = p;
		len = strlen(p);
		if (p + len == end)
			return torn(err);
		value = memchr(p, '\n', len);
		if (value) {
			*value = '\0';
			e.value = value + 1;
		}
		p += len + 1;
		ALLOC_GROW(cfg->entries, cfg->nr + 1, cfg->alloc);
		cfg->entries[cfg->nr++] = e;
	}
	return 0;
}

int config_parse(struct config *cfg, const char *data, size_t len, struct err *err)
{
	strbuf_limit(&cfg->raw, CONFIG_MAX);
	if (strbuf_add(&cfg->raw, data, len) < 0)
		return err_set(err, ERR_FAILED, "git configuration is too long");
	return cut(cfg, err);
}

int config_start(struct proc *git, struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;

	strvec_pushl(&argv, "git", "config", "-z", "--show-origin", "--list",
		     NULL);
	spec.argv = argv.v;
	spec.in = PROC_INHERIT;
	spec.out = PROC_PIPE;
	if (proc_start(git, &spec, err) < 0)
		return err_prefix(err, "cannot read git configuration");
	return 0;
}

int config_finish(struct config *cfg, struct proc *git, struct err *err)
{
	struct proc_talk talk = { .out = &cfg->raw };
	int status;

	strbuf_limit(&cfg->raw, CONFIG_MAX);
	if (proc_talk(git, &talk, &status, err) < 0)
		return err_prefix(err, "cannot read git configuration");
	if (status)
		return err_set(err, ERR_FAILED,
			       "cannot read git configuration: "
			       "git config exited with status %d",
			       status);
	return cut(cfg, err);
}

int config_load(struct config *cfg, struct err *err)
{
	AUTO_PROC struct proc git = PROC_INIT;

	if (config_start(&git, err) < 0)
		return err->code;
	return config_finish(cfg, &git, err);
}

void config_release(struct config *cfg)
{
	free(cfg->entries);
	strbuf_release(&cfg->raw);
	*cfg = (struct config)CONFIG_INIT;
}

/* A subsection may hold dots of its own: the last one is the name's. */
static bool key_is(const char *key, const char *section, const char *sub,
		   const char *name)
{
	size_t len = strlen(section);
	const char *dot = strrchr(key, '.');

	if (!dot || strncasecmp(key, section, len) || key[len] != '.' ||
	    strcasecmp(dot + 1, name))
		return false;
	key += len;
	if (!sub)
		return key == dot;
	len = strlen(sub);
	return key < dot && (size_t)(dot - key) == len + 1 &&
	       !memcmp(key + 1, sub, len);
}

const struct config_entry *config_next(const struct config *cfg,
				       const struct config_entry *after,
				       const char *section, const char *sub,
				       const char *name)
{
	size_t i = after ? (size_t)(after - cfg->entries) + 1 : 0;

	for (; i < cfg->nr; i++)
		if (key_is(cfg->entries[i].key, section, sub, name))
			return &cfg->entries[i];
	return NULL;
}

const char *config_get(const struct config *cfg, const char *section,
		       const char *sub, const char *name)
{
	const struct config_entry *e = NULL, *last = NULL;

	while ((e = config_next(cfg, e, section, sub, name)))
		last = e;
	if (!last)
		return NULL;
	return last->value ? last->value : "true";
}

bool config_quote_path(const struct config *cfg)
{
	const char *value = config_get(cfg, "core", NULL, "quotepath");
	bool on = true;

	return !value || gitconfig_bool(value, &on) < 0 || on;
}
