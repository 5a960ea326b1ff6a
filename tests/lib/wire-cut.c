#include "common/base/base.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

/*
 * A wire that breaks, between an ssh client and a real sshd:
 *
 *	wire-cut <server port> <up|down> <n> <cut|stall|length|mac> [etm]
 *
 * says "ready <port>", takes one connection there, and passes it on packet by
 * packet (RFC 4253, sections 4.2 and 6). At the edge behind the n-th packet in
 * that direction it closes both ends, or passes nothing more in any direction
 * until somebody gives up; or it turns one bit of that packet round: in the
 * last byte of its length, or in its last byte, which belongs to its MAC.
 *
 * Once the keys are in use, only an encrypt-then-mac packet says how long it
 * is. With "etm" all are taken for such with a MAC of 32 bytes; without it,
 * what arrives at once counts as one packet, as it does where each is one write.
 *
 * The last line is "<packets up> <packets down> <struck>", so that a run
 * without a fault (n is 0) tells how many there are.
 */
#define MAC_BYTES   32
#define NEWKEYS	    21
#define PACKET_MAX  (256 * 1024)
#define PLAIN_EXTRA 4 /* the length does not count itself */

struct way {
	int from, to;
	char bytes[PACKET_MAX];
	size_t have;
	enum { WAY_VERSION, WAY_PLAIN, WAY_SEALED } state;
	unsigned packets, strike_at;
};

static struct way ways[2]; /* up, down */
static const char *kind;
static bool etm, stalled, struck;

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons((uint16_t)port),
				     .sin_addr = { htonl(INADDR_LOOPBACK) } };
}

static int connect_to(int port)
{
	struct sockaddr_in sa = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && !connect(fd, (struct sockaddr *)&sa, sizeof(sa)))
		return fd;
	return -1;
}

static int take_one(void)
{
	struct sockaddr_in sa = loopback(0);
	socklen_t len = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 ||
	    listen(fd, 1) < 0 ||
	    getsockname(fd, (struct sockaddr *)&sa, &len) < 0)
		return -1;
	printf("ready %d\n", ntohs(sa.sin_port));
	fflush(stdout);
	return accept(fd, NULL, NULL);
}

/* How long the first packet is; 0 when it has not come whole. */
static size_t first_packet(const struct way *w)
{
	const char *nl;
	uint32_t len;

	if (w->state == WAY_VERSION) {
		nl = memchr(w->bytes, '\n', w->have);
		return nl ? (size_t)(nl - w->bytes) + 1 : 0;
	}
	if (w->state == WAY_SEALED && !etm)
		return w->have;
	if (w->have < PLAIN_EXTRA + 2)
		return 0;
	memcpy(&len, w->bytes, sizeof(len));
	len = ntohl(len) + PLAIN_EXTRA;
	if (w->state == WAY_SEALED)
		len += MAC_BYTES;
	if (len > sizeof(w->bytes))
		return w->have; /* no such packet: whatever it is, pass it */
	return len <= w->have ? len : 0;
}

static void next_state(struct way *w)
{
	if (w->state == WAY_VERSION && !strncmp(w->bytes, "SSH-", 4))
		w->state = WAY_PLAIN;
	else if (w->state == WAY_PLAIN && w->bytes[PLAIN_EXTRA + 1] == NEWKEYS)
		w->state = WAY_SEALED;
}

static bool send_on(const struct way *w, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n =
			send(w->to, w->bytes + done, len - done, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

/* False when the connection is to be cut. */
static bool pass_packet(struct way *w, size_t len)
{
	bool strike = ++w->packets == w->strike_at;

	struck |= strike;
	next_state(w);
	if (strike && !strcmp(kind, "length"))
		w->bytes[len < PLAIN_EXTRA ? 0 : PLAIN_EXTRA - 1] ^= 4;
	if (strike && !strcmp(kind, "mac"))
		w->bytes[len - 1] ^= 4;
	if (!send_on(w, len))
		return false;
	w->have -= len;
	memmove(w->bytes, w->bytes + len, w->have);
	stalled |= strike && !strcmp(kind, "stall");
	return !strike || strcmp(kind, "cut") != 0;
}

/* False once the connection is over, or was cut. */
static bool pass(struct way *w)
{
	ssize_t n = read(w->from, w->bytes + w->have, sizeof(w->bytes) - w->have);
	size_t len;

	if (n <= 0)
		return false;
	w->have += (size_t)n;
	while (!stalled && w->have && (len = first_packet(w)))
		if (!pass_packet(w, len))
			return false;
	if (stalled)
		w->have = 0;
	return true;
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };

	if (argc < 5)
		return 129;
	kind = argv[4];
	etm = argc > 5;
	ways[!strcmp(argv[2], "down")].strike_at =
		(unsigned)strtoul(argv[3], NULL, 10);
	fds[0].fd = take_one();
	fds[1].fd = connect_to((int)strtol(argv[1], NULL, 10));
	if (fds[0].fd < 0 || fds[1].fd < 0)
		return 1;
	ways[0].from = ways[1].to = fds[0].fd;
	ways[1].from = ways[0].to = fds[1].fd;
	while (poll(fds, 2, -1) >= 0)
		if ((fds[0].revents && !pass(&ways[0])) ||
		    (fds[1].revents && !pass(&ways[1])))
			break;
	printf("%u %u %d\n", ways[0].packets, ways[1].packets, struck);
	return 0;
}
