#include "common/base/base.h"
#include "common/transport/bootstrap_line.h"
#include "common/transport/transport.h"

#include <poll.h>
#include <sys/socket.h>

/*
 * Opens a transport for tests: prints its name, host and root, sends what
 * comes on stdin, and prints what comes back until the far end closes.
 *
 *	pipe-probe [-k auto|libssh2|openssh] [-c <ssh command>] <agent> <url>
 *	pipe-probe -l <root> <hash> <nonce>	prints the bootstrap line
 */
static void say(void *ctx UNUSED, const char *line)
{
	fprintf(stderr, "verbose: %s\n", line);
}

static int copy(int from, int to)
{
	char chunk[65536];
	ssize_t n = read(from, chunk, sizeof(chunk)), done = 0;

	while (done < n) {
		ssize_t put = write(to, chunk + done, (size_t)(n - done));

		if (put < 0)
			return -1;
		done += put;
	}
	return n > 0;
}

static void relay(int fd)
{
	struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
				 { .fd = fd, .events = POLLIN } };

	for (;;) {
		if (poll(fds, 2, -1) < 0)
			return;
		if (fds[1].revents && copy(fd, STDOUT_FILENO) <= 0)
			return;
		if (fds[0].revents && copy(STDIN_FILENO, fd) <= 0) {
			fds[0].fd = -1;
			(void)shutdown(fd, SHUT_WR);
		}
	}
}

static int probe(const struct transport_target *target)
{
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_TRANSPORT struct transport *t = NULL;

	if (transport_open(target, &t, &err) < 0) {
		fprintf(stderr, "error: %s\n", err.msg.buf);
		if (err.hint.len)
			fprintf(stderr, "hint: %s\n", err.hint.buf);
		return 1;
	}
	printf("%s\n%s\n%s\n", transport_name(t), transport_host(t),
	       transport_root(t));
	fflush(stdout);
	relay(transport_fd(t));
	if (*transport_stderr(t))
		fprintf(stderr, "stderr: %s\n", transport_stderr(t));
	return 0;
}

static int print_line(char **argv)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT, none = STRBUF_INIT;

	bootstrap_line(argv[0], argv[1], argv[2], &none, &line);
	puts(line.buf);
	return 0;
}

int main(int argc, char **argv)
{
	struct transport_target target = { .verbose = say };
	int opt;

	while ((opt = getopt(argc, argv, "lk:c:")) != -1)
		if (opt == 'l' && argc - optind == 3)
			return print_line(argv + optind);
		else if (opt == 'k')
			target.kind = *optarg == 'l'   ? TRANSPORT_LIBSSH2
				      : *optarg == 'o' ? TRANSPORT_OPENSSH
						       : TRANSPORT_AUTO;
		else if (opt == 'c')
			target.ssh_command = optarg;
	if (argc - optind != 2) {
		fprintf(stderr,
			"usage: pipe-probe [-k <kind>] <agent> <url>\n");
		return 129;
	}
	target.agent = argv[optind];
	target.url = argv[optind + 1];
	return probe(&target);
}
