/* Differences of a loss in double, for checking derivatives. */
#ifndef MLP_DERIVATIVES_DIFFERENCES_H
#define MLP_DERIVATIVES_DIFFERENCES_H

#include <mlp/mlp.h>
#include <stddef.h>

/* A loss as a function of the parameters of an f64 network; the data has no gaps. */
struct mlp_differences {
	mlp_network *net; /* its parameters are moved, and put back */
	mlp_workspace *ws;
	const double *x, *target, *weight; /* weight NULL: all 1 */
	const int64_t *classes;            /* NULL: target */
	int64_t n_0, n_L, batch;
	mlp_loss loss;
	double parameter;
	mlp_reduction reduction;
	double step;   /* relative */
	double middle; /* the loss itself */
};

/* |analytic - numeric| / max(|analytic|, |numeric|, floor), 0 if both are 0 */
double mlp_difference_error(double analytic, double numeric, double floor);

/* The loss as it is, to `middle`. */
mlp_status mlp_differences_begin(struct mlp_differences *differences);

/* *numeric is the difference quotient of parameter `index` that is nearest to `analytic`: the central
 * one if it is near enough, else of smaller steps and to one side, too. */
mlp_status mlp_nearest_difference(const struct mlp_differences *differences, size_t index,
				  double analytic, double floor, double *numeric);

#endif
