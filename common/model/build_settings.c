#include "common/base/base.h"
#include "common/model/build_settings.h"

void build_settings_release(struct build_settings *bs)
{
	free(bs->tag_prefix);
	free(bs->recipe);
	free(bs->subdirectory);
	strvec_release(&bs->build);
	strvec_release(&bs->exclude);
	*bs = (struct build_settings)BUILD_SETTINGS_INIT;
}
