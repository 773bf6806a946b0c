/* Sums and products of sizes that notice overflow. */
#ifndef MLP_BASE_CHECKED_H
#define MLP_BASE_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

/* *sum = a + b for a, b >= 0; false, and *sum as it was, if that passes `limit`. */
static inline bool mlp_checked_add(int64_t a, int64_t b, int64_t limit, int64_t *sum)
{
	if (a > limit || b > limit - a)
		return false;
	*sum = a + b;
	return true;
}

/* *product = a b for a, b >= 0; false, and *product as it was, if that passes `limit`. */
static inline bool mlp_checked_multiply(int64_t a, int64_t b, int64_t limit, int64_t *product)
{
	if (b != 0 && a > limit / b)
		return false;
	*product = a * b;
	return true;
}

/* *sum += a b for all >= 0; false, and *sum as it was, if that passes `limit`. */
static inline bool mlp_checked_multiply_add(int64_t a, int64_t b, int64_t limit, int64_t *sum)
{
	int64_t product;
	return mlp_checked_multiply(a, b, limit, &product) &&
	       mlp_checked_add(*sum, product, limit, sum);
}

#endif
