#ifndef RECORDS_SYNC_H
#define RECORDS_SYNC_H

#include "common/git/repo.h"
#include "common/base/strvec.h"
#include "common/sys/proc.h"

/*
 * Packages and records travel with git: refs/releases/, refs/deployments/
 * and refs/notes/deployments are fetched while the server is being reached
 * and pushed after the switch is proven. A missing remote or a refusal is a
 * warning, never an error: nothing here returns one.
 *
 *	records_fetch_start(&sync, repo, "origin");
 *	... connect ...
 *	records_fetch_finish(&sync, &warnings);
 *	... release ...
 *	records_push(repo, "origin", refs, &warnings);
 */
struct records_sync {
	git_repository *repo; /* borrowed */
	char *remote;
	struct proc fetch; /* pid 0: nothing under way */
	char *warning;	   /* why it could not be started */
};
#define RECORDS_SYNC_INIT                                                      \
	{                                                                      \
		.fetch = PROC_INIT                                             \
	}
void records_sync_release(struct records_sync *sync);
#define AUTO_RECORDS_SYNC CLEANUP(records_sync_release)

void records_fetch_start(struct records_sync *sync, git_repository *repo,
			 const char *remote);
/* Waits, then merges the notes that came. */
void records_fetch_finish(struct records_sync *sync, struct strvec *warnings);

/*
 * Pushes these full ref names and the notes. "+" in front moves a ref that
 * the remote has elsewhere (what is live; a package that was rebuilt); one
 * that does not exist here is deleted there. When the remote's notes moved,
 * merges and tries again, three times in all.
 */
void records_push(git_repository *repo, const char *remote,
		  const struct strvec *refs, struct strvec *warnings);

#endif
