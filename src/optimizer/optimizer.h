/* What an optimizer is made of. */
#ifndef MLP_OPTIMIZER_OPTIMIZER_H
#define MLP_OPTIMIZER_OPTIMIZER_H

#include "engine/arena.h"
#include "engine/objects.h"

enum {
	MLP_HYPERS = MLP_HYPER_TRIALS + 1,
	MLP_KEPT = 2 /* slots of a kind, but for L-BFGS's pairs */
};

/* Scalars; L-BFGS has all of them, the others the first. */
enum mlp_scalar {
	MLP_SCALAR_STEPS,
	MLP_SCALAR_PAIRS,
	MLP_SCALAR_NEXT,
	MLP_SCALAR_KNOWN,
	MLP_SCALAR_LOSS,
	MLP_SCALAR_VALUE,
	MLP_SCALAR_STEP_LENGTH,
	MLP_SCALARS
};

/* Pairs of L-BFGS: s_0 y_0 s_1 y_1 ... in memory of their own, as their number can be set. */
struct mlp_history {
	void *memory;
	size_t bytes, stride; /* of the memory; from one array to the next, in elements */
	void *values;
	double *alpha, *curvature; /* of the two loops, one for each pair */
	char (*names)[24];
};

struct mlp_optimizer {
	mlp_allocator allocator;
	size_t bytes; /* of the whole arena, this struct included */
	mlp_optimizer_kind kind;
	mlp_dtype dtype;
	bool is_busy; /* the host's code runs in the middle of an iteration */
	size_t layer_count, parameter_count;
	size_t *widths; /* [0 .. L] */
	double hyper[MLP_HYPERS];
	double scalars[MLP_SCALARS];
	void *slots[MLP_KEPT];
	void *gradient;  /* where the whole of it is needed */
	void *direction; /* L-BFGS */
	double *parts;   /* of sums, one for each chunk */
	struct mlp_history history;
};

/* Defaults of the kind; mlp_optimizer_bounds() for those that it has. */
void mlp_set_default_hypers(struct mlp_optimizer *optimizer);

/* Pairs that are kept: 0 but for L-BFGS. */
static inline size_t mlp_history_pairs(const struct mlp_optimizer *optimizer)
{
	return optimizer->kind == MLP_LBFGS ? (size_t)optimizer->hyper[MLP_HYPER_HISTORY] : 0;
}

/* Slots, but for L-BFGS's pairs. */
size_t mlp_kept_slots(mlp_optimizer_kind kind);

/* Room for `pairs` pairs, all 0, in place of those there are. */
mlp_status mlp_history_create(struct mlp_optimizer *optimizer, size_t pairs);

/* MLP_ERR_STATE in the middle of an iteration, whose numbers and memory must stay as they are. */
mlp_status mlp_check_idle(const struct mlp_optimizer *optimizer);

/* Optimizer and network given, of the dtype of the call and of one shape. */
mlp_status mlp_check_optimizer(const struct mlp_optimizer *optimizer, const mlp_network *net,
			       mlp_dtype dtype);

#endif
