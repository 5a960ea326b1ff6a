#ifndef PACKAGE_MANIFEST_H
#define PACKAGE_MANIFEST_H

#include "common/git/repo.h"

/*
 * The package manifest: byte for byte what "git ls-tree -r -z --full-tree -l"
 * prints for the package, made in process. It is the base of every delta and
 * the same on every machine.
 *
 * Made ones are kept in <common dir>/git-release/manifest/<id>, with a
 * checksum; base (may be NULL) names an earlier package whose kept manifest
 * saves looking up what did not change. A cache that cannot be read or
 * written is never an error.
 */
#define MANIFEST_MAX (1u << 30)

int package_manifest(git_repository *repo, const git_oid *id, const git_oid *base,
		     struct strbuf *out, struct err *err) MUST_CHECK;

#endif
