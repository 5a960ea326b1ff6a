#ifndef CHANGELOG_H
#define CHANGELOG_H

#include "common/base/err.h"

/*
 * A CHANGELOG in the format of Keep a Changelog 1.1.0 (keepachangelog.com):
 *
 *	## [Unreleased]
 *	### Added
 *	- ...
 *	## [v1.1.0] - 2026-08-20
 *	...
 *	[Unreleased]: https://example.com/compare/v1.1.0...HEAD
 *	[v1.1.0]: https://example.com/compare/v1.0.0...v1.1.0
 *
 * Every byte that need not change stays: line ends, byte order mark,
 * indentation, a missing last line end. Versions are written as the file
 * writes them, with or without brackets and prefix.
 */
#define CHANGELOG_MAX (8u << 20)

struct changelog_entry {
	const char *tag;    /* "v1.2.0" */
	const char *prefix; /* "v", may be "" */
	const char *date;   /* "2026-11-26" */
};

struct changelog_outcome {
	bool already;	 /* it has that version: nothing was changed */
	bool empty;	 /* nothing was listed as unreleased */
	bool links_left; /* a link of [Unreleased] that is not understood */
	struct strbuf heading; /* "[v1.2.0] - 2026-11-26" */
};
#define CHANGELOG_OUTCOME_INIT                                                 \
	{                                                                      \
		.heading = STRBUF_INIT                                         \
	}
void changelog_outcome_release(struct changelog_outcome *o);
#define AUTO_CHANGELOG_OUTCOME CLEANUP(changelog_outcome_release)

/*
 * Appends the document in which what was unreleased is that version.
 * ERR_REFUSED, with the line, when it has no or two such sections, or a newer
 * version already.
 */
int changelog_record(const struct strbuf *doc, const struct changelog_entry *e,
		     struct strbuf *out, struct changelog_outcome *outcome,
		     struct err *err) MUST_CHECK;

/*
 * Appends what the document says of the version, else what it has as
 * unreleased: without the heading, comments, and links at the end; with LF.
 */
void changelog_notes(const struct strbuf *doc, const struct changelog_entry *e,
		     struct strbuf *out);

#endif
