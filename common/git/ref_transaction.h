#ifndef REF_TRANSACTION_H
#define REF_TRANSACTION_H

#include "common/git/repo.h"
#include "common/sys/proc.h"

/*
 * Several refs that move together or not at all, each only from where it is
 * known to be, with a line in its log. The git program holds the locks
 * (git-update-ref(1), --stdin): when we die, however, it sees the end of its
 * input and takes them away, which libgit2's transactions would leave behind.
 *
 *	AUTO_REF_TRANSACTION struct ref_transaction tx = REF_TRANSACTION_INIT;
 *
 *	ref_transaction_start(&tx, repo, "branch-sync: ...", err);
 *	ref_transaction_move(&tx, "refs/heads/main", &old, &id, err);
 *	ref_transaction_prepare(&tx, err);	from here on they are locked
 *	ref_transaction_commit(&tx, err);
 *
 * What is not committed is aborted when it goes out of scope. ERR_REFUSED
 * when a ref is not where it was, or somebody else has it locked.
 */
struct ref_transaction {
	struct proc git;
};
#define REF_TRANSACTION_INIT                                                   \
	{                                                                      \
		.git = PROC_INIT                                               \
	}
void ref_transaction_release(struct ref_transaction *tx);
#define AUTO_REF_TRANSACTION CLEANUP(ref_transaction_release)

/* tx must be fresh; message goes into the logs. */
int ref_transaction_start(struct ref_transaction *tx, git_repository *repo,
			  const char *message, struct err *err) MUST_CHECK;

/* old NULL: wherever it is; all zero: it must not exist. id is never zero. */
int ref_transaction_move(struct ref_transaction *tx, const char *ref,
			 const git_oid *old, const git_oid *id,
			 struct err *err) MUST_CHECK;

int ref_transaction_prepare(struct ref_transaction *tx,
			    struct err *err) MUST_CHECK;
int ref_transaction_commit(struct ref_transaction *tx, struct err *err) MUST_CHECK;

#endif
