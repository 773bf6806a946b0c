/* The slow twin of the optimizers: one parameter at a time, in double, as the papers write them. It reads the
 * network's layout through the public interface and shares no code with the library. */
#ifndef MLP_TESTS_SUPPORT_NAIVE_OPTIMIZER_H
#define MLP_TESTS_SUPPORT_NAIVE_OPTIMIZER_H

#include <mlp/mlp.h>
#include <stddef.h>

enum { NAIVE_HYPERS = MLP_HYPER_TRIALS + 1 };

struct naive_optimizer {
	const mlp_network *net;
	mlp_optimizer_kind kind;
	double hyper[NAIVE_HYPERS]; /* 0 where the kind has none */
	size_t count;               /* of parameters */
	double steps;
	double *slots[2];
};

/* With the numbers that the optimizer has now, and nothing kept. */
struct naive_optimizer *naive_optimizer_create(const mlp_network *net,
					       const mlp_optimizer *optimizer);
void naive_optimizer_free(struct naive_optimizer *naive);

/* One step; w and grad in the parameter layout. */
void naive_optimizer_update(struct naive_optimizer *naive, double *w, const double *grad);

#endif
