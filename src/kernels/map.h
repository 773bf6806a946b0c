/* Functions of single values, applied to whole arrays. */
#ifndef MLP_KERNELS_MAP_H
#define MLP_KERNELS_MAP_H

#include "kernels/vector.h"

/* Of a vector of values, and of a parameter that is the same for all. */
typedef VECTOR function(VECTOR v, VECTOR a);

/* x = f(s, a), x may be s. The last few numbers go through the same instructions as all others, in a vector
 * of their own and a second round of the same loop: an element's bits do not depend on its place, and f is compiled
 * once. */
VECTOR_INLINE void map(function *f, REAL a, const REAL *s, size_t n, REAL *x)
{
	VECTOR parameter = vector_all(a);
	size_t rest = n % LANES, whole = n - rest;
	REAL last[LANES] = {0}, *end = x + whole;
	copy_part(last, s + whole, rest);
	for (;;) {
		for (size_t i = 0; i < whole; i += LANES)
			vector_store(x + i, f(vector_load(s + i), parameter));
		if (rest == 0 || x == last)
			break;
		s = x = last;
		whole = LANES;
	}
	copy_part(end, last, rest);
}

/* ds = dx .* slope(v, a), v being s or x; ds may be dx */
VECTOR_INLINE void map_slope(function *slope, REAL a, const REAL *v, const REAL *dx, size_t n,
			     REAL *ds)
{
	VECTOR parameter = vector_all(a);
	size_t rest = n % LANES, whole = n - rest;
	REAL last[LANES] = {0}, last_v[LANES] = {0}, *end = ds + whole;
	copy_part(last, dx + whole, rest);
	copy_part(last_v, v + whole, rest);
	for (;;) {
		for (size_t i = 0; i < whole; i += LANES)
			vector_store(ds + i,
				     vector_load(dx + i) * slope(vector_load(v + i), parameter));
		if (rest == 0 || ds == last)
			break;
		dx = ds = last;
		v = last_v;
		whole = LANES;
	}
	copy_part(end, last, rest);
}

#endif
