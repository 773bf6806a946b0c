/* Comparing arrays of floating-point numbers, relatively and absolutely. */
#ifndef MLP_TESTS_SUPPORT_ALLCLOSE_H
#define MLP_TESTS_SUPPORT_ALLCLOSE_H

#include <stddef.h>

/* |actual - expected| <= atol + rtol |expected| for all n values. Otherwise the test fails and shows
 * the worst place. NaN equals nothing but NaN; infinities equal themselves. */
#define assert_allclose_f32(actual, expected, n, rtol, atol)                                       \
	mlp_assert_allclose_f32(actual, expected, n, rtol, atol, #actual, __FILE__, __LINE__)
#define assert_allclose_f64(actual, expected, n, rtol, atol)                                       \
	mlp_assert_allclose_f64(actual, expected, n, rtol, atol, #actual, __FILE__, __LINE__)

void mlp_assert_allclose_f32(const float *actual, const float *expected, size_t n, double rtol,
			     double atol, const char *what, const char *file, int line);
void mlp_assert_allclose_f64(const double *actual, const double *expected, size_t n, double rtol,
			     double atol, const char *what, const char *file, int line);

#endif
