#include "common/base/base.h"
#include "common/net/https.h"
#include "common/net/https_memory.h"
#include "common/sys/signals.h"
#include "common/text/quote.h"

#include <curl/curl.h>

#define HEADERS_MAX	   ((size_t)256 << 10)
#define LOCATION_MAX	   2048
#define CONNECT_TIMEOUT_MS 15000
#define TIMEOUT_MS	   60000

struct call {
	CURL *curl;
	struct curl_slist *headers;
	struct https_reply *reply;
	size_t header_bytes;
	bool too_long;
	char why[CURL_ERROR_SIZE];
};

void https_reply_release(struct https_reply *r)
{
	strbuf_release(&r->body);
	strbuf_release(&r->location);
}

static void call_release(struct call *c)
{
	curl_easy_cleanup(c->curl);
	curl_slist_free_all(c->headers);
}
#define AUTO_CALL CLEANUP(call_release)

static size_t on_body(char *data, size_t size, size_t nr, void *ctx)
{
	struct call *c = ctx;

	if (!strbuf_add(&c->reply->body, data, size * nr))
		return size * nr;
	c->too_long = true;
	return 0;
}

/* Nothing of them is kept: libcurl has what counts. But they can be endless. */
static size_t on_header(char *data UNUSED, size_t size, size_t nr, void *ctx)
{
	struct call *c = ctx;

	c->header_bytes += size * nr;
	if (c->header_bytes <= HEADERS_MAX)
		return size * nr;
	c->too_long = true;
	return 0;
}

static int on_progress(void *ctx UNUSED, curl_off_t down_all UNUSED,
		       curl_off_t down UNUSED, curl_off_t up_all UNUSED,
		       curl_off_t up UNUSED)
{
	return signals_pending() != 0;
}

static bool set_limits(struct call *c, const struct https_settings *s)
{
	long timeout = s->timeout_ms ? s->timeout_ms : TIMEOUT_MS;

	strbuf_limit(&c->reply->body, HTTPS_BODY_MAX);
	return !curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, "https") &&
	       !curl_easy_setopt(c->curl, CURLOPT_REDIR_PROTOCOLS_STR, "https") &&
	       !curl_easy_setopt(c->curl, CURLOPT_FOLLOWLOCATION, 0L) &&
	       !curl_easy_setopt(c->curl, CURLOPT_NETRC, CURL_NETRC_IGNORED) &&
	       !curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L) &&
	       !curl_easy_setopt(c->curl, CURLOPT_CONNECTTIMEOUT_MS,
				 (long)CONNECT_TIMEOUT_MS) &&
	       !curl_easy_setopt(c->curl, CURLOPT_TIMEOUT_MS, timeout) &&
	       !curl_easy_setopt(c->curl, CURLOPT_NOPROGRESS, 0L) &&
	       !curl_easy_setopt(c->curl, CURLOPT_XFERINFOFUNCTION, on_progress) &&
	       !curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, on_body) &&
	       !curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c) &&
	       !curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, on_header) &&
	       !curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, c) &&
	       !curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, c->why);
}

static bool set_trust(struct call *c, const struct https_settings *s)
{
	return !curl_easy_setopt(c->curl, CURLOPT_SSL_VERIFYPEER, 1L) &&
	       !curl_easy_setopt(c->curl, CURLOPT_SSL_VERIFYHOST, 2L) &&
	       !curl_easy_setopt(c->curl, CURLOPT_SSLVERSION,
				 (long)CURL_SSLVERSION_TLSv1_2) &&
	       (!s->ca_info ||
		!curl_easy_setopt(c->curl, CURLOPT_CAINFO, s->ca_info)) &&
	       (!s->ca_path ||
		!curl_easy_setopt(c->curl, CURLOPT_CAPATH, s->ca_path)) &&
	       (!s->proxy || !curl_easy_setopt(c->curl, CURLOPT_PROXY, s->proxy));
}

static bool set_secret(struct call *c, const struct https_request *req)
{
	if (!req->secret)
		return true;
	if (!req->user)
		return !curl_easy_setopt(c->curl, CURLOPT_HTTPAUTH,
					 (long)CURLAUTH_BEARER) &&
		       !curl_easy_setopt(c->curl, CURLOPT_XOAUTH2_BEARER,
					 req->secret);
	return !curl_easy_setopt(c->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) &&
	       !curl_easy_setopt(c->curl, CURLOPT_USERNAME, req->user) &&
	       !curl_easy_setopt(c->curl, CURLOPT_PASSWORD, req->secret);
}

static bool add_header(struct call *c, const char *header)
{
	struct curl_slist *more = curl_slist_append(c->headers, header);

	if (more)
		c->headers = more;
	return more;
}

static bool set_request(struct call *c, const struct https_request *req)
{
	bool ok = true;

	for (size_t i = 0; req->headers && i < req->headers->nr; i++)
		ok = ok && add_header(c, req->headers->v[i]);
	if (req->body)
		ok = ok && add_header(c, "Content-Type: application/json") &&
		     add_header(c, "Expect:") &&
		     !curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE,
				       (curl_off_t)strlen(req->body)) &&
		     !curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, req->body);
	return ok && !curl_easy_setopt(c->curl, CURLOPT_URL, req->url) &&
	       !curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, req->method) &&
	       !curl_easy_setopt(c->curl, CURLOPT_USERAGENT, "git-serversync") &&
	       !curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, c->headers);
}

void https_host(const char *url, struct strbuf *out)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	strbuf_add(out, host, strcspn(host, "/?#"));
}

/* Up to and with the TLS handshake, no byte of the request has left us. */
static bool never_sent(CURLcode code)
{
	switch (code) {
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR: return true;
	default: return false;
	}
}

static int explain(const struct call *c, CURLcode code,
		   const struct https_request *req, struct err *err)
{
	AUTO_STRBUF struct strbuf host = STRBUF_INIT, why = STRBUF_INIT;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	const char *text = *c->why ? c->why : curl_easy_strerror(code);

	if (signals_pending())
		return signals_check(err);
	https_host(req->url, &host);
	quote_text(&shown, host.buf, host.len);
	quote_text(&why, text, strnlen(text, CURL_ERROR_SIZE));
	if (c->too_long)
		return err_set(err, ERR_UNKNOWN,
			       "the answer of %s is too long to be one",
			       shown.buf);
	if (!never_sent(code))
		return err_set(err, ERR_UNKNOWN, "no answer from %s: %s",
			       shown.buf, why.buf);
	err_set(err, ERR_FAILED, "cannot reach %s: %s", shown.buf, why.buf);
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		err_hint(err,
			 "git config http.https://%s/.sslCAInfo <file> names "
			 "the CA of a private host",
			 shown.buf);
	return err->code;
}

static void take_reply(struct call *c)
{
	const char *location = NULL;
	curl_off_t wait = 0;
	long status = 0;

	curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(c->curl, CURLINFO_RETRY_AFTER, &wait);
	curl_easy_getinfo(c->curl, CURLINFO_REDIRECT_URL, &location);
	c->reply->status = (int)status;
	c->reply->retry_after = wait > 0 ? wait : 0;
	if (location)
		strbuf_add(&c->reply->location, location,
			   strnlen(location, LOCATION_MAX));
}

int https_call(const struct https_settings *settings,
	       const struct https_request *req, struct https_reply *out,
	       struct err *err)
{
	AUTO_HTTPS_REPLY struct https_reply reply = HTTPS_REPLY_INIT;
	AUTO_CALL struct call c = { .reply = &reply };
	CURLcode code;

	if (https_memory_init(err) < 0 || signals_check(err) < 0)
		return err->code;
	c.curl = curl_easy_init();
	if (!c.curl || !set_limits(&c, settings) || !set_trust(&c, settings) ||
	    !set_secret(&c, req) || !set_request(&c, req))
		return err_set(err, ERR_FAILED, "cannot set libcurl up");
	code = curl_easy_perform(c.curl);
	if (code != CURLE_OK)
		return explain(&c, code, req, err);
	take_reply(&c);
	https_reply_release(out);
	*out = reply;
	reply = (struct https_reply)HTTPS_REPLY_INIT;
	return 0;
}
