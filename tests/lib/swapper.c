#include "common/base/base.h"
#include "common/base/num.h"

#include <dirent.h>
#include <linux/fs.h>
#include <time.h>

/*
 * Somebody beside us: in <dir>, exchanges every directory whose name begins
 * with one of the prefixes for a link to <victim> and back, without a pause,
 * for <seconds>, or until the file $SWAP_STOP is there. What is made there by
 * others is a link a moment later.
 */
#define BAIT ".bait-"

static void swap_all(DIR *d, const char *prefix, const char *victim)
{
	int at = dirfd(d);
	struct dirent *e;

	rewinddir(d);
	while ((e = readdir(d))) {
		char bait[NAME_MAX + 16];

		if (strncmp(e->d_name, prefix, strlen(prefix)))
			continue;
		snprintf(bait, sizeof(bait), BAIT "%s", e->d_name);
		(void)!symlinkat(victim, at, bait);
		(void)!renameat2(at, bait, at, e->d_name, RENAME_EXCHANGE);
	}
}

/* A name that is about to be made: swapped the moment it is there. */
static void ambush(int at, const char *name, const char *victim)
{
	(void)!symlinkat(victim, at, BAIT "ambush");
	for (int i = 0; i < 200; i++)
		(void)!renameat2(at, BAIT "ambush", at, name, RENAME_EXCHANGE);
}

int main(int argc, char **argv)
{
	const char *stop = getenv("SWAP_STOP");
	uint32_t seconds;
	time_t end;
	DIR *d;

	if (argc < 5 || num_parse_u32(argv[1], strlen(argv[1]), &seconds) < 0)
		return 129;
	d = opendir(argv[2]);
	if (!d)
		return 1;
	end = time(NULL) + (time_t)seconds;
	while (time(NULL) < end && (!stop || access(stop, F_OK) < 0))
		for (int i = 4; i < argc; i++) {
			swap_all(d, argv[i], argv[3]);
			ambush(dirfd(d), argv[i], argv[3]);
		}
	closedir(d);
	return 0;
}
