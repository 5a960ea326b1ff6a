#ifndef DEPLOY_CALLS_H
#define DEPLOY_CALLS_H

#include "common/text/deploy_script.h"

/* The parts of deploy_script.c: how far it is, and what it reads next. */

#define DEPLOY_BLOCKS_MAX 128
#define DEPLOY_NOT_ALWAYS "clear_paths is not set in every case"

enum deploy_block {
	DEPLOY_BLOCK_OTHER = 'o',
	DEPLOY_BLOCK_FUNCTION = 'f',
	DEPLOY_BLOCK_NAMESPACE = 'n'
};

struct deploy_reader {
	struct deploy_script *out;
	struct php_cursor c;
	char blocks[DEPLOY_BLOCKS_MAX]; /* enum deploy_block, those open */
	size_t nr_blocks;
	size_t parens;
	bool function;		/* the block of one is to come ... */
	size_t function_parens; /* ... with as many parentheses open */
	bool namespace_opens;
	bool in_deployer, other_namespace;
	bool left;	 /* a statement may have left the file */
	size_t last_end; /* token of the last "endif" or the like */
	struct deploy_call {
		size_t at;
		unsigned int line;
	} * calls; /* that set or add to clear_paths */
	size_t nr_calls, alloc_calls;
};

void deploy_refuse(struct deploy_reader *r, unsigned int line, const char *why);
struct deploy_event *deploy_add_event(struct deploy_reader *r,
				      enum deploy_kind kind, unsigned int line);
const struct php_token *deploy_token(const struct deploy_reader *r);
/* Is that the punctuation in front? */
bool deploy_after(const struct deploy_reader *r, const char *mark);
/* A name of a method or of something else in a class. */
bool deploy_at_member(const struct deploy_reader *r);
bool deploy_at_statement(const struct deploy_reader *r);
bool deploy_mentions(const char *text, size_t len);

/* Each steps over what it has read: at least one token. */
void deploy_read_call(struct deploy_reader *r);
void deploy_read_include(struct deploy_reader *r);
void deploy_read_use(struct deploy_reader *r);
void deploy_read_text(struct deploy_reader *r);

#endif
