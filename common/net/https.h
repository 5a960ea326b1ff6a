#ifndef HTTPS_H
#define HTTPS_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/*
 * Requests to a web service, through libcurl: https only, the server's
 * certificate always verified, redirects never followed, netrc and cookies
 * unknown. Whoever calls says what git's configuration has for this host.
 *
 *	https_call(&settings, &req, &reply, err)
 *
 * libcurl is loaded with the program but does nothing before the first call.
 * What it held in memory, such as a token, is wiped when it lets go of it.
 */
struct https_settings {
	const char *ca_info; /* file of CA certificates; NULL: the system's */
	const char *ca_path; /* directory of them; NULL: the system's */
	const char *proxy;   /* NULL: as the environment says */
	int timeout_ms;	     /* for one call; 0: a minute */
};

struct https_request {
	const char *method; /* "GET", "POST", "PUT", "PATCH" */
	const char *url;
	const struct strvec *headers; /* "Name: value"; may be NULL */
	/* Basic authentication with a user, a bearer token without; both NULL:
	   none. It goes to the host of the url and nowhere else. */
	const char *user, *secret;
	const char *body; /* JSON, or NULL */
};

struct https_reply {
	int status;
	struct strbuf body;	/* at most HTTPS_BODY_MAX */
	struct strbuf location; /* where a redirect would have led */
	int64_t retry_after;	/* seconds; 0: not said */
};
#define HTTPS_REPLY_INIT                                                       \
	{                                                                      \
		.body = STRBUF_INIT, .location = STRBUF_INIT                   \
	}
#define HTTPS_BODY_MAX ((size_t)8 << 20)
void https_reply_release(struct https_reply *r);
#define AUTO_HTTPS_REPLY CLEANUP(https_reply_release)

/*
 * Any answer is a success here, whatever its status. ERR_FAILED: the request
 * never got to the server. ERR_UNKNOWN: it may have, but the answer did not
 * come back whole. ERR_INTERRUPTED, ERR_TERMINATED: a signal was caught. No
 * message has anything of user, secret or body in it.
 */
int https_call(const struct https_settings *settings,
	       const struct https_request *req, struct https_reply *out,
	       struct err *err) MUST_CHECK;

/* Appends "api.github.com:8443" of such an url. */
void https_host(const char *url, struct strbuf *out);

#endif
