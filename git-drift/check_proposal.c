#include "common/base/base.h"
#include "git-drift/check_proposal.h"

#include "common/git/repo.h"
#include "common/text/quote.h"

#include <git2/sys/patch.h>
