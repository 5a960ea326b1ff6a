#include "common/base/base.h"
#include "git-release/wait_option.h"

#include "common/base/num.h"

int wait_option_parse(const char *text, uint64_t *ms, struct err *err)
{
	uint64_t seconds = 0;

	if (text && num_parse_duration(text, &seconds) < 0)
		return err_set(err, ERR_USAGE,
			       "--wait takes a time such as 90s or 15m");
	*ms = seconds * 1000;
	return 0;
}
