#include "common/base/base.h"
#include "common/transport/ssh_command.h"
#include "common/transport/ssh_proxy.h"

/* "a,b,c": through a and b to c, and from c to the host. */
static int jump_command(const struct ssh_route *route, struct strvec *argv,
			struct err *err)
{
	AUTO_STRBUF struct strbuf before = STRBUF_INIT, url = STRBUF_INIT;
	AUTO_SSH_URL struct ssh_url last = SSH_URL_INIT;
	const char *jump = route->config->proxy_jump;
	const char *comma = strrchr(jump, ',');

	if (comma)
		strbuf_add(&before, jump, (size_t)(comma - jump));
	jump = comma ? comma + 1 : jump;
	if (strncmp(jump, "ssh://", 6) != 0)
		strbuf_addstr(&url, "ssh://");
	strbuf_addf(&url, "%s/", jump);
	if (ssh_url_parse(url.buf, &last, err) < 0)
		return err_prefix(err, "ProxyJump");
	strvec_push_all(argv, route->ssh);
	if (!route->target->may_prompt)
		strvec_pushl(argv, "-o", "BatchMode=yes", NULL);
	if (before.len)
		strvec_pushl(argv, "-J", before.buf, NULL);
	strvec_push(argv, "-W");
	strvec_pushf(argv, "[%s]:%" PRIu32, route->config->hostname,
		     route->config->port);
	ssh_command_push_login(argv, &last);
	return 0;
}

int ssh_proxy_command(const struct ssh_route *route, struct strvec *argv,
		      struct err *err)
{
	struct ssh_tokens tokens = { .original = route->url->host,
				     .home = getenv("HOME") };
	const char *command = route->config->proxy_command;
	AUTO_STRVEC struct strvec words = STRVEC_INIT;
	size_t i;
	int ret;

	if (route->config->proxy_jump)
		return jump_command(route, argv, err);
	if (!command)
		return 0;
	ret = ssh_command_split(command, &words, err);
	if (ret < 0)
		return err_prefix(err, "ProxyCommand");
	if (ret)
		return err_set(err, ERR_UNSUITABLE,
			       "ProxyCommand needs a shell, which only ssh "
			       "starts");
	for (i = !strcmp(words.v[0], "exec"); i < words.nr; i++) {
		AUTO_STRBUF struct strbuf word = STRBUF_INIT;

		if (!tokens.home)
			tokens.home = "/";
		if (ssh_config_expand(route->config, &tokens, words.v[i],
				      &word) < 0)
			return err_set(err, ERR_UNSUITABLE,
				       "only ssh can expand the ProxyCommand "
				       "'%s'",
				       command);
		strvec_push(argv, word.buf);
	}
	return 0;
}
