#include "common/base/base.h"
#include "common/text/ssh_url.h"
#include "common/transport/identity.h"
#include "common/transport/kex_offer.h"
#include "common/transport/ssh_command.h"
#include "common/transport/ssh_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(const char *name)
{
	if (!*name || *name == '-' || strpbrk(name, " \t\n\r\033"))
		abort();
}

static void try_text(const char *text)
{
	AUTO_SSH_URL struct ssh_url url = SSH_URL_INIT;
	AUTO_STRVEC struct strvec words = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (!ssh_url_parse(text, &url, &err)) {
		if (!*url.root || strchr(url.root, '\n'))
			abort();
		if (!url.local)
			check_name(url.host);
		if (url.user)
			check_name(url.user);
	} else if (strpbrk(err.msg.buf, "\n\033")) {
		abort();
	}
	if (ssh_command_split(text, &words, &err) > 0 && words.nr)
		abort();
}

/* Everything a connection parses, each given the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_SSH_CONFIG struct ssh_config c = SSH_CONFIG_INIT;
	AUTO_KEX_OFFER struct kex_offer offer = KEX_OFFER_INIT;
	AUTO_KEY_INFO struct key_info info = KEY_INFO_INIT;
	struct ssh_tokens tokens = { .original = "o", .home = "/h" };
	AUTO_STRBUF struct strbuf text = STRBUF_INIT, out = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_add(&text, data, size);
	try_text(text.buf);
	key_info_parse(&text, &info);
	if (!kex_offer_parse(data, size, &offer) && offer.kex.len > size)
		abort();
	if (ssh_config_parse(&text, &c, &err) < 0)
		return 0;
	check_name(c.hostname);
	check_name(c.user);
	for (size_t i = 0; i < c.identity_files.nr; i++)
		if (ssh_config_expand(&c, &tokens, c.identity_files.v[i], &out) <
		    0)
			strbuf_reset(&out);
	return 0;
}
