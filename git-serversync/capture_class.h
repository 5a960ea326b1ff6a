#ifndef CAPTURE_CLASS_H
#define CAPTURE_CLASS_H

#include "common/base/strbuf.h"

/*
 * What a file that differs on the server is, for whoever reviews it. Exactly
 * one class, the first that fits, in this order; told from its name, its stat
 * and its bytes alone.
 *
 *   secret      never committed, only listed
 *   suspicious  committed and marked: what a break-in leaves
 *   upload      media where the application keeps what users upload
 *   generated   caches, logs, maps, and what the build made and git has not
 *   installer   any other file that git has not: a plugin, an update
 *   hot-fix     a file of the live commit that was edited
 *
 * A file of the live commit is a hot-fix wherever it lies, if it is neither
 * secret nor suspicious: "cache/" may be somebody's folder of sources.
 */
enum capture_class {
	CLASS_SECRET,
	CLASS_SUSPICIOUS,
	CLASS_UPLOAD,
	CLASS_GENERATED,
	CLASS_INSTALLER,
	CLASS_HOTFIX,
};

struct class_input {
	const char *path;
	char status; /* A M D */
	uint32_t st_mode;
	int64_t mtime, ctime; /* seconds; 0: not known */
	/* Not the account that the release belongs to. */
	bool other_owner;
	bool in_commit, in_package;
	const char *content; /* NULL: not fetched, or none */
	size_t len;
	const char *old; /* of the live commit; NULL: none */
	size_t old_len;
};

/* why: in our own words, with the line; never a byte of the file. May be "". */
struct class_verdict {
	enum capture_class class;
	struct strbuf why;
};
#define CLASS_VERDICT_INIT                                                     \
	{                                                                      \
		.why = STRBUF_INIT                                             \
	}

void class_verdict_release(struct class_verdict *v);
#define AUTO_CLASS_VERDICT CLEANUP(class_verdict_release)

/*
 * Can it be told without the content? Then out is the verdict, and the content
 * of a secret never leaves the server; else out is as it was. Links
 * and deletions can always be told.
 */
bool capture_class_by_name(const struct class_input *in,
			   struct class_verdict *out);

/* Without content, what its name and its stat say. */
void capture_classify(const struct class_input *in, struct class_verdict *out);

/* "hot-fix" */
const char *capture_class_name(enum capture_class c);

#endif
