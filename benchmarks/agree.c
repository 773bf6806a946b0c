/* Do libmlp and the plain loop do the same? */
#include "agree.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

enum { STEPS = 10 };

/* Tolerance: a part of the way the weights went (the two sum in different orders, and a unit at the
 * kink of its activation may fall to either side), and rounding of the weights themselves. A wrong
 * formula shows as a deviation about as large as the way. */
#define OF_THE_WAY     (MLP_REAL_BITS == 32 ? 1e-2 : 1e-10)
#define OF_THE_WEIGHTS (16 * (double)(MLP_REAL_BITS == 32 ? FLT_EPSILON : DBL_EPSILON))

/* So small that thousands of steps leave the weights where they are. */
#define MEASURED_ETA 1e-8

/* A learning rate at which a step takes about 2 % off the loss, 0.1 at most: well inside the region
 * where gradient descent is stable, whatever the net. */
static double choose_eta(const struct FN(ours) * ours, size_t count)
{
	double square = 0;
	for (size_t i = 0; i < count; i++)
		square += (double)ours->grad[i] * (double)ours->grad[i];
	return square > 0 ? fmin(0.1, 0.02 * ours->loss / square) : 0.1;
}

static double largest_difference(const REAL *a, const REAL *b, size_t count)
{
	double largest = 0;
	for (size_t i = 0; i < count; i++) {
		double difference = fabs((double)a[i] - (double)b[i]);
		if (isnan(difference))
			return difference;
		largest = fmax(largest, difference);
	}
	return largest;
}

void FN(agree)(struct FN(ours) * ours, struct FN(plain) * plain, struct agreement *agreement)
{
	size_t count = (size_t)mlp_network_parameter_count(ours->step_net);
	const REAL *parameters = MLP(network_const_parameters)(ours->step_net);
	REAL *start = allocate(count, 1, sizeof(REAL));
	REAL *zero = allocate(count, 1, sizeof(REAL));
	memcpy(start, parameters, count * sizeof(REAL));

	agreement->eta = ours->eta = plain->eta = choose_eta(ours, count);
	for (int i = 0; i < STEPS; i++) {
		FN(ours_step)(ours);
		FN(plain_step)(plain);
	}
	agreement->moved = largest_difference(plain->parameters, start, count);
	agreement->deviation = largest_difference(parameters, plain->parameters, count);
	agreement->tolerance = OF_THE_WAY * agreement->moved +
			       OF_THE_WEIGHTS * largest_difference(start, zero, count);
	ours->eta = plain->eta = MEASURED_ETA * agreement->eta;
	free(start);
	free(zero);
}
