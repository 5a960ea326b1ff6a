#include "common/base/base.h"
#include "git-serversync/secret_signs.h"

bool secret_by_content(struct sign_hunt *h)
{
	return secret_keys_find(h) || secret_dump_find(h) ||
	       secret_tokens_find(h) || secret_values_find(h);
}
