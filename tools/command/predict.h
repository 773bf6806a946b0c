/* What mlp predict found, and how it is written. */
#ifndef MLP_TOOLS_PREDICT_H
#define MLP_TOOLS_PREDICT_H

#include "cli/options.h"
#include "command/model.h"

struct prediction {
	const struct options *options;
	struct model model;
	struct matrices *matrices;
	int64_t outputs;
	bool is_classes;
	void *y;            /* [rows][outputs]; NULL: only the classes are wanted */
	int64_t *best;      /* [rows], the class, -1: none, see largest_of(); NULL: numbers */
	int64_t *outside;   /* [rows]; NULL: not asked for, or the model knows no domain */
	int64_t not_finite; /* rows with an output that is not */
};

/* As CSV, .npy or JSON, to standard output or --out. */
enum exit_code write_prediction(const struct prediction *prediction);

#endif
