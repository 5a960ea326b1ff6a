#ifndef DEPLOY_SCRIPT_H
#define DEPLOY_SCRIPT_H

#include "common/text/php_list.h"

/*
 * What a deploy.php of Deployer (deployer.org) says about the setting
 * clear_paths, the paths that are removed from a release once it is on the
 * server: each set('clear_paths', [...]) and add('clear_paths', [...]), in
 * order, and each file that is included and may say more.
 *
 * PHP is not run. A call counts only if it happens whenever the file is read
 * (it is a statement of its own, outside of any block, with nothing in front of
 * it that could leave the file), names Deployer's own function, and its list is
 * written out (php_list.h). Everything else that could change the setting, or
 * that has its name in it, makes the file one of which nothing is known:
 * why and why_line say what and where. The name of Deployer's task that does
 * the removing, 'deploy:clear_paths', does no harm where tasks are listed.
 */
enum deploy_kind { DEPLOY_SET, DEPLOY_ADD, DEPLOY_INCLUDE };

struct deploy_event {
	enum deploy_kind kind;
	unsigned int line;
	struct php_list list; /* of DEPLOY_SET and DEPLOY_ADD */
	/* Of DEPLOY_INCLUDE. */
	char *path;
	bool beside; /* it is relative to this file: __DIR__ . '/hosts.php' */
	bool always; /* it happens whenever the file is read */
};

struct deploy_script {
	struct deploy_event *v;
	size_t nr, alloc;
	const char *why; /* NULL: the events are all there is */
	unsigned int why_line;
};
#define DEPLOY_SCRIPT_INIT                                                     \
	{                                                                      \
		0                                                              \
	}

/* out must be fresh. */
void deploy_script_read(const char *data, size_t len, struct deploy_script *out);
void deploy_script_release(struct deploy_script *s);
#define AUTO_DEPLOY_SCRIPT CLEANUP(deploy_script_release)

#endif
