/* Central differences of what a task computes. */
#ifndef MLP_TESTS_PROPERTY_DIFFERENCES_H
#define MLP_TESTS_PROPERTY_DIFFERENCES_H

#include "task.h"

#if MLP_REAL_BITS == 64
/* The derivative of f with respect to the number at `place`, within 1e-6 of the difference or `absolute`. */
static inline void check_difference(const struct task *task, mlp_workspace *ws,
				    double (*f)(const struct task *task, mlp_workspace *ws),
				    double *place, double derivative, double absolute)
{
	const double h = 1e-5;
	double middle = *place;
	*place = middle + h;
	double above = f(task, ws);
	*place = middle - h;
	double difference = (above - f(task, ws)) / (2 * h);
	*place = middle;
	assert_allclose_f64(&derivative, &difference, 1, 1e-6, absolute);
}
#endif

#endif
