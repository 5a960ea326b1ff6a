#ifndef PACKAGE_FETCH_H
#define PACKAGE_FETCH_H

#include "common/host/host.h"
#include "common/model/package.h"

/*
 * Brings a package back from a server that runs it: its manifest, the contents
 * that this repository lacks, each proven by its object id, and the commit,
 * made again from the tag and the settings. Only if that has the very id the
 * server knows the package by does anything get into the repository, and
 * refs/releases/<tag> then names it.
 *
 * What is below shared paths is not in a release; those contents must be here,
 * as they are when they come from the tag.
 */
struct package_fetch {
	const struct version_tag *tag;
	const struct build_settings *settings;
	struct host *host;
	const struct host_release *release; /* with a package id */
};

/*
 * ERR_UNKNOWN: the server sent what it was not asked for, or died of it; the
 * host is of no more use. Any other failure leaves it in order.
 */
int package_fetch(git_repository *repo, const struct package_fetch *req,
		  struct err *err) MUST_CHECK;

#endif
