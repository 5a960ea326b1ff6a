#ifndef CMD_PREDICT_H
#define CMD_PREDICT_H

#include "git-drift/cmd_delta.h"
#include "git-drift/prediction.h"

/* How "git drift predict" shows what it found, on stdout. */
struct predict_view {
	const struct prediction *prediction;
	const struct delta_side *base, *ours, *vendor;
	bool all;   /* what needs no look, too */
	bool quiet; /* the sum only */
	bool colour, quote_path;
};

void cmd_predict_print(const struct predict_view *v);
void cmd_predict_json(const struct predict_view *v);

#endif
