#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/transport/base64.h"
#include "common/transport/host_key.h"
#include "common/transport/host_key_ask.h"

#include <ctype.h>

#define MAX_FILE (16 * 1024 * 1024)

/* What libssh2 1.10 can check: its ssh-rsa means SHA-1, so not that. */
static const char *const algorithms[] = { "ssh-ed25519", "ecdsa-sha2-nistp256",
					  "ecdsa-sha2-nistp384",
					  "ecdsa-sha2-nistp521" };

void host_key_book_release(struct host_key_book *book)
{
	known_hosts_release(&book->known);
	known_hosts_release(&book->bare);
	free(book->name);
	book->name = NULL;
}

/* A file that cannot be read holds nothing, as for ssh. */
static void read_file(const char *path, struct strbuf *out)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char chunk[16384];
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	strbuf_limit(out, MAX_FILE);
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		if (strbuf_add(out, chunk, (size_t)n) < 0)
			return;
}

static void scan_files(const struct strvec *files, struct host_key_book *book,
		       const char *bare)
{
	size_t i;

	for (i = 0; i < files->nr; i++) {
		AUTO_STRBUF struct strbuf data = STRBUF_INIT;

		read_file(files->v[i], &data);
		known_hosts_scan(&book->known, files->v[i], &data, book->name);
		if (bare)
			known_hosts_scan(&book->bare, files->v[i], &data, bare);
	}
}

int host_key_book_read(const struct ssh_route *route,
		       struct host_key_book *book, struct err *err)
{
	const struct ssh_config *c = route->config;
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;
	AUTO_FREE char *host =
		xstrdup(c->host_key_alias ? c->host_key_alias : c->hostname);
	bool bare = !c->host_key_alias && c->port != 22;
	char *p;

	for (p = host; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (bare)
		strbuf_addf(&name, "[%s]:%" PRIu32, host, c->port);
	else
		strbuf_addstr(&name, host);
	book->name = strbuf_detach(&name);
	scan_files(&c->user_known_hosts, book, bare ? host : NULL);
	scan_files(&c->global_known_hosts, book, bare ? host : NULL);
	if (known_hosts_have_authority(&book->known))
		return err_set(err, ERR_UNSUITABLE,
			       "known_hosts has a certificate authority for "
			       "'%s', and libssh2 cannot check certificates",
			       book->name);
	return 0;
}

static bool usable(const struct ssh_route *route, const char *type)
{
	const char *allowed = route->config->host_key_algorithms;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (!strcmp(algorithms[i], type))
			return !allowed || ssh_config_lists(allowed, type);
	return false;
}

static void add_type(const struct ssh_route *route, const char *type,
		     struct strbuf *out)
{
	if (usable(route, type) && !ssh_config_lists(out->buf, type))
		strbuf_addf(out, "%s%s", out->len ? "," : "", type);
}

int host_key_algorithms(const struct ssh_route *route,
			const struct host_key_book *book, struct strbuf *out,
			struct err *err)
{
	const struct known_hosts *kh = book->known.nr ? &book->known
						      : &book->bare;
	const char *other = NULL;
	size_t i;

	for (i = 0; i < kh->nr; i++) {
		if (kh->v[i].mark != KNOWN_PLAIN)
			continue;
		if (!usable(route, kh->v[i].type))
			other = kh->v[i].type;
		add_type(route, kh->v[i].type, out);
	}
	if (out->len)
		return 0;
	if (other)
		return err_set(err, ERR_UNSUITABLE,
			       "known_hosts has only a %s key for '%s', which "
			       "libssh2 cannot check",
			       other, book->name);
	for (i = 0; i < ARRAY_SIZE(algorithms); i++)
		add_type(route, algorithms[i], out);
	if (!out->len)
		return err_set(err, ERR_UNSUITABLE,
			       "HostKeyAlgorithms allows none that libssh2 "
			       "knows");
	return 0;
}

static int refuse_changed(const struct host_key_book *book,
			  const struct host_key *key,
			  const struct known_key *old, struct err *err)
{
	AUTO_STRBUF struct strbuf now = STRBUF_INIT, before = STRBUF_INIT;
	struct host_key recorded = { .type = old->type,
				     .blob = old->blob,
				     .len = old->len };

	host_key_fingerprint(key, &now);
	host_key_fingerprint(&recorded, &before);
	err_set(err, ERR_FAILED,
		"the host key of '%s' has changed: %s:%zu has %s %s, the "
		"server shows %s; somebody may be in between",
		book->name, old->file, old->line, key->type, before.buf, now.buf);
	return err_hint(err,
			"if the server was set up anew: ssh-keygen -f "
			"'%s' -R '%s'",
			old->file, book->name);
}

static int take_unknown(const struct ssh_route *route,
			const struct host_key_book *book,
			const struct host_key *key, struct err *err)
{
	const char *strict = route->config->strict;
	AUTO_STRBUF struct strbuf print = STRBUF_INIT;
	int ret;

	if (!strcmp(strict, "no") || !strcmp(strict, "accept-new"))
		return host_key_record(route, book, key, err);
	host_key_fingerprint(key, &print);
	if (!strcmp(strict, "ask") && route->target->may_prompt) {
		ret = host_key_ask(book, key, err);
		if (ret < 0)
			return ret;
		if (ret)
			return host_key_record(route, book, key, err);
	}
	err_set(err, ERR_FAILED, "the host key of '%s' is not known: %s %s",
		book->name, key->type, print.buf);
	return err_hint(err,
			"connect once with 'ssh%s%s %s' and compare the "
			"fingerprint, or take it from 'ssh-keyscan -p %" PRIu32
			" %s'",
			route->url->port ? " -p " : "",
			route->url->port ? strrchr(book->name, ':') + 1 : "",
			route->url->host, route->config->port,
			route->config->hostname);
}

int host_key_check(const struct ssh_route *route,
		   const struct host_key_book *book, const struct host_key *key,
		   struct err *err)
{
	const struct known_key *which = NULL, *bare = NULL;
	enum known_verdict verdict = known_hosts_judge(&book->known, key, &which);
	enum known_verdict alone = known_hosts_judge(&book->bare, key, &bare);

	if (verdict == KNOWN_IS_REVOKED || alone == KNOWN_IS_REVOKED) {
		which = verdict == KNOWN_IS_REVOKED ? which : bare;
		return err_set(err, ERR_FAILED,
			       "the host key of '%s' is revoked in %s:%zu",
			       book->name, which->file, which->line);
	}
	/* Known under the host alone counts, as in ssh; changed does not. */
	if (verdict == KNOWN_MATCH ||
	    (verdict == KNOWN_UNKNOWN && alone == KNOWN_MATCH))
		return 0;
	if (verdict == KNOWN_CHANGED)
		return refuse_changed(book, key, which, err);
	return take_unknown(route, book, key, err);
}
