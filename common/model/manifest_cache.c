#include "common/base/base.h"
#include "common/model/manifest_cache.h"
#include "common/model/package_manifest.h"
#include "common/base/num.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"

#define MAGIC "manifest 1 "

static int open_cache(git_repository *repo, bool make)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	repo_state_path(repo, "", &path);
	if (make && mkdir(path.buf, 0777) < 0 && errno != EEXIST)
		return -1;
	strbuf_addstr(&path, "manifest");
	if (make && mkdir(path.buf, 0777) < 0 && errno != EEXIST)
		return -1;
	return open(path.buf, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void checksum(const char *data, size_t len, char hex[OID_HEXSZ + 1])
{
	struct blob_hash hash;
	struct oid oid;

	blob_hash_init(&hash, len);
	blob_hash_update(&hash, data, len);
	blob_hash_final(&hash, &oid);
	oid_to_hex(&oid, hex);
}

/* The length of the first line when it tells the truth about the rest. */
static size_t check_header(const struct strbuf *file)
{
	size_t magic = strlen(MAGIC), line = strcspn(file->buf, "\n") + 1;
	const char *sum = file->buf + magic;
	char hex[OID_HEXSZ + 1];
	uint64_t size;

	if (line < magic + OID_HEXSZ + 3 || line > magic + OID_HEXSZ + 22 ||
	    line > file->len || strncmp(file->buf, MAGIC, magic) ||
	    sum[OID_HEXSZ] != ' ')
		return 0;
	if (num_parse_u64(sum + OID_HEXSZ + 1, line - magic - OID_HEXSZ - 2,
			  &size) < 0 ||
	    size != file->len - line)
		return 0;
	checksum(file->buf + line, file->len - line, hex);
	return memcmp(hex, sum, OID_HEXSZ) ? 0 : line;
}

bool manifest_cache_load(git_repository *repo, const git_oid *id,
			 struct strbuf *out)
{
	AUTO_STRBUF struct strbuf file = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	AUTO_FD int dir = open_cache(repo, false);
	char name[GIT_OID_HEXSZ + 1];
	size_t header;

	git_oid_tostr(name, sizeof(name), id);
	if (dir < 0 ||
	    file_read(dir, name, MANIFEST_MAX + 128, &file, &ignored) < 0)
		return false;
	header = check_header(&file);
	if (!header)
		return false;
	if (!out->len && !out->max) {
		strbuf_remove(&file, header);
		strbuf_swap(&file, out);
		out->max = 0;
		return true;
	}
	return strbuf_add(out, file.buf + header, file.len - header) >= 0;
}

void manifest_cache_store(git_repository *repo, const git_oid *id,
			  const char *data, size_t len)
{
	char name[GIT_OID_HEXSZ + 1], temp[GIT_OID_HEXSZ + 24];
	char sum[OID_HEXSZ + 1], header[96];
	AUTO_FD int dir = open_cache(repo, true);
	AUTO_FD int fd = -1;
	int n;

	if (dir < 0 || fault("keep manifest"))
		return;
	git_oid_tostr(name, sizeof(name), id);
	snprintf(temp, sizeof(temp), "%s.%ld", name, (long)getpid());
	checksum(data, len, sum);
	n = snprintf(header, sizeof(header), MAGIC "%s %zu\n", sum, len);
	fd = openat(dir, temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return;
	/* Not synced: what a power cut leaves fails its checksum. */
	if (write_all(fd, header, (size_t)n) < 0 ||
	    write_all(fd, data, len) < 0 || renameat(dir, temp, dir, name) < 0)
		(void)unlinkat(dir, temp, 0);
}

void manifest_cache_drop(git_repository *repo, const git_oid *id)
{
	AUTO_FD int dir = open_cache(repo, false);
	char name[GIT_OID_HEXSZ + 1];

	git_oid_tostr(name, sizeof(name), id);
	if (dir >= 0 && !fault("drop manifest"))
		(void)unlinkat(dir, name, 0);
}
