#include "common/base/base.h"
#include "common/transport/known_hosts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A host name up to the first NUL, behind it a known_hosts file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *name = (const char *)data;
	size_t len = strnlen(name, size);
	AUTO_KNOWN_HOSTS struct known_hosts kh = KNOWN_HOSTS_INIT;
	AUTO_STRBUF struct strbuf file = STRBUF_INIT;
	struct host_key key = { .type = "ssh-ed25519" };

	if (len == size)
		return 0;
	strbuf_add(&file, name + len + 1, size - len - 1);
	known_hosts_scan(&kh, "f", &file, name);
	for (size_t i = 0; i < kh.nr; i++) {
		key.type = kh.v[i].type;
		key.blob = kh.v[i].blob;
		key.len = kh.v[i].len;
		if (!kh.v[i].line || key.len <= 4 + strlen(key.type))
			abort();
		/* What is on record, whatever its mark, is never "changed". */
		if (kh.v[i].mark == KNOWN_PLAIN &&
		    known_hosts_judge(&kh, &key, NULL) == KNOWN_CHANGED)
			abort();
	}
	return 0;
}
