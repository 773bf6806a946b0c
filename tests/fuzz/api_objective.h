/* The operands of calls that compute a loss. */
#ifndef MLP_TESTS_FUZZ_API_OBJECTIVE_H
#define MLP_TESTS_FUZZ_API_OBJECTIVE_H

#include "fuzz/api_twin.h"

struct operands {
	struct array x, target, weight;
	struct objective objective; /* refers to them */
	int64_t batch;
};

/* To be ended at the place where it began: the objective points into it. */
void operands_begin(struct scene *scene, const mlp_network *net, size_t item,
		    struct operands *operands);
void operands_end(struct operands *operands, const char *what);

/* Whether a call with them that succeeded can be compared with the twin. */
bool operands_are_tame(const struct operands *operands, const mlp_network *net);

#endif
