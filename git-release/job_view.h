#ifndef JOB_VIEW_H
#define JOB_VIEW_H

/*
 * The phases that happen on the server are known by their ends: what an agent
 * tells of them (common/host/told.h), split here, shown by cmd_*.c.
 */

/*
 * A phase's name, one of ours so that it can be kept ("ship", "link", "pre",
 * "mid", "activate", "post", "cleanup"), or NULL; *rest is what follows it.
 */
const char *told_phase(const char *text, const char **rest);

#endif
