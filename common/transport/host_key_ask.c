#include "common/base/base.h"
#include "common/transport/base64.h"
#include "common/transport/host_key_ask.h"

#include <openssl/evp.h>
#include <strings.h>

void host_key_fingerprint(const struct host_key *key, struct strbuf *out)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	(void)EVP_Digest(key->blob, key->len, hash, &len, EVP_sha256(), NULL);
	strbuf_addstr(out, "SHA256:");
	base64_encode(hash, len, true, out);
}

int host_key_ask(const struct host_key_book *book, const struct host_key *key,
		 struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_FD int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char answer[64];
	ssize_t n;

	if (tty < 0)
		return 0;
	strbuf_addf(&text,
		    "The host key of '%s' is not known.\n%s key fingerprint "
		    "is ",
		    book->name, key->type);
	host_key_fingerprint(key, &text);
	strbuf_addstr(&text, ".\nConnect and remember it (yes/no)? ");
	if (write(tty, text.buf, text.len) < 0)
		return err_sys(err, "cannot ask on the terminal");
	n = read(tty, answer, sizeof(answer) - 1);
	if (n <= 0)
		return 0;
	answer[n] = '\0';
	answer[strcspn(answer, "\r\n")] = '\0';
	return !strcasecmp(answer, "yes");
}

/* Opens the file, making ~/.ssh when it is not there yet, as ssh does. */
static int open_known_hosts(const char *path)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	AUTO_STRBUF struct strbuf dir = STRBUF_INIT;
	const char *slash = strrchr(path, '/');

	if (fd >= 0 || errno != ENOENT || !slash || slash == path)
		return fd;
	strbuf_add(&dir, path, (size_t)(slash - path));
	if (mkdir(dir.buf, 0700) < 0 && errno != EEXIST)
		return -1;
	return open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int append_line(const char *path, struct strbuf *line)
{
	AUTO_FD int fd = open_known_hosts(path);
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	off_t size;
	char last;

	if (fd < 0)
		return -1;
	size = lseek(fd, 0, SEEK_END);
	if (size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n')
		strbuf_addch(&out, '\n');
	strbuf_add(&out, line->buf, line->len);
	return write(fd, out.buf, out.len) == (ssize_t)out.len ? 0 : -1;
}

int host_key_record(const struct ssh_route *route,
		    const struct host_key_book *book,
		    const struct host_key *key, struct err *err)
{
	const struct strvec *files = &route->config->user_known_hosts;
	AUTO_STRBUF struct strbuf line = STRBUF_INIT, say = STRBUF_INIT;
	const char *file = files->nr ? files->v[0] : NULL;

	if (!route->config->hash_known_hosts)
		strbuf_addstr(&line, book->name);
	else if (known_hosts_hash(book->name, &line) < 0)
		return err_set(err, ERR_FAILED, "cannot hash a host name");
	strbuf_addf(&line, " %s ", key->type);
	base64_encode(key->blob, key->len, false, &line);
	strbuf_addch(&line, '\n');
	if (file && append_line(file, &line) < 0)
		strbuf_addf(&say, "cannot add the host key to %s: %s", file,
			    strerror(errno));
	else if (file)
		strbuf_addf(&say, "the host key of '%s' was added to %s",
			    book->name, file);
	if (say.len && route->target->verbose)
		route->target->verbose(route->target->ctx, say.buf);
	return 0;
}
