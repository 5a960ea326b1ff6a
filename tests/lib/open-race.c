#include "common/base/base.h"
#include "common/base/cleanup.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

/*
 * Readers of a live application: threads that open and read one file below
 * "current" as fast as they can, until SIGTERM comes and at least so many
 * opens were made. Every open must work, and what is read must be one of the
 * contents given.
 *
 *	open-race <opens> <file> <content> <content>...
 *
 * Prints how many there were; exit status 1 when one failed.
 */
#define THREADS 2

static atomic_ulong opens, failures;
static atomic_bool stop;
static unsigned long wanted;
static char **contents;
static const char *path;

static bool known(const char *text)
{
	for (char **c = contents; *c; c++)
		if (!strcmp(*c, text))
			return true;
	return false;
}

static void *reader(void *arg)
{
	char buf[4096];

	while (!atomic_load(&stop) || atomic_load(&opens) < wanted) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

		if (n >= 0)
			buf[n] = '\0';
		if ((n < 0 || !known(buf)) && !atomic_fetch_add(&failures, 1))
			fprintf(stderr, "%s\n", fd < 0 ? strerror(errno) : buf);
		if (fd >= 0)
			close_quietly(fd);
		atomic_fetch_add(&opens, 1);
	}
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	sigset_t set;
	int sig;

	if (argc < 4)
		return 129;
	wanted = strtoul(argv[1], NULL, 10);
	path = argv[2];
	contents = argv + 3;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, reader, NULL))
			return 128;
	(void)sigwait(&set, &sig);
	atomic_store(&stop, true);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%lu opens, %lu failed\n", atomic_load(&opens),
	       atomic_load(&failures));
	return atomic_load(&failures) != 0;
}
