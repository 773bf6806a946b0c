/* One of each object of the library, made so that every call that allocates, or touches a file, has something to
 * do; and all that can be seen of them, as bytes to compare. */
#ifndef MLP_TESTS_FAULT_WORLD_H
#define MLP_TESTS_FAULT_WORLD_H

#include <stdbool.h>

#include "support/bytes.h"
#include "unit/real.h"
#include "support/test.h"

enum { WORLD_IN = 3, WORLD_HIDDEN = 4, WORLD_OUT = 2, WORLD_ROWS = 24, WORLD_BATCH = 8 };

struct world {
	REAL x[WORLD_ROWS * WORLD_IN], target[WORLD_ROWS * WORLD_OUT];
	int64_t classes[WORLD_ROWS];
	REAL results[WORLD_ROWS * 100]; /* what calls compute goes here */
	double value[4];
	int64_t index;

	mlp_network *net, *classifier;
	mlp_workspace *ws, *class_ws;
	mlp_optimizer *optimizer; /* L-BFGS */
	mlp_trainer *trainer, *class_trainer;
	mlp_live *live;
	const mlp_network *held[2]; /* of it: no network is free */
	mlp_pool *pool;
	mlp_load_options *options;
	struct bytes model, checkpoint; /* files in memory */

	void *made; /* by a constructor */
	void (*unmake)(void *made);
	bool kept_out; /* a constructor that failed did not set *out to NULL */
};

/* Where the worlds have their files: "model" and "checkpoint" are there, "old" will be replaced. */
extern char world_model[], world_checkpoint[], world_old[];

/* CMocka's group fixtures: the folder. */
int world_begin(void **state);
int world_end(void **state);

/* Makes the world anew, and "old". */
struct world *world_make(void);
void world_free(struct world *world);

/* All that can be asked of the objects, and the contents of the folder: no temporary file can hide. */
struct bytes world_digest(const struct world *world);

/* For a constructor: keeps what was made. */
mlp_status world_keep(struct world *world, mlp_status status, void *made, void (*unmake)(void *));

#endif
