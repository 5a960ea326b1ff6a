#ifndef WORKFLOW_VALUES_H
#define WORKFLOW_VALUES_H

#include "git-serversync/workflow_paths.h"

#include <yaml.h>

/* The parts of workflow_paths.c: the nodes of a file while it is read. */
struct workflow_reader {
	const struct workflow_text *text;
	yaml_document_t *doc;
	struct workflow_paths *out;
	struct audit_gap *gap;
};

const char *workflow_scalar(const yaml_node_t *node);
/* Adds what stands behind the variable's name; false with the gap set. */
bool workflow_add_value(struct workflow_reader *r, const yaml_node_t *key,
			const yaml_node_t *value);
/* Is the variable changed by a script? False with the gap set. */
bool workflow_check_scripts(struct workflow_reader *r);

#endif
