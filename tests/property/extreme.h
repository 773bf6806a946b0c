/* Numbers at the edges of their type, for the tests that put them everywhere. */
#ifndef MLP_TESTS_PROPERTY_EXTREME_H
#define MLP_TESTS_PROPERTY_EXTREME_H

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "property/real.h"

/* Not finite, denormal, 0 of both signs, largest and smallest, and where squares leave the type. */
static const REAL extremes[] = {
	(REAL)NAN,
	(REAL)INFINITY,
	(REAL)-INFINITY,
	REAL_TRUE_MIN,
	-REAL_TRUE_MIN,
	REAL_MIN / 2,
	REAL_MIN,
	-REAL_MIN,
	0,
	(REAL)-0.0,
	REAL_MAX,
	-REAL_MAX,
	REAL_MAX / 2,
	PICK(1e20F, 1e160),
	PICK(-1e20F, -1e160),
	PICK(1e-25F, 1e-170),
	1,
	-1,
};

/* The same for arguments that are double whatever the element type is. */
static const double double_extremes[] = {
	(double)NAN,
	(double)INFINITY,
	-(double)INFINITY,
	DBL_TRUE_MIN,
	-DBL_TRUE_MIN,
	DBL_MIN,
	FLT_TRUE_MIN,
	FLT_MIN,
	0,
	-0.0,
	DBL_MAX,
	-DBL_MAX,
	FLT_MAX,
	0x1.ffffffp+127, /* the least that is no float any more */
	1 - DBL_EPSILON / 2,
	1 - (double)FLT_EPSILON / 2,
	1,
	1 + DBL_EPSILON,
	0.5,
	-1,
	1e30,
	1e300,
};

enum {
	EXTREMES = sizeof(extremes) / sizeof(extremes[0]),
	DOUBLE_EXTREMES = sizeof(double_extremes) / sizeof(double_extremes[0])
};

static inline bool same_bits_of(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

static inline uint64_t digest_of(const mlp_network *net)
{
	uint64_t digest = 0;
	assert_ok(mlp_network_digest(net, &digest));
	return digest;
}

#endif
