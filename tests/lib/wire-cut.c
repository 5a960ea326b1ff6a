#include "common/base/base.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

/*
 * A wire that breaks, between an ssh client and a real sshd:
 *
 *	wire-cut <listen port> <server port> <up|down> <bytes> <cut|stall|flip>
 *
 * takes one connection; once so many bytes have passed in that direction it
 * closes both ends, passes nothing more (until the client gives up), or turns
 * one bit round and goes on. The last line it prints is how many bytes went
 * up and down, so that a run without a fault (bytes 0) tells where to cut.
 */
static uint64_t passed[2]; /* up, down */
static bool stalled;

static int connect_to(int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && !connect(fd, (struct sockaddr *)&sa, sizeof(sa)))
		return fd;
	return -1;
}

static int take_one(int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
	    bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(fd, 1) < 0)
		return -1;
	puts("ready");
	fflush(stdout);
	return accept(fd, NULL, NULL);
}

/* False once the connection is over, or was cut. */
static bool pass(int from, int to, int way, int at_way, uint64_t at, char kind)
{
	char buf[4096];
	ssize_t n = read(from, buf, sizeof(buf));
	uint64_t before = passed[way];

	if (n <= 0)
		return false;
	if (stalled)
		return true;
	passed[way] += (uint64_t)n;
	if (at && way == at_way && before < at && passed[way] >= at) {
		size_t keep = (size_t)(at - before) - 1;

		if (kind == 'f') {
			buf[keep] ^= 4;
			keep = (size_t)n;
		}
		if (send(to, buf, keep, MSG_NOSIGNAL) < 0 || kind == 'c')
			return false;
		stalled = kind == 's';
		return true;
	}
	for (ssize_t done = 0; done < n;) {
		ssize_t put =
			send(to, buf + done, (size_t)(n - done), MSG_NOSIGNAL);

		if (put < 0)
			return false;
		done += put;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	uint64_t at;
	int way;

	if (argc != 6)
		return 129;
	way = !strcmp(argv[3], "down");
	at = strtoull(argv[4], NULL, 10);
	fds[0].fd = take_one((int)strtol(argv[1], NULL, 10));
	fds[1].fd = connect_to((int)strtol(argv[2], NULL, 10));
	if (fds[0].fd < 0 || fds[1].fd < 0)
		return 1;
	for (;;) {
		if (poll(fds, 2, -1) < 0)
			break;
		if (fds[0].revents &&
		    !pass(fds[0].fd, fds[1].fd, 0, way, at, *argv[5]))
			break;
		if (fds[1].revents &&
		    !pass(fds[1].fd, fds[0].fd, 1, way, at, *argv[5]))
			break;
	}
	printf("%" PRIu64 " %" PRIu64 "\n", passed[0], passed[1]);
	return 0;
}
