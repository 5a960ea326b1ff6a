#ifndef REMOTE_H
#define REMOTE_H

#include "common/base/strvec.h"
#include "common/git/repo.h"

/*
 * A remote as it is now: asked through git, with the user's credentials,
 * proxies and hooks, never guessed from refs/remotes/. All of it may ask on
 * the terminal, as git does.
 *
 * What a remote says is from outside: bounded, and quoted in messages.
 */
struct remote_ref {
	char *name;	/* "refs/heads/main" */
	git_oid id;	/* what the ref itself names */
	git_oid peeled; /* what its tag names in the end, else the same */
};

struct remote_refs {
	struct remote_ref *v;
	size_t nr, alloc;
};
#define REMOTE_REFS_INIT                                                       \
	{                                                                      \
		0                                                              \
	}
void remote_refs_release(struct remote_refs *refs);
#define AUTO_REMOTE_REFS CLEANUP(remote_refs_release)

/* Is there remote.<name>.url? */
bool remote_exists(git_repository *repo, const char *remote);

/* ERR_FAILED with what to do when there is no such remote. */
int remote_check(git_repository *repo, const char *remote,
		 struct err *err) MUST_CHECK;

/* Where it is fetched from, or pushed to: insteadOf and pushurl applied. */
int remote_urls(git_repository *repo, const char *remote, bool push,
		struct strvec *out, struct err *err) MUST_CHECK;

/* Each of several urls would be pushed to by itself: ERR_FAILED, no hint. */
int remote_check_urls(const char *remote, const struct strvec *urls,
		      struct err *err) MUST_CHECK;

/* The refs that match these full names or globs, as git ls-remote does. */
int remote_list(git_repository *repo, const char *remote,
		const struct strvec *patterns, struct remote_refs *out,
		struct err *err) MUST_CHECK;
/* The same of the place that pushes go to, which may be another one. */
int remote_list_pushed(git_repository *repo, const char *remote,
		       const struct strvec *patterns, struct remote_refs *out,
		       struct err *err) MUST_CHECK;
/* What "git ls-remote" prints; ERR_FAILED when it is not in order. */
int remote_refs_parse(const char *text, struct remote_refs *out,
		      struct err *err) MUST_CHECK;
/* NULL: it has no such ref. */
const struct remote_ref *remote_refs_find(const struct remote_refs *refs,
					  const char *name);

/*
 * Fetches these refspecs and no tags. Without a right side the objects come,
 * and the remote-tracking refs follow as remote.<name>.fetch says. If all have
 * one, nothing else is written: where that names refs/heads/ on both sides, git
 * fetch would force the branches here.
 */
int remote_fetch(git_repository *repo, const char *remote,
		 const struct strvec *refspecs, struct err *err) MUST_CHECK;

/*
 * Pushes these refspecs and nothing else, with the hooks of both sides.
 * options, such as "--atomic", may be NULL. ERR_REFUSED when a ref was
 * rejected, here or there, with its name and why; otherwise ERR_FAILED. Whether
 * anything moved is for the caller to read back.
 */
int remote_push(git_repository *repo, const char *remote,
		const struct strvec *options, const struct strvec *refspecs,
		struct err *err) MUST_CHECK;

/* The same for who wants to hear what else was said, as lines, quoted. */
struct remote_push {
	const char *remote;
	const struct strvec *options, *refspecs;
	struct strbuf *words; /* may be NULL */
};
int remote_push_to(git_repository *repo, const struct remote_push *p,
		   struct err *err) MUST_CHECK;

#endif
