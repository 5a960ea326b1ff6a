#include "common/base/base.h"
#include "common/transport/agent_image.h"

#include <zlib.h>

/* Eight times what DESIGN allows an agent to weigh; a build with symbols. */
#define MAX_AGENT  (16 * 1024 * 1024)
#define GZIP_LEAST 18

void agent_image_release(struct agent_image *image)
{
	strbuf_release(&image->bytes);
}

static int read_bytes(int fd, const char *path, struct strbuf *out,
		      struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(err, "cannot look at '%s'", path);
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > MAX_AGENT)
		return err_set(err, ERR_FAILED, "'%s' is no agent program", path);
	strbuf_grow(out, (size_t)st.st_size);
	while (out->len < (size_t)st.st_size) {
		ssize_t n = read(fd, out->buf + out->len,
				 (size_t)st.st_size - out->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, "cannot read '%s'", path);
		if (!n)
			return err_set(err, ERR_FAILED, "'%s' became shorter",
				       path);
		out->len += (size_t)n;
	}
	return 0;
}

static int set_machine(struct agent_image *image, const char *path,
		       struct err *err)
{
	const char *base = strrchr(path, '/');
	const char *dash = strstr(base ? base : path, "agent-");

	if (!dash || !dash[6] || strlen(dash + 6) >= sizeof(image->machine))
		return err_set(err, ERR_FAILED,
			       "'%s' is not named agent-<machine>", path);
	snprintf(image->machine, sizeof(image->machine), "%s", dash + 6);
	return 0;
}

int agent_image_read(const char *path, struct agent_image *image, struct err *err)
{
	struct sha256 hash;

	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "cannot open the agent '%s'", path);
	if (set_machine(image, path, err) < 0 ||
	    read_bytes(fd, path, &image->bytes, err) < 0)
		return err->code;
	image->path = path;
	sha256_init(&hash);
	sha256_update(&hash, image->bytes.buf, image->bytes.len);
	sha256_final_hex(&hash, image->hash);
	return 0;
}

/* A gzip file ends in the CRC and the length of what was packed, RFC 1952. */
static bool is_packed(const struct strbuf *gz, const struct strbuf *bytes)
{
	const unsigned char *end = (unsigned char *)gz->buf + gz->len;
	uint32_t crc =
		(uint32_t)crc32_z(0, (unsigned char *)bytes->buf, bytes->len);
	uint32_t len = (uint32_t)bytes->len;

	if (gz->len < GZIP_LEAST)
		return false;
	for (int i = 0; i < 4; i++)
		if (end[i - 8] != (crc >> 8 * i & 0xff) ||
		    end[i - 4] != (len >> 8 * i & 0xff))
			return false;
	return true;
}

bool agent_image_packed(const struct agent_image *image, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	strbuf_addf(&path, "%s.gz", image->path);
	AUTO_FD int fd = open(path.buf, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && !read_bytes(fd, path.buf, out, &ignored) &&
	       is_packed(out, &image->bytes);
}
