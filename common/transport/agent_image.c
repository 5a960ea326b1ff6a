#include "common/base/base.h"
#include "common/transport/agent_image.h"

#include <zlib.h>

/* Eight times what DESIGN allows an agent to weigh; a build with symbols. */
#define MAX_AGENT (16 * 1024 * 1024)

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
	sha256_init(&hash);
	sha256_update(&hash, image->bytes.buf, image->bytes.len);
	sha256_final_hex(&hash, image->hash);
	return 0;
}

int agent_image_gzip(const struct agent_image *image, struct strbuf *out,
		     struct err *err)
{
	z_stream z = { 0 };
	size_t bound;
	int ret;

	/* 16 more window bits: a gzip header instead of zlib's. */
	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		return err_set(err, ERR_FAILED, "cannot compress the agent");
	bound = deflateBound(&z, image->bytes.len);
	strbuf_grow(out, bound);
	z.next_in = (unsigned char *)image->bytes.buf;
	z.avail_in = (uInt)image->bytes.len;
	z.next_out = (unsigned char *)out->buf + out->len;
	z.avail_out = (uInt)bound;
	ret = deflate(&z, Z_FINISH);
	out->len += bound - z.avail_out;
	out->buf[out->len] = '\0';
	deflateEnd(&z);
	if (ret != Z_STREAM_END)
		return err_set(err, ERR_FAILED, "cannot compress the agent");
	return 0;
}
