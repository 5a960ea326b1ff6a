#ifndef CAPTURE_REVIEW_H
#define CAPTURE_REVIEW_H

#include "common/git/config.h"
#include "common/git/repo.h"
#include "git-serversync/serversync_settings.h"

/*
 * The review request of a capture, on the forge that the remote is on:
 *
 *	struct review_access *access = NULL;
 *
 *	capture_review_existing()	only to update one
 *	capture_review_options()	what the push has to say
 *	(the push)
 *	capture_review_open()
 *	review_access_free(access)
 *
 * Which forge it is comes from the remote's url (forge_place.h), or from
 * serversync.forge and serversync.api; the token from the environment or from
 * git's credential helper, which is asked once as long as access is the same.
 */
struct review_access;
void review_access_free(struct review_access *access);
DEFINE_AUTO(struct review_access *, review_access_free, NULL)
#define AUTO_REVIEW_ACCESS CLEANUP(review_access_free_auto)

struct review_wish {
	git_repository *repo;
	const struct serversync_settings *settings;
	struct review_access **access;
	const char *branch, *into; /* names behind refs/heads/ */
	const char *title, *body;  /* one line; Markdown */
	bool update; /* one that is there gets the title and the body, too */
};

struct review_outcome {
	char *url; /* the request's page; NULL: none is known */
	bool opened, updated;
	bool by_push;	/* the push did it */
	bool page_only; /* url is where the person opens it */
	/* Why it is less than was to be hoped for: a line, or NULL. */
	char *warning;
};
void review_outcome_release(struct review_outcome *o);
#define AUTO_REVIEW_OUTCOME CLEANUP(review_outcome_release)

/*
 * Adds to the options of "git push" what makes GitLab open the request, when
 * there is no token to open it with. A server that is no GitLab of 2019 or
 * later makes such a push fail before anything moves: push again without.
 */
void capture_review_options(const struct review_wish *w,
			    struct strvec *push_options);

/*
 * After the push. With a token the request is opened, or the open one of this
 * branch is told; else the push's own words (NULL: nothing was pushed) tell
 * which one there is, and the remote's url where one is opened. What fails here
 * is a warning, as the capture is safe on the remote; only a signal is an error.
 */
int capture_review_open(const struct review_wish *w, const char *push_words,
			struct review_outcome *out, struct err *err) MUST_CHECK;

/*
 * The newest open request whose branch begins with this prefix, which ends
 * with a slash. ERR_NOTFOUND: there is none. ERR_UNSUITABLE: nobody can be
 * asked; the message says what is missing.
 */
int capture_review_existing(const struct review_wish *w,
			    const char *branch_prefix, char **branch,
			    char **url, struct err *err) MUST_CHECK;

#endif
