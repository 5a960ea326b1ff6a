#ifndef VERIFY_REPORT_H
#define VERIFY_REPORT_H

#include "common/host/host.h"

/*
 * How a release on the server compares with what was sealed: the reply to
 * "verify", checked, its paths in byte order of their names.
 */
struct verify_path {
	char status; /* M changed, D missing, A added */
	char *path;  /* any bytes: quote it */
};

struct verify_report {
	uint64_t files, changed, missing, added;
	struct verify_path *v; /* some of them, where there are very many */
	size_t nr, alloc;
};
#define VERIFY_REPORT_INIT                                                     \
	{                                                                      \
		0                                                              \
	}
void verify_report_release(struct verify_report *r);
#define AUTO_VERIFY_REPORT CLEANUP(verify_report_release)

int verify_report_take(struct verify_report *out, const struct message *reply,
		       struct err *err) MUST_CHECK;

/* Nothing differs. */
bool verify_report_clean(const struct verify_report *r);

#endif
