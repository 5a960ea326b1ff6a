#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/text/quote.h"
#include "common/transport/deadline.h"
#include "common/transport/host_key.h"
#include "common/transport/kex_offer.h"
#include "common/transport/ssh_link.h"
#include "common/transport/ssh_login.h"
#include "common/transport/ssh_proxy.h"
#include "common/transport/ssh_tcp.h"

#include <poll.h>
#include <sys/socket.h>

#define CONNECT_MS 30000
/* How much may be on its way to us unread; the default of ssh. */
#define WINDOW_BYTES (2 * 1024 * 1024)
#define PACKET_BYTES 32768

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int init_failed;

static void init_library(void)
{
	init_failed = libssh2_init(0);
	ssh_abort_catch();
}

/* Best first: AES with the processor's help, and short round trips. */
static const char *const kex_wanted[] = {
	"curve25519-sha256",
	"curve25519-sha256@libssh.org",
	"ecdh-sha2-nistp256",
	"ecdh-sha2-nistp384",
	"ecdh-sha2-nistp521",
	"diffie-hellman-group16-sha512",
	"diffie-hellman-group18-sha512",
	"diffie-hellman-group-exchange-sha256",
	"diffie-hellman-group14-sha256",
	NULL
};
static const char *const ciphers_wanted[] = { "aes128-ctr", "aes256-ctr",
					      "aes192-ctr", NULL };
static const char *const macs_wanted[] = { "hmac-sha2-256", "hmac-sha2-512",
					   "hmac-sha1", NULL };

const char *ssh_link_error(struct ssh_link *l)
{
	char *msg = NULL;

	if (l->broken)
		return "libssh2 cannot make sense of what came";
	if (!l->session ||
	    !libssh2_session_last_error(l->session, &msg, NULL, 0) || !msg ||
	    !*msg)
		return "no reason given";
	return msg;
}

int ssh_link_wait(struct ssh_link *l, struct err *err)
{
	struct pollfd pfd = { .fd = l->sock, .events = POLLIN };
	int left = deadline_left(l->deadline), way;

	if (l->broken)
		return err_set(err, ERR_FAILED, "%s", ssh_link_error(l));
	way = libssh2_session_block_directions(l->session);
	ssh_tcp_ack_now(l->sock);
	if (way & LIBSSH2_SESSION_BLOCK_OUTBOUND)
		pfd.events |= POLLOUT;
	if (poll(&pfd, 1, left) < 0 && errno != EINTR)
		return err_sys(err, "cannot wait for the server");
	if (!left)
		return err_set(err, ERR_FAILED,
			       "the server did not answer in time");
	return 0;
}

/* libssh2's way to read, and a copy of how the server begins. */
static ssize_t receive(libssh2_socket_t sock, void *data, size_t len, int flags,
		       void **abstract)
{
	struct ssh_link *l = *abstract;
	ssize_t n = recv(sock, data, len, flags);
	size_t room = sizeof(l->first) - l->first_len;

	if (n < 0)
		return -errno;
	if (room) {
		size_t take = (size_t)n < room ? (size_t)n : room;

		memcpy(l->first + l->first_len, data, take);
		l->first_len += take;
	}
	return n;
}

static void join_allowed(const char *const *wanted, const char *allowed,
			 struct strbuf *out)
{
	for (; *wanted; wanted++)
		if (!allowed || ssh_config_lists(allowed, *wanted))
			strbuf_addf(out, "%s%s", out->len ? "," : "", *wanted);
}

static int prefer(struct ssh_link *l, int method, const char *const *wanted,
		  const char *allowed, struct err *err)
{
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;

	join_allowed(wanted, allowed, &list);
	if (!list.len ||
	    libssh2_session_method_pref(l->session, method, list.buf) < 0)
		return err_set(err, ERR_UNSUITABLE,
			       "KexAlgorithms, Ciphers or MACs allow none that "
			       "libssh2 knows");
	return 0;
}

static int prefer_all(struct ssh_link *l, const struct strbuf *host_keys,
		      struct err *err)
{
	const struct ssh_config *c = l->route.config;

	if (prefer(l, LIBSSH2_METHOD_KEX, kex_wanted, c->kex, err) < 0 ||
	    prefer(l, LIBSSH2_METHOD_CRYPT_CS, ciphers_wanted, c->ciphers, err) <
		    0 ||
	    prefer(l, LIBSSH2_METHOD_CRYPT_SC, ciphers_wanted, c->ciphers, err) <
		    0 ||
	    prefer(l, LIBSSH2_METHOD_MAC_CS, macs_wanted, c->macs, err) < 0 ||
	    prefer(l, LIBSSH2_METHOD_MAC_SC, macs_wanted, c->macs, err) < 0)
		return err->code;
	if (libssh2_session_method_pref(l->session, LIBSSH2_METHOD_HOSTKEY,
					host_keys->buf) < 0)
		return err_set(err, ERR_UNSUITABLE,
			       "libssh2 knows none of the host key types %s",
			       host_keys->buf);
	return 0;
}

static int connect_socket(struct ssh_link *l, int timeout_ms, struct err *err)
{
	AUTO_STRVEC struct strvec proxy = STRVEC_INIT;
	struct child_spec spec = { .argv = &proxy,
				   .may_prompt = l->route.target->may_prompt,
				   .tail = l->route.tail };

	if (ssh_proxy_command(&l->route, &proxy, err) < 0)
		return err->code;
	if (!proxy.nr)
		return ssh_tcp_connect(l->route.config, timeout_ms, &l->sock,
				       err);
	if (child_start(&l->proxy, &spec, &l->sock, err) < 0)
		return err->code;
	if (fcntl(l->sock, F_SETFL, O_NONBLOCK) < 0)
		return err_sys(err, "cannot set up the proxy's pipe");
	return 0;
}

static bool share(const struct strbuf *offered, const char *const *wanted,
		  const char *allowed)
{
	for (; *wanted; wanted++)
		if ((!allowed || ssh_config_lists(allowed, *wanted)) &&
		    ssh_config_lists(offered->buf, *wanted))
			return true;
	return false;
}

static int nothing_shared(const char *what, const struct strbuf *offered,
			  struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, offered->buf, offered->len);
	return err_set(err, ERR_UNSUITABLE,
		       "libssh2 and the server share no %s; it offers %s", what,
		       shown.buf);
}

/* The handshake failed: finds out whether the lists had nothing in common. */
static int explain(struct ssh_link *l, const struct strbuf *host_keys, int rc,
		   struct err *err)
{
	AUTO_KEX_OFFER struct kex_offer o = KEX_OFFER_INIT;
	const struct ssh_config *c = l->route.config;
	AUTO_STRBUF struct strbuf said = STRBUF_INIT;
	AUTO_FREE char *types = xstrdup(host_keys->buf);
	const char *wanted[8] = { NULL };
	size_t nr = 0;
	char *p;

	for (p = types; p && nr < ARRAY_SIZE(wanted) - 1;) {
		wanted[nr++] = p;
		p = strchr(p, ',');
		if (p)
			*p++ = '\0';
	}
	if (!kex_offer_parse(l->first, l->first_len, &o)) {
		if (!share(&o.kex, kex_wanted, c->kex))
			return nothing_shared("key exchange", &o.kex, err);
		if (!share(&o.host_keys, wanted, NULL))
			return nothing_shared("host key type that can be "
					      "checked",
					      &o.host_keys, err);
		if (!share(&o.ciphers, ciphers_wanted, c->ciphers))
			return nothing_shared("cipher", &o.ciphers, err);
		if (!share(&o.macs, macs_wanted, c->macs))
			return nothing_shared("MAC", &o.macs, err);
	}
	/* A proxy that ended has said why, once it was heard to the end. */
	(void)child_finish(&l->proxy, 500, true);
	tail_show_last(l->route.tail, &said);
	return err_set(err,
		       rc == LIBSSH2_ERROR_KEX_FAILURE ||
				       rc == LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE
			       ? ERR_UNSUITABLE
			       : ERR_FAILED,
		       "the server ended the handshake: %s%s%s",
		       ssh_link_error(l), said.len ? "; it said: " : "",
		       said.buf);
}

static const char *key_type_name(int type)
{
	switch (type) {
	case LIBSSH2_HOSTKEY_TYPE_ED25519: return "ssh-ed25519";
	case LIBSSH2_HOSTKEY_TYPE_ECDSA_256: return "ecdsa-sha2-nistp256";
	case LIBSSH2_HOSTKEY_TYPE_ECDSA_384: return "ecdsa-sha2-nistp384";
	case LIBSSH2_HOSTKEY_TYPE_ECDSA_521: return "ecdsa-sha2-nistp521";
	default: return "unknown";
	}
}

static int handshake(struct ssh_link *l, struct err *err)
{
	AUTO_HOST_KEY_BOOK struct host_key_book book = HOST_KEY_BOOK_INIT;
	AUTO_STRBUF struct strbuf types = STRBUF_INIT;
	int seconds = (int)l->route.config->connect_timeout, type, rc;
	int timeout = seconds > 0 && seconds < 3600 ? seconds * 1000 : CONNECT_MS;
	struct host_key key;

	if (host_key_book_read(&l->route, &book, err) < 0 ||
	    host_key_algorithms(&l->route, &book, &types, err) < 0 ||
	    prefer_all(l, &types, err) < 0 || connect_socket(l, timeout, err) < 0)
		return err->code;
	l->deadline = deadline_in(timeout);
	SSH_STEP(l, rc, libssh2_session_handshake(l->session, l->sock), err);
	if (rc)
		return explain(l, &types, rc, err);
	key.blob = libssh2_session_hostkey(l->session, &key.len, &type);
	if (!key.blob)
		return err_set(err, ERR_FAILED, "the server shows no host key");
	key.type = key_type_name(type);
	return host_key_check(&l->route, &book, &key, err);
}

static int open_channel(struct ssh_link *l, struct err *err)
{
	l->deadline = deadline_in(CONNECT_MS);
	while (!l->channel) {
		l->channel =
			SSH_CALL(&l->broken,
				 libssh2_channel_open_ex(l->session, "session",
							 7, WINDOW_BYTES,
							 PACKET_BYTES, NULL, 0),
				 NULL);
		if (l->channel)
			break;
		if (!l->broken && libssh2_session_last_errno(l->session) !=
					  LIBSSH2_ERROR_EAGAIN)
			return err_set(err, ERR_FAILED,
				       "the server opens no session: %s",
				       ssh_link_error(l));
		if (ssh_link_wait(l, err) < 0)
			return err->code;
	}
	return 0;
}

int ssh_link_open(const struct ssh_route *route, const char *line,
		  struct ssh_link **out, int *fd, struct err *err)
{
	static const struct child no_child = CHILD_INIT;
	AUTO_SSH_LINK struct ssh_link *l = xcalloc(1, sizeof(*l));
	AUTO_SSH_LOGIN struct ssh_login login = SSH_LOGIN_INIT;

	l->route = *route;
	l->sock = l->far = -1;
	l->proxy = no_child;
	l->line = xstrdup(line);
	pthread_once(&once, init_library);
	if (!init_failed)
		l->session = libssh2_session_init_ex(NULL, NULL, NULL, l);
	if (!l->session)
		return err_set(err, ERR_UNSUITABLE, "libssh2 does not start");
	libssh2_session_set_blocking(l->session, 0);
	libssh2_session_callback_set(l->session, LIBSSH2_CALLBACK_RECV,
				     (void *)receive);
	if (ssh_login_plan(l, &login, err) < 0 || handshake(l, err) < 0 ||
	    ssh_login_run(l, &login, err) < 0 || open_channel(l, err) < 0 ||
	    ssh_pump_start(l, fd, err) < 0)
		return err->code;
	*out = TAKE_PTR(l);
	return 0;
}

/*
 * A goodbye is sent if the socket takes it. Then the socket is shut first:
 * on an open one libssh2 would wait for the server to close its channels.
 */
static void free_session(struct ssh_link *l)
{
	int tries = 100;

	if (l->sock >= 0) {
		(void)libssh2_session_disconnect(l->session, "done");
		(void)shutdown(l->sock, SHUT_RDWR);
	}
	while (libssh2_session_free(l->session) == LIBSSH2_ERROR_EAGAIN && tries--)
		;
}

void ssh_link_close(struct ssh_link *l)
{
	if (l->pumping)
		pthread_join(l->pump, NULL);
	if (l->session && !l->broken)
		free_session(l);
	if (l->sock >= 0)
		close_quietly(l->sock);
	if (l->far >= 0)
		close_quietly(l->far);
	(void)child_finish(&l->proxy, 1000, true);
	free(l->line);
	free(l);
}
