#include "common/base/base.h"
#include "common/transport/child.h"
#include "common/transport/ssh_command.h"

/* "ssh -G" looks at files and may run Match exec; it never connects. */
#define RESOLVE_MS 15000

void strvec_push_all(struct strvec *to, const struct strvec *from)
{
	size_t i;

	for (i = 0; i < from->nr; i++)
		strvec_push(to, from->v[i]);
}

struct splitter {
	const char *p;
	struct strbuf word;
	bool in_word;
};

/* Inside double quotes: 0 when closed, 1 for a shell, -1 when never closed. */
static int split_double(struct splitter *s)
{
	for (s->p++; *s->p && *s->p != '"'; s->p++) {
		if (*s->p == '$' || *s->p == '`')
			return 1;
		if (*s->p == '\\' && s->p[1] && strchr("\\\"$`\n", s->p[1]))
			s->p++;
		strbuf_addch(&s->word, *s->p);
	}
	return *s->p ? 0 : -1;
}

/* One unquoted character or quoted part; as split_double(). */
static int split_one(struct splitter *s)
{
	const char *end;

	switch (*s->p) {
	case '\'':
		end = strchr(s->p + 1, '\'');
		if (!end)
			return -1;
		strbuf_add(&s->word, s->p + 1, (size_t)(end - s->p - 1));
		s->p = end;
		return 0;
	case '"': return split_double(s);
	case '\\':
		if (!*++s->p)
			return -1;
		strbuf_addch(&s->word, *s->p);
		return 0;
	default:
		if (strchr("|&;<>()$`*?[#{}!\n", *s->p) ||
		    (*s->p == '~' && !s->in_word))
			return 1;
		strbuf_addch(&s->word, *s->p);
		return 0;
	}
}

static int split_words(struct splitter *s, struct strvec *words)
{
	int ret;

	for (; *s->p; s->p++) {
		if (*s->p != ' ' && *s->p != '\t') {
			/* "NAME=value ssh" sets a variable. */
			if (*s->p == '=' && !words->nr)
				return 1;
			ret = split_one(s);
			if (ret)
				return ret;
			s->in_word = true;
		} else if (s->in_word) {
			strvec_push(words, s->word.buf);
			strbuf_reset(&s->word);
			s->in_word = false;
		}
	}
	if (s->in_word)
		strvec_push(words, s->word.buf);
	return 0;
}

int ssh_command_split(const char *text, struct strvec *out, struct err *err)
{
	struct splitter s = { .p = text, .word = STRBUF_INIT };
	AUTO_STRVEC struct strvec words = STRVEC_INIT;
	int ret = split_words(&s, &words);

	strbuf_release(&s.word);
	if (ret < 0)
		return err_set(err, ERR_FAILED,
			       "a quote is not closed in the ssh command '%s'",
			       text);
	if (!ret && !words.nr)
		return err_set(err, ERR_FAILED, "the ssh command is empty");
	if (!ret)
		strvec_push_all(out, &words);
	return ret;
}

int ssh_command_init(const char *setting, struct strvec *out, struct err *err)
{
	const char *program = getenv("GIT_SSH");
	int ret;

	if (!setting || !*setting) {
		strvec_push(out, program && *program ? program : "ssh");
		return 0;
	}
	ret = ssh_command_split(setting, out, err);
	if (ret <= 0)
		return ret;
	strvec_pushl(out, "sh", "-c", NULL);
	strvec_pushf(out, "%s \"$@\"", setting);
	strvec_push(out, setting);
	return 0;
}

void ssh_command_push_login(struct strvec *argv, const struct ssh_url *url)
{
	if (url->port) {
		strvec_push(argv, "-p");
		strvec_pushf(argv, "%" PRIu32, url->port);
	}
	strvec_push(argv, "--");
	if (url->user)
		strvec_pushf(argv, "%s@%s", url->user, url->host);
	else
		strvec_push(argv, url->host);
}

int ssh_command_resolve(const struct strvec *ssh, const struct ssh_url *url,
			struct ssh_config *out, struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	strvec_push_all(&argv, ssh);
	strvec_push(&argv, "-G");
	ssh_command_push_login(&argv, url);
	strbuf_limit(&text, SSH_CONFIG_MAX);
	if (child_capture(&argv, RESOLVE_MS, &text, err) < 0) {
		err->code = ERR_UNSUITABLE;
		return err_prefix(err, "cannot ask '%s -G'", ssh->v[0]);
	}
	return ssh_config_parse(&text, out, err);
}
