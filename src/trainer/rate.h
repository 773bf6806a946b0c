/* What a schedule of the learning rate is made of: plain data, which a trainer copies. */
#ifndef MLP_TRAINER_RATE_H
#define MLP_TRAINER_RATE_H

#include <mlp/mlp.h>

enum { MLP_RATE_ITEMS = MLP_RATE_COOLDOWN + 1 };

/* Values of a plateau's state, in the order of mlp_rate_schedule_state(). */
enum {
	MLP_PLATEAU_FACTOR,
	MLP_PLATEAU_BEST,
	MLP_PLATEAU_BAD,
	MLP_PLATEAU_COOLDOWN,
	MLP_PLATEAU_VALUES
};

struct mlp_rate_schedule {
	mlp_rate_schedule_kind kind;
	double items[MLP_RATE_ITEMS]; /* by mlp_rate_schedule_item; [0] is not used */
	double plateau[MLP_PLATEAU_VALUES];
};

/* A schedule of known kind, with its defaults. */
void mlp_rate_schedule_begin(mlp_rate_schedule *schedule, mlp_rate_schedule_kind kind);

#endif
