/* What a network computes, by the slow twin: for calls whose numbers are moderate and far from kinks. */
#ifndef MLP_TESTS_FUZZ_API_TWIN_H
#define MLP_TESTS_FUZZ_API_TWIN_H

#include "fuzz/api_array.h"
#include "support/naive.h"

struct twin {
	struct naive *naive;
	size_t n_in, n_out, count;
	bool is_far_from_kinks; /* derivatives can be compared too */
	double value;
	double *y, *grad, *dl_dx0; /* [rows][n_out], [count], [rows][n_in] */
};

/* A loss and all that it reads; classes in place of targets where `by_class`. */
struct objective {
	mlp_loss loss;
	double parameter;
	mlp_reduction reduction;
	const struct array *target, *weight;
	bool by_class;
};

/* Whether the twin can tell what a network computes: no scaling, moderate parameters. */
bool twin_knows(const mlp_network *net);

/* Whether no units are dropped when it trains. */
bool drops_nothing(const mlp_network *net);

/* Forward of all rows, and if there is an objective its value and gradients; false: numbers are not moderate. To be
 * ended in any case. */
bool twin_run(struct twin *twin, const mlp_network *net, const struct array *x,
	      const struct objective *objective);
void twin_end(struct twin *twin);

/* The gradient of an array is that of the twin, 0 for biases that a layer has not got, plus what was there before. */
void twin_require_gradient(const struct twin *twin, const mlp_network *net,
			   const struct array *grad, const double *before, const char *what);

/* The network's parameters are those of the twin after a step by its gradient. */
void twin_require_step(const struct twin *twin, const mlp_network *net, double eta,
		       const char *what);

/* A single value. */
void require_near(double is, double should, const mlp_network *net, const char *what);

#endif
