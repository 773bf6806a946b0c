/* A computation as a list of stages, each of them for some blocks of samples: block by block through all
 * stages, or stage by stage in ranges of a layer's units. What step.c does for a training step, for
 * computations that are made less often. */
#ifndef MLP_ENGINE_STAGES_H
#define MLP_ENGINE_STAGES_H

#include "engine/objects.h"

/* One stage. Blocks are independent of each other, and so are ranges of its units. */
struct mlp_stage {
	void (*run)(void *context, size_t l, size_t block, struct mlp_range units, size_t worker);
	size_t l;     /* its layer */
	size_t units; /* of that layer */
	size_t unit;  /* ranges begin at multiples of it; 0: the stage needs all units at once */
	double work;  /* multiply-adds, all blocks together */
};

struct mlp_stages {
	struct mlp_stage (*at)(const void *context, size_t index);
	void *context;
	size_t count, blocks;
	mlp_pool *pool;
	mlp_schedule schedule;
};

void mlp_run_stages(const struct mlp_stages *stages);

#endif
