#ifndef MANIFEST_CACHE_H
#define MANIFEST_CACHE_H

#include "common/git/repo.h"

/*
 * Package manifests that were made before, in
 * <common dir>/git-release/manifest/<package id>: a line "manifest 1 <blob id
 * of what follows> <its size>" and the manifest. One that was cut or changed
 * does not match its line and counts as absent. Nothing here is an error: a
 * manifest can always be made again.
 */

/* Appends the manifest; false when there is none to trust. */
bool manifest_cache_load(git_repository *repo, const git_oid *id,
			 struct strbuf *out);
void manifest_cache_store(git_repository *repo, const git_oid *id,
			  const char *data, size_t len);
void manifest_cache_drop(git_repository *repo, const git_oid *id);

#endif
