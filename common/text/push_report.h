#ifndef PUSH_REPORT_H
#define PUSH_REPORT_H

#include "common/base/strbuf.h"

/*
 * What "git push --porcelain" reports of each ref (git-push(1), OUTPUT):
 * "<flag>TAB<from>:<to>TAB<summary> (<reason>)", the flag '!' for one that was
 * rejected.
 *
 * Appends "main: [remote rejected] (hook declined)" for every rejected ref, the
 * texts quoted. In an atomic push all are rejected when one is: those that only
 * shared its fate are left out.
 */
void push_report_rejections(const char *report, struct strbuf *out);

#endif
