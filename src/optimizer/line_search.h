/* A step length that satisfies the strong Wolfe conditions: Nocedal & Wright, Numerical Optimization (2006),
 * algorithms 3.5 and 3.6, with the cubic interpolation of (3.59). Knows nothing of networks. */
#ifndef MLP_OPTIMIZER_LINE_SEARCH_H
#define MLP_OPTIMIZER_LINE_SEARCH_H

#include <mlp/mlp.h>

/* phi(alpha) = f(x + alpha d), with its derivative. */
struct mlp_point {
	double alpha, value, slope;
};

struct mlp_line {
	/* Fills in value and slope at alpha; value infinite if there is none. Another status ends the search. */
	mlp_status (*evaluate)(void *context, struct mlp_point *point);
	void *context;
	struct mlp_point start; /* alpha 0; slope < 0 */
	double c1, c2;
	int trials; /* evaluations, at most */
};

/* Begins with alpha = first. *point is the point where it ended, evaluated last of all: one that satisfies
 * the conditions, or the lowest that at least decreases enough (evaluated once more then); alpha 0 if
 * there is none. */
mlp_status mlp_line_search(const struct mlp_line *line, double first, struct mlp_point *point);

#endif
