/* A network with scaling, and the same one without it, whose data is scaled by hand. */
#ifndef MLP_TESTS_PROPERTY_SCALED_PAIR_H
#define MLP_TESTS_PROPERTY_SCALED_PAIR_H

#include "task.h"

/* The same task twice: `raw` as a user has it, `plain` as the layers see it. */
struct pair {
	struct task raw, plain;
	double *in_shift, *in_scale, *out_shift, *out_scale;
};

/* One of nets[]; losses, activations and gaps go by `turn`. */
struct pair pair_create(size_t net, int64_t batch, size_t turn);
void pair_free(struct pair *pair);

/* to = (from - shift) / scale, or with `back` from scale + shift; shift may be NULL, canaries in the gaps stay. */
void rows_scale(const struct rows *from, const double *shift, const double *scale, bool back,
		struct rows *to);

#endif
