#ifndef SETTINGS_TYPED_H
#define SETTINGS_TYPED_H

#include "common/model/settings.h"

/*
 * The value in force of a single key of [section "sub"], else the default of
 * the table, as what it stands for. None of these can fail: loading has
 * checked the values, and the table's defaults are good.
 */

/* NULL when it is not set and has no default; borrowed. */
const char *settings_text(const struct settings *s,
			  const struct settings_key *key, const char *sub);
bool settings_bool(const struct settings *s, const struct settings_key *key,
		   const char *sub);
uint32_t settings_number(const struct settings *s,
			 const struct settings_key *key, const char *sub);
uint64_t settings_seconds(const struct settings *s,
			  const struct settings_key *key, const char *sub);
uint64_t settings_bytes(const struct settings *s,
			const struct settings_key *key, const char *sub);
uint32_t settings_mode(const struct settings *s, const struct settings_key *key,
		       const char *sub);

/* Appends the values of a list. */
void settings_texts(const struct settings *s, const struct settings_key *key,
		    const char *sub, struct strvec *out);

#endif
