#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/sys/fault.h"
#include "common/text/quote.h"
#include "common/transport/deadline.h"
#include "common/transport/ssh_login.h"

/* An agent may ask its owner first. */
#define LOGIN_MS fault_wait("GIT_RELEASE_LOGIN_MS", 120000)

void ssh_login_release(struct ssh_login *login)
{
	if (login->agent) {
		libssh2_agent_disconnect(login->agent);
		libssh2_agent_free(login->agent);
		login->agent = NULL;
	}
	identities_release(&login->ids);
	strbuf_release(&login->unused);
}

static void note_unused(struct ssh_login *login, const char *name, const char *why)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	if (login->unused.len)
		return;
	quote_text(&shown, name, strlen(name));
	strbuf_addf(&login->unused, "the key '%s' %s", shown.buf, why);
}

/* NULL when libssh2 can sign with this type. */
static const char *type_trouble(const char *type)
{
	if (key_type_usable(type))
		return NULL;
	if (!strcmp(type, "ssh-rsa"))
		return "is RSA, and libssh2 1.10 signs with RSA only in the "
		       "old way (SHA-1) that servers refuse";
	if (!strncmp(type, "sk-", 3))
		return "is a security key, which libssh2 cannot use";
	if (strstr(type, "-cert-"))
		return "is a certificate, which libssh2 cannot use";
	return "is of a type that libssh2 cannot use";
}

static void add_try(struct ssh_login *login, struct libssh2_agent_publickey *held,
		    const struct identity *file)
{
	struct login_try *t = &login->tries[login->nr];

	if (login->nr == SSH_LOGIN_TRIES)
		return;
	t->held = held;
	t->file = file;
	login->nr++;
}

static bool is_held(const struct libssh2_agent_publickey *key,
		    const struct identity *id)
{
	return key->blob_len == id->info.blob.len &&
	       !memcmp(key->blob, id->info.blob.buf, key->blob_len);
}

static bool is_named(const struct ssh_login *login,
		     const struct libssh2_agent_publickey *key)
{
	size_t i;

	for (i = 0; i < login->ids.nr; i++)
		if (is_held(key, &login->ids.v[i]))
			return true;
	return false;
}

static void consider_held(struct ssh_login *login,
			  struct libssh2_agent_publickey *key)
{
	AUTO_STRBUF struct strbuf blob = STRBUF_INIT;
	char type[64];
	const char *why;

	strbuf_add(&blob, key->blob, key->blob_len);
	if (!key_blob_type(&blob, type, sizeof(type)))
		return;
	why = type_trouble(type);
	if (why)
		note_unused(login, key->comment ? key->comment : "", why);
	else
		add_try(login, key, NULL);
}

/* Connects to the agent and has it list its keys; none is no failure. */
static bool reach_agent(struct ssh_link *l, struct ssh_login *login)
{
	const char *path = l->route.config->identity_agent;

	if (!path || !strcmp(path, "SSH_AUTH_SOCK"))
		path = getenv("SSH_AUTH_SOCK");
	else if (path[0] == '$')
		path = getenv(path + 1);
	if (!path || !*path || !strcmp(path, "none"))
		return false;
	login->agent = libssh2_agent_init(l->session);
	if (!login->agent)
		return false;
	libssh2_agent_set_identity_path(login->agent, path);
	return !libssh2_agent_connect(login->agent) &&
	       !libssh2_agent_list_identities(login->agent);
}

static void plan_agent(struct ssh_link *l, struct ssh_login *login, bool named)
{
	struct libssh2_agent_publickey *key = NULL;

	while (!libssh2_agent_get_identity(login->agent, &key, key))
		if (is_named(login, key) == named)
			consider_held(login, key);
	if (named && !l->route.config->identities_only)
		plan_agent(l, login, false);
}

static bool already_planned(const struct ssh_login *login,
			    const struct identity *id)
{
	size_t i;

	for (i = 0; i < login->nr; i++)
		if (login->tries[i].held && is_held(login->tries[i].held, id))
			return true;
	return false;
}

static void plan_files(struct ssh_login *login)
{
	size_t i;

	for (i = 0; i < login->ids.nr; i++) {
		const struct identity *id = &login->ids.v[i];
		char type[64] = "";
		const char *why = NULL;

		if (already_planned(login, id))
			continue;
		if (key_blob_type(&id->info.blob, type, sizeof(type)))
			why = type_trouble(type);
		else if (!id->info.ecdsa_pem)
			why = "is in a format that libssh2 may not read";
		if (!why && id->info.encrypted)
			why = "needs a passphrase";
		if (why)
			note_unused(login, id->path, why);
		else if (id->info.has_private)
			add_try(login, NULL, id);
	}
}

int ssh_login_plan(struct ssh_link *l, struct ssh_login *login, struct err *err)
{
	const struct ssh_config *c = l->route.config;
	const char *home = getenv("HOME");
	struct ssh_tokens tokens = { .original = l->route.url->host,
				     .home = home ? home : "/" };

	if (!c->pubkey)
		return err_set(err, ERR_UNSUITABLE,
			       "PubkeyAuthentication is off, and libssh2 is "
			       "used with keys only");
	if (c->certificate_files.nr)
		return err_set(err, ERR_UNSUITABLE,
			       "CertificateFile is set, and libssh2 cannot use "
			       "certificates");
	if (identities_read(c, &tokens, &login->ids, err) < 0)
		return err->code;
	if (reach_agent(l, login))
		plan_agent(l, login, true);
	plan_files(login);
	if (login->nr)
		return 0;
	return err_set(err, ERR_UNSUITABLE, "%s",
		       login->unused.len
			       ? login->unused.buf
			       : "there is no ed25519 or ecdsa key to log in "
				 "with");
}

static int try_step(struct ssh_link *l, const struct ssh_login *login,
		    const struct login_try *t)
{
	const char *user = l->route.config->user;

	if (t->held)
		return libssh2_agent_userauth(login->agent, user, t->held);
	return libssh2_userauth_publickey_frommemory(l->session, user,
						     strlen(user), NULL, 0,
						     t->file->file.buf,
						     t->file->file.len, NULL);
}

/* 1: logged in, 0: not with this key. */
static int try_one(struct ssh_link *l, struct ssh_login *login,
		   const struct login_try *t, struct err *err)
{
	int rc;

	SSH_STEP(l, rc, try_step(l, login, t), err);
	if (!rc)
		return 1;
	if (rc == LIBSSH2_ERROR_SOCKET_SEND || rc == LIBSSH2_ERROR_SOCKET_RECV ||
	    rc == LIBSSH2_ERROR_SOCKET_DISCONNECT)
		return err_set(err, ERR_FAILED,
			       "the connection ended while logging in: %s",
			       ssh_link_error(l));
	/* Not refused by the server, but never offered. */
	if (rc == LIBSSH2_ERROR_FILE || rc == LIBSSH2_ERROR_METHOD_NONE)
		note_unused(login, t->held ? t->held->comment : t->file->path,
			    "cannot be used by libssh2");
	return 0;
}

/* All keys were refused: may the ssh program still get in? */
static int explain(struct ssh_link *l, const struct ssh_login *login,
		   struct err *err)
{
	const struct ssh_config *c = l->route.config;
	AUTO_STRBUF struct strbuf methods = STRBUF_INIT;
	const char *list;
	bool asks;

	while (!(list = SSH_CALL(
			 &l->broken,
			 libssh2_userauth_list(l->session, c->user,
					       (unsigned int)strlen(c->user)),
			 NULL)))
		if (!l->broken && libssh2_session_last_errno(l->session) !=
					  LIBSSH2_ERROR_EAGAIN)
			break;
		else if (ssh_link_wait(l, err) < 0)
			return err->code; /* no answer is no refusal */
	if (list)
		quote_text(&methods, list, strlen(list));
	if (login->unused.len)
		return err_set(err, ERR_UNSUITABLE, "%s", login->unused.buf);
	asks = strstr(methods.buf, "password") ||
	       strstr(methods.buf, "keyboard-interactive");
	if ((asks && l->route.target->may_prompt) ||
	    (strstr(methods.buf, "gssapi") && c->gssapi))
		return err_set(err, ERR_UNSUITABLE,
			       "no key was accepted, and the server also "
			       "takes %s",
			       methods.buf);
	return err_set(err, ERR_FAILED,
		       "permission denied for %s@%s: none of %zu keys was "
		       "accepted%s%s",
		       c->user, c->hostname, login->nr,
		       methods.len ? "; the server takes " : "", methods.buf);
}

int ssh_login_run(struct ssh_link *l, struct ssh_login *login, struct err *err)
{
	size_t i;

	l->deadline = deadline_in(LOGIN_MS);
	for (i = 0; i < login->nr; i++) {
		int ret = try_one(l, login, &login->tries[i], err);

		if (ret)
			return ret < 0 ? ret : 0;
	}
	return explain(l, login, err);
}
