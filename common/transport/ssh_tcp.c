#include "common/base/base.h"
#include "common/transport/deadline.h"
#include "common/transport/ssh_tcp.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

void ssh_tcp_ack_now(int fd)
{
	int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

DEFINE_AUTO(struct addrinfo *, freeaddrinfo, NULL)

/* Returns the socket, or -1 with errno. */
static int connect_one(const struct addrinfo *ai, int64_t end)
{
	AUTO_FD int fd = socket(ai->ai_family,
				SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };
	int on = 1, failed = 0, ready;
	socklen_t len = sizeof(failed);

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	if (!connect(fd, ai->ai_addr, ai->ai_addrlen))
		return TAKE_FD(fd);
	if (errno != EINPROGRESS)
		return -1;
	do
		ready = poll(&pfd, 1, deadline_left(end));
	while (ready < 0 && errno == EINTR);
	if (!ready)
		failed = ETIMEDOUT;
	else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &len) < 0)
		failed = errno;
	if (failed) {
		errno = failed;
		return -1;
	}
	return TAKE_FD(fd);
}

int ssh_tcp_connect(const struct ssh_config *config, int timeout_ms, int *fd,
		    struct err *err)
{
	struct addrinfo want = { .ai_socktype = SOCK_STREAM };
	CLEANUP(freeaddrinfo_auto) struct addrinfo *list = NULL;
	const char *family = config->address_family;
	int64_t end = deadline_in(timeout_ms);
	const struct addrinfo *ai;
	char port[16];
	int ret;

	if (family && !strcmp(family, "inet"))
		want.ai_family = AF_INET;
	else if (family && !strcmp(family, "inet6"))
		want.ai_family = AF_INET6;
	snprintf(port, sizeof(port), "%" PRIu32, config->port);
	ret = getaddrinfo(config->hostname, port, &want, &list);
	if (ret)
		return err_set(err, ERR_FAILED,
			       "cannot find the address of '%s': %s",
			       config->hostname, gai_strerror(ret));
	for (ai = list; ai; ai = ai->ai_next) {
		/* The last address may use all the time that is left. */
		int64_t until =
			ai->ai_next ? deadline_in(deadline_left(end) / 2) : end;
		int got = connect_one(ai, until);

		if (got >= 0) {
			*fd = got;
			return 0;
		}
	}
	return err_sys(err, "cannot connect to %s port %s", config->hostname,
		       port);
}
