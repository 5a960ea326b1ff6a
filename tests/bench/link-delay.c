/*
 * A long wire: joins two TUN devices and holds every packet back.
 *
 *	link-delay <device> <device> <microseconds each way>
 *
 * For kernels without sch_netem. It works on packets, below TCP, so slow
 * start, acknowledgements and retransmission behave as on a real path. It
 * makes the devices and prints "ready"; whoever started it moves each into
 * its namespace. Ends when killed, and the devices with it.
 */
#include "common/base/base.h"
#include "common/base/num.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>

#define SLOTS	    8192 /* in flight each way: 12 MB at an MTU of 1500 */
#define PACKET_SIZE 2048
#define NSEC	    UINT64_C(1000000000)

struct packet {
	uint64_t due;
	size_t len;
	char data[PACKET_SIZE];
};

/* One direction: a ring, oldest at head. The counts only ever grow. */
struct lane {
	int in, out;
	size_t head, tail;
	struct packet ring[SLOTS];
};

static struct lane lanes[2];

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NSEC + (uint64_t)t.tv_nsec;
}

static int tun_open(const char *name)
{
	struct ifreq req = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &req) < 0) {
		fprintf(stderr, "link-delay: %s: %s\n", name, strerror(errno));
		exit(1);
	}
	return fd;
}

/* Full means lost, as in any router. */
static void lane_take(struct lane *l, uint64_t delay)
{
	struct packet *p;
	ssize_t n;

	while (l->tail - l->head < SLOTS) {
		p = &l->ring[l->tail % SLOTS];
		n = read(l->in, p->data, sizeof(p->data));
		if (n <= 0)
			return;
		p->len = (size_t)n;
		p->due = now_ns() + delay;
		l->tail++;
	}
	while (read(l->in, &(char[PACKET_SIZE]){ 0 }, PACKET_SIZE) > 0)
		;
}

/* Passes on what is due; returns when the next one is, or UINT64_MAX. */
static uint64_t lane_pass(struct lane *l)
{
	struct packet *p;

	while (l->head != l->tail) {
		p = &l->ring[l->head % SLOTS];
		if (p->due > now_ns())
			return p->due;
		if (write(l->out, p->data, p->len) < 0 && errno == EAGAIN)
			return p->due + 100000;
		l->head++;
	}
	return UINT64_MAX;
}

static void wait_until(uint64_t due)
{
	struct pollfd in[] = { { .fd = lanes[0].in, .events = POLLIN },
			       { .fd = lanes[1].in, .events = POLLIN } };
	uint64_t now = now_ns(), left = due > now ? due - now : 0;
	struct timespec t = { .tv_sec = (time_t)(left / NSEC),
			      .tv_nsec = (long)(left % NSEC) };

	ppoll(in, ARRAY_SIZE(in), due == UINT64_MAX ? NULL : &t, NULL);
}

int main(int argc, char **argv)
{
	uint64_t delay, a, b;

	if (argc != 4 || num_parse_u64(argv[3], strlen(argv[3]), &delay) < 0) {
		fputs("usage: link-delay <device> <device> <microseconds>\n",
		      stderr);
		return 129;
	}
	lanes[0].in = lanes[1].out = tun_open(argv[1]);
	lanes[1].in = lanes[0].out = tun_open(argv[2]);
	prctl(PR_SET_TIMERSLACK, 1000UL);
	puts("ready");
	fflush(stdout);
	for (;;) {
		a = lane_pass(&lanes[0]);
		b = lane_pass(&lanes[1]);
		wait_until(a < b ? a : b);
		lane_take(&lanes[0], delay * 1000);
		lane_take(&lanes[1], delay * 1000);
	}
}
