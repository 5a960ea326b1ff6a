#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/text/ssh_url.h"
#include "common/transport/ssh_config.h"

#define MAX_VALUES 64

void ssh_config_release(struct ssh_config *c)
{
	static const struct ssh_config empty = SSH_CONFIG_INIT;
	char *owned[] = { c->hostname,
			  c->user,
			  c->identity_agent,
			  c->proxy_jump,
			  c->proxy_command,
			  c->host_key_alias,
			  c->strict,
			  c->host_key_algorithms,
			  c->kex,
			  c->ciphers,
			  c->macs,
			  c->address_family,
			  c->control_path,
			  c->needs_ssh };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(owned); i++)
		free(owned[i]);
	strvec_release(&c->identity_files);
	strvec_release(&c->certificate_files);
	strvec_release(&c->user_known_hosts);
	strvec_release(&c->global_known_hosts);
	*c = empty;
}

enum value_kind {
	VALUE_STRING, /* "none" leaves it NULL */
	VALUE_NUMBER, /* "none" leaves it 0 */
	VALUE_FLAG,   /* yes, true */
	VALUE_LIST,   /* one value per line */
	VALUE_WORDS,  /* values between blanks */
	VALUE_NEEDS   /* set to anything else than "none": ssh's business */
};

struct keyword {
	const char *name;
	enum value_kind kind;
	size_t offset;
};

#define FIELD(f) offsetof(struct ssh_config, f)
static const struct keyword keywords[] = {
	{ "hostname", VALUE_STRING, FIELD(hostname) },
	{ "user", VALUE_STRING, FIELD(user) },
	{ "port", VALUE_NUMBER, FIELD(port) },
	{ "connecttimeout", VALUE_NUMBER, FIELD(connect_timeout) },
	{ "identityfile", VALUE_LIST, FIELD(identity_files) },
	{ "certificatefile", VALUE_LIST, FIELD(certificate_files) },
	{ "userknownhostsfile", VALUE_WORDS, FIELD(user_known_hosts) },
	{ "globalknownhostsfile", VALUE_WORDS, FIELD(global_known_hosts) },
	{ "identitiesonly", VALUE_FLAG, FIELD(identities_only) },
	{ "pubkeyauthentication", VALUE_FLAG, FIELD(pubkey) },
	{ "gssapiauthentication", VALUE_FLAG, FIELD(gssapi) },
	{ "hashknownhosts", VALUE_FLAG, FIELD(hash_known_hosts) },
	{ "identityagent", VALUE_STRING, FIELD(identity_agent) },
	{ "proxyjump", VALUE_STRING, FIELD(proxy_jump) },
	{ "proxycommand", VALUE_STRING, FIELD(proxy_command) },
	{ "hostkeyalias", VALUE_STRING, FIELD(host_key_alias) },
	{ "stricthostkeychecking", VALUE_STRING, FIELD(strict) },
	{ "hostkeyalgorithms", VALUE_STRING, FIELD(host_key_algorithms) },
	{ "kexalgorithms", VALUE_STRING, FIELD(kex) },
	{ "ciphers", VALUE_STRING, FIELD(ciphers) },
	{ "macs", VALUE_STRING, FIELD(macs) },
	{ "addressfamily", VALUE_STRING, FIELD(address_family) },
	{ "controlpath", VALUE_STRING, FIELD(control_path) },
	{ "bindaddress", VALUE_NEEDS, 0 },
	{ "bindinterface", VALUE_NEEDS, 0 },
	{ "knownhostscommand", VALUE_NEEDS, 0 },
	{ "revokedhostkeys", VALUE_NEEDS, 0 },
	{ "pkcs11provider", VALUE_NEEDS, 0 },
	{ "proxyusefdpass", VALUE_NEEDS, 0 },
};

static int take_words(struct strvec *sv, const char *value)
{
	while (*value) {
		size_t len = strcspn(value, " \t");

		if (len) {
			AUTO_FREE char *word = xstrndup(value, len);

			if (sv->nr >= MAX_VALUES)
				return -1;
			strvec_push(sv, word);
		}
		value += len;
		value += strspn(value, " \t");
	}
	return 0;
}

static int take_value(struct ssh_config *c, const struct keyword *k,
		      const char *value)
{
	void *field = (char *)c + k->offset;
	bool none = !strcmp(value, "none");
	char **string = field;
	struct strvec *list = field;

	switch (k->kind) {
	case VALUE_STRING:
		free(*string);
		/* "none" is a value of its own where it is not the default. */
		*string = none && k->offset != FIELD(identity_agent)
				  ? NULL
				  : xstrdup(value);
		return 0;
	case VALUE_NUMBER:
		return none ? 0 : num_parse_u32(value, strlen(value), field);
	case VALUE_FLAG:
		*(bool *)field = !strcmp(value, "yes") ||
				 !strcmp(value, "true");
		return 0;
	case VALUE_LIST:
		if (none)
			return 0;
		if (list->nr >= MAX_VALUES)
			return -1;
		strvec_push(list, value);
		return 0;
	case VALUE_WORDS: return none ? 0 : take_words(list, value);
	case VALUE_NEEDS:
		if (!none && strcmp(value, "no") != 0 && !c->needs_ssh)
			c->needs_ssh = xstrdup(k->name);
		return 0;
	}
	return -1;
}

static int parse_line(struct ssh_config *c, char *line, struct err *err)
{
	char *value = strchr(line, ' ');
	size_t i;

	if (!value)
		return 0;
	*value++ = '\0';
	for (i = 0; i < ARRAY_SIZE(keywords); i++)
		if (!strcmp(keywords[i].name, line))
			break;
	if (i == ARRAY_SIZE(keywords) || !*value)
		return 0;
	if (take_value(c, &keywords[i], value) < 0)
		return err_set(err, ERR_FAILED,
			       "'ssh -G' gave a '%s' that makes no sense", line);
	return 0;
}

/* The spelling of "ssh -G" differs from that of ssh_config(5). */
static void fix_strict(struct ssh_config *c)
{
	const char *s = c->strict ? c->strict : "ask";
	const char *plain = s;

	if (!strcmp(s, "true"))
		plain = "yes";
	else if (!strcmp(s, "false") || !strcmp(s, "off"))
		plain = "no";
	plain = xstrdup(plain);
	free(c->strict);
	c->strict = (char *)plain;
}

static int check(struct ssh_config *c, struct err *err)
{
	if (!c->hostname || !c->user || !c->port || c->port > 65535)
		return err_set(err, ERR_FAILED,
			       "'ssh -G' did not tell host, user and port");
	if (ssh_name_check("host", c->hostname, err) < 0)
		return err->code;
	if (ssh_name_check("user", c->user, err) < 0)
		return err->code;
	fix_strict(c);
	return 0;
}

int ssh_config_parse(const struct strbuf *text, struct ssh_config *out,
		     struct err *err)
{
	AUTO_SSH_CONFIG struct ssh_config c = SSH_CONFIG_INIT;
	static const struct ssh_config empty = SSH_CONFIG_INIT;
	AUTO_FREE char *copy = xstrndup(text->buf, text->len);
	char *line = copy, *next;

	if (strlen(copy) != text->len)
		return err_set(err, ERR_FAILED, "'ssh -G' printed a NUL");
	for (; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (parse_line(&c, line, err) < 0)
			return err->code;
	}
	if (check(&c, err) < 0)
		return err->code;
	*out = c;
	c = empty;
	return 0;
}

bool ssh_config_lists(const char *list, const char *name)
{
	size_t want = strlen(name);

	while (list) {
		size_t len = strcspn(list, ",");

		if (len == want && !memcmp(list, name, len))
			return true;
		list = list[len] ? list + len + 1 : NULL;
	}
	return false;
}

static int add_token(const struct ssh_config *c, const struct ssh_tokens *t,
		     char token, struct strbuf *out)
{
	switch (token) {
	case '%': return strbuf_addch(out, '%');
	case 'd': return strbuf_addstr(out, t->home);
	case 'h': return strbuf_addstr(out, c->hostname);
	case 'i': return strbuf_addf(out, "%lu", (unsigned long)getuid());
	case 'k':
		return strbuf_addstr(out, c->host_key_alias ? c->host_key_alias
							    : t->original);
	case 'n': return strbuf_addstr(out, t->original);
	case 'p': return strbuf_addf(out, "%" PRIu32, c->port);
	case 'r': return strbuf_addstr(out, c->user);
	default: return -1;
	}
}

int ssh_config_expand(const struct ssh_config *c, const struct ssh_tokens *t,
		      const char *text, struct strbuf *out)
{
	if (text[0] == '~') {
		if (text[1] != '/' && text[1])
			return -1;
		strbuf_addstr(out, t->home);
		text++;
	}
	for (; *text; text++) {
		if (text[0] == '$' && text[1] == '{')
			return -1;
		if (*text != '%')
			strbuf_addch(out, *text);
		else if (!*++text || add_token(c, t, *text, out) < 0)
			return -1;
	}
	return 0;
}
