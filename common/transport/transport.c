#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/sys/fault.h"
#include "common/transport/bootstrap.h"
#include "common/transport/bootstrap_line.h"
#include "common/transport/child.h"
#include "common/transport/ssh_command.h"
#include "common/transport/ssh_link.h"
#include "common/transport/transport.h"

#include <sys/socket.h>
#include <sys/un.h>

#define GREETING_MS fault_wait("GIT_RELEASE_GREETING_MS", 30000)
/* After our end was closed: ssh says goodbye, an agent undoes. */
#define FINISH_MS fault_wait("GIT_RELEASE_FINISH_MS", 3000)

struct transport {
	const char *name;
	int fd;
	char *host, *root;
	struct tail tail;
	struct strbuf shown; /* for transport_stderr() */
	struct child child;
	struct ssh_link *link;
	bool kill_late;
};

int transport_fd(const struct transport *t)
{
	return t->fd;
}

const char *transport_name(const struct transport *t)
{
	return t->name;
}

const char *transport_host(const struct transport *t)
{
	return t->host;
}

const char *transport_root(const struct transport *t)
{
	return t->root;
}

const char *transport_stderr(struct transport *t)
{
	strbuf_reset(&t->shown);
	tail_show(&t->tail, &t->shown);
	return t->shown.buf;
}

/* Back to how it was before anything was connected. */
static void drop_connection(struct transport *t)
{
	if (t->fd >= 0)
		close_quietly(TAKE_FD(t->fd));
	if (t->link)
		ssh_link_close(TAKE_PTR(t->link));
	(void)child_finish(&t->child, FINISH_MS, t->kill_late);
}

void transport_close(struct transport *t)
{
	drop_connection(t);
	tail_destroy(&t->tail);
	strbuf_release(&t->shown);
	free(t->host);
	free(t->root);
	free(t);
}

static void say(const struct transport_target *target, const char *fmt,
		const char *arg)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	if (!target->verbose)
		return;
	strbuf_addf(&line, "%s%s", fmt, arg);
	target->verbose(target->ctx, line.buf);
}

/* A relative path means our directory; "~/x" the home, as in a shell. */
static int local_root(const char *path, char **root, struct err *err)
{
	AUTO_STRBUF struct strbuf full = STRBUF_INIT;
	const char *home = getenv("HOME");

	if (path[0] == '~' && (!path[1] || path[1] == '/')) {
		if (!home || *home != '/')
			return err_set(err, ERR_FAILED,
				       "cannot expand '~': HOME is not set");
		strbuf_addf(&full, "%s%s", home, path + 1);
	} else if (*path != '/') {
		AUTO_FREE char *cwd = getcwd(NULL, 0);

		if (!cwd)
			return err_sys(err, "cannot tell where we are");
		while (!strncmp(path, "./", 2))
			for (path += 2; *path == '/'; path++)
				;
		if (!strcmp(path, "."))
			path = "";
		strbuf_addf(&full, "%s%s%s", strcmp(cwd, "/") ? cwd : "",
			    *path ? "/" : "", path);
	} else {
		strbuf_addstr(&full, path);
	}
	while (full.len > 1 && full.buf[full.len - 1] == '/')
		strbuf_setlen(&full, full.len - 1);
	free(*root);
	*root = strbuf_detach(&full);
	return 0;
}

static int open_local(struct transport *t,
		      const struct transport_target *target, struct err *err)
{
	char nonce[BOOTSTRAP_NONCE_LEN + 1];
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	AUTO_STRBUF struct strbuf first = STRBUF_INIT;
	AUTO_STRBUF struct strbuf word = STRBUF_INIT;
	const char *home = getenv("HOME");
	struct child_spec spec = { .argv = &argv, .tail = &t->tail };
	struct bootstrap b = { .nonce = nonce,
			       .timeout_ms = GREETING_MS,
			       .tail = &t->tail };

	t->name = "local";
	if (local_root(t->root, &t->root, err) < 0 ||
	    bootstrap_nonce(nonce, err) < 0)
		return err->code;
	if (target->first)
		target->first(target->first_ctx, t->root, NULL, &first);
	bootstrap_word(first.buf, first.len, &word);
	strvec_pushl(&argv, target->agent, "serve", nonce, word.buf, NULL);
	spec.cwd = home && *home == '/' && !access(home, X_OK) ? home : "/";
	if (child_start(&t->child, &spec, &t->fd, err) < 0)
		return err->code;
	b.fd = t->fd;
	return bootstrap_run(&b, err);
}

/* What both ways through ssh share. */
struct remote {
	const struct transport_target *target;
	struct ssh_url url;
	struct strvec ssh;
	struct agent_image image;
	struct ssh_config config;
	struct strbuf line;
	char nonce[BOOTSTRAP_NONCE_LEN + 1];
};

static int open_openssh(struct transport *t, const struct remote *r,
			struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	struct child_spec spec = { .argv = &argv,
				   .may_prompt = r->target->may_prompt,
				   .tail = &t->tail };

	t->name = "openssh";
	t->kill_late = true;
	strvec_push_all(&argv, &r->ssh);
	strvec_push(&argv, "-T");
	if (!r->target->may_prompt)
		strvec_pushl(&argv, "-o", "BatchMode=yes", NULL);
	/* Meant for a person's session, and in the way of ours. */
	strvec_pushl(&argv, "-o", "ClearAllForwardings=yes", "-o",
		     "RemoteCommand=none", NULL);
	ssh_command_push_login(&argv, &r->url);
	strvec_push(&argv, r->line.buf);
	return child_start(&t->child, &spec, &t->fd, err);
}

/* A living ControlMaster saves the whole login: nothing is faster. */
static bool master_is_alive(const struct ssh_config *c)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };

	if (!c->control_path || strchr(c->control_path, '%') ||
	    strlen(c->control_path) >= sizeof(sa.sun_path))
		return false;
	AUTO_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return false;
	memcpy(sa.sun_path, c->control_path, strlen(c->control_path) + 1);
	return !connect(fd, (struct sockaddr *)&sa, sizeof(sa));
}

static int open_libssh2(struct transport *t, struct remote *r, struct err *err)
{
	struct ssh_route route = { .target = r->target,
				   .url = &r->url,
				   .ssh = &r->ssh,
				   .config = &r->config,
				   .tail = &t->tail };
	int ret = ssh_command_resolve(&r->ssh, &r->url, &r->config, err);

	if (ret < 0)
		return ret;
	if (r->config.needs_ssh)
		return err_set(err, ERR_UNSUITABLE,
			       "%s is set, which only ssh understands",
			       r->config.needs_ssh);
	if (r->target->kind == TRANSPORT_AUTO && master_is_alive(&r->config))
		return err_set(err, ERR_UNSUITABLE,
			       "a ControlMaster connection is there already");
	t->name = "libssh2";
	return ssh_link_open(&route, r->line.buf, &t->link, &t->fd, err);
}

static int connect_remote(struct transport *t, struct remote *r, struct err *err)
{
	int ret;

	if (r->target->kind == TRANSPORT_OPENSSH)
		return open_openssh(t, r, err);
	ret = open_libssh2(t, r, err);
	if (ret != ERR_UNSUITABLE)
		return ret < 0 ? err_prefix(err, "%s", t->host) : 0;
	if (r->target->kind == TRANSPORT_LIBSSH2) {
		err->code = ERR_FAILED;
		err_prefix(err, "libssh2 cannot be used for %s", t->host);
		return err_hint(err, "set release.transport to auto or "
				     "openssh");
	}
	say(r->target, "using the ssh program: ", err->msg.buf);
	err_release(err);
	drop_connection(t);
	t->tail.len = 0; /* no thread of it is left */
	return open_openssh(t, r, err);
}

static int open_remote(struct transport *t, struct remote *r, struct err *err)
{
	AUTO_STRBUF struct strbuf first = STRBUF_INIT;
	struct bootstrap b = { .image = &r->image,
			       .nonce = r->nonce,
			       .timeout_ms = GREETING_MS,
			       .tail = &t->tail };

	if (ssh_command_init(r->target->ssh_command, &r->ssh, err) < 0 ||
	    agent_image_read(r->target->agent, &r->image, err) < 0 ||
	    bootstrap_nonce(r->nonce, err) < 0)
		return err->code;
	if (r->target->first)
		r->target->first(r->target->first_ctx, t->root, r->image.hash,
				 &first);
	bootstrap_line(t->root, r->image.hash, r->nonce, &first, &r->line);
	if (connect_remote(t, r, err) < 0)
		return err->code;
	say(r->target, "connected through ", t->name);
	b.fd = t->fd;
	if (r->config.connect_timeout && r->config.connect_timeout < 3600)
		b.timeout_ms = (int)r->config.connect_timeout * 1000;
	if (bootstrap_run(&b, err) < 0) {
		/* ssh's own words, for what people meet first. */
		if (strstr(err->msg.buf, "Host key verification failed"))
			err_hint(err,
				 "connect once with ssh to %s and compare the "
				 "fingerprint of its key",
				 t->host);
		return err_prefix(err, "%s", t->host);
	}
	return 0;
}

static void remote_release(struct remote *r)
{
	ssh_url_release(&r->url);
	strvec_release(&r->ssh);
	agent_image_release(&r->image);
	ssh_config_release(&r->config);
	strbuf_release(&r->line);
}

int transport_open(const struct transport_target *target,
		   struct transport **out, struct err *err)
{
	static const struct child no_child = CHILD_INIT;
	static const struct strbuf no_bytes = STRBUF_INIT;
	CLEANUP(remote_release)
	struct remote r = { .target = target,
			    .image = AGENT_IMAGE_INIT,
			    .line = STRBUF_INIT };
	AUTO_TRANSPORT struct transport *t = NULL;
	int ret;

	if (ssh_url_parse(target->url, &r.url, err) < 0)
		return err->code;
	t = xcalloc(1, sizeof(*t));
	t->fd = -1;
	t->child = no_child;
	t->shown = no_bytes;
	tail_init(&t->tail);
	t->host = xstrdup(r.url.local ? "this machine" : r.url.host);
	t->root = xstrdup(r.url.root);
	ret = r.url.local ? open_local(t, target, err) : open_remote(t, &r, err);
	if (ret < 0)
		return ret;
	*out = TAKE_PTR(t);
	return 0;
}
