#ifndef SUSPICIOUS_SIGNS_H
#define SUSPICIOUS_SIGNS_H

#include "git-serversync/capture_class.h"
#include "git-serversync/sign_hunt.h"

struct php_tokens;

/*
 * What break-ins leave behind. None of it is proof, and a file is captured all
 * the same: whoever reviews it is told where to look.
 */

/* By the name and the stat: NULL, or in constant words why. */
const char *suspicious_by_place(const struct class_input *in);
const char *suspicious_by_stat(const struct class_input *in);

/* True: h->what and h->line tell what it is and where. */
bool suspicious_by_content(struct sign_hunt *h, const struct class_input *in);

/* The parts of it: false, or the hunt is over. */
bool suspicious_server_settings_find(struct sign_hunt *h); /* .htaccess */
bool suspicious_code_find(struct sign_hunt *h);		   /* PHP */

/* i: a text in code. NULL, or what is strange about it. */
const char *suspicious_php_text(const struct php_tokens *t, size_t i);

#endif
