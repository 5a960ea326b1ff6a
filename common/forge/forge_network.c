#include "common/base/base.h"
#include "common/forge/forge_network.h"
#include "common/base/mem.h"
#include "common/git/run_git.h"

#define VALUE_MAX ((size_t)16 << 10)

void forge_network_release(struct forge_network *n)
{
	free(n->ca_info);
	free(n->ca_path);
	free(n->proxy);
	*n = (struct forge_network){ 0 };
}

struct wanted {
	const char *variable, *key, *type;
	char **value;
};

/* Status 1: not set. */
static int ask(git_repository *repo, const char *url, const struct wanted *w,
	       struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT, errors = STRBUF_INIT;
	int ret, status;

	strvec_pushl(&cmd.argv, "config", w->type, "--get-urlmatch", w->key,
		     url, NULL);
	cmd.repo = repo;
	strbuf_limit(&out, VALUE_MAX);
	strbuf_limit(&errors, VALUE_MAX);
	if ((ret = git_cmd_status(&cmd, &out, &errors, &status, err)) < 0)
		return ret;
	if (status > 1)
		return git_cmd_failed(err, ERR_FAILED, "cannot read http.*",
				      &errors);
	while (out.len && out.buf[out.len - 1] == '\n')
		strbuf_setlen(&out, out.len - 1);
	if (!status)
		*w->value = strbuf_detach(&out);
	return 0;
}

int forge_network_load(git_repository *repo, const char *url,
		       struct forge_network *n, struct err *err)
{
	const struct wanted wanted[] = {
		{ "GIT_SSL_CAINFO", "http.sslCAInfo", "--path", &n->ca_info },
		{ "GIT_SSL_CAPATH", "http.sslCAPath", "--path", &n->ca_path },
		{ NULL, "http.proxy", "--no-type", &n->proxy },
	};

	for (size_t i = 0; !n->loaded && i < ARRAY_SIZE(wanted); i++) {
		const struct wanted *w = &wanted[i];
		const char *value = w->variable ? getenv(w->variable) : NULL;

		if (value)
			*w->value = xstrdup(value);
		else if (ask(repo, url, w, err) < 0)
			return err->code;
	}
	n->loaded = true;
	return 0;
}
