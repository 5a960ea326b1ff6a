#include "common/base/base.h"
#include "common/sys/dirstream.h"

DIR *dirstream_take(int fd)
{
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (!d && fd >= 0)
		close_quietly(fd);
	return d;
}

struct dirent *dirstream_next(DIR *d)
{
	struct dirent *e;

	do
		e = readdir(d);
	while (e && (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")));
	return e;
}
