#include "common/base/base.h"
#include "git-release/release_job.h"

void release_record(struct release_job *job, const struct err *failure)
{
	(void)job;
	(void)failure;
}
