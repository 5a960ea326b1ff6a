/* Deployer's log: whatever it holds, what comes of it is an id and a name. */
#include "common/base/base.h"
#include "common/text/deployer_log.h"
#include "common/text/relpath.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	struct deployer_release r;
	struct oid oid;

	strbuf_add(&text, data, size);
	if (!deployer_log_find(text.buf, size, "1", &r))
		return 0;
	if (*r.revision &&
	    (strlen(r.revision) != OID_HEXSZ || oid_from_hex(r.revision, &oid)))
		abort();
	if (text_control_character(r.target, ""))
		abort();
	return 0;
}
