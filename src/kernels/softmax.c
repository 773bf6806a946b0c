/* Softmax, forward and backward: on vectors of samples, or of units where there is one sample. Sums are
 * in double for float too: they have as many terms as there are classes, perhaps millions. */
#include "kernels/activation.h"
#include "kernels/map.h"
#include "kernels/vmath.h"

VECTOR_INLINE void add_products(VECTOR x, VECTOR dx, double sum[LANES])
{
	for (size_t j = 0; j < LANES; j++)
		sum[j] += (double)x[j] * (double)dx[j];
}

/* dx - dot */
VECTOR_INLINE VECTOR less_dot(VECTOR dx, const double dot[LANES])
{
	REAL difference[LANES];
	for (size_t j = 0; j < LANES; j++)
		difference[j] = (REAL)((double)dx[j] - dot[j]);
	return vector_load(difference);
}

/* Of `count` <= LANES samples beside each other. */
VECTOR_INLINE void forward(const REAL *s, size_t n, size_t lanes, size_t count, REAL *x)
{
	VECTOR largest = vector_load_most(s, count, 0);
	for (size_t i = 1; i < n; i++)
		largest = vector_at_least(largest, vector_load_most(s + i * lanes, count, 0));
	double sum[LANES] = {0};
	for (size_t i = 0; i < n; i++) {
		VECTOR e = vector_load_most(s + i * lanes, count, 0) - largest;
		e = vector_exp_negative(e);
		vector_store_most(x + i * lanes, count, e);
		add_lanes(e, sum);
	}
	REAL scale[LANES];
	for (size_t j = 0; j < LANES; j++)
		scale[j] = (REAL)(1 / sum[j]);
	VECTOR factor = vector_load(scale);
	for (size_t i = 0; i < n; i++) {
		REAL *xi = x + i * lanes;
		vector_store_most(xi, count, vector_load_most(xi, count, 0) * factor);
	}
}

VECTOR_INLINE void backward(const REAL *x, const REAL *dx, size_t n, size_t lanes, size_t count,
			    REAL *ds)
{
	double dot[LANES] = {0};
	for (size_t i = 0; i < n; i++)
		add_products(vector_load_most(x + i * lanes, count, 0),
			     vector_load_most(dx + i * lanes, count, 0), dot);
	for (size_t i = 0; i < n; i++) {
		VECTOR slope = less_dot(vector_load_most(dx + i * lanes, count, 0), dot);
		slope *= vector_load_most(x + i * lanes, count, 0);
		vector_store_most(ds + i * lanes, count, slope);
	}
}

VECTOR_INLINE VECTOR exp_less(VECTOR s, VECTOR largest)
{
	return vector_exp_negative(s - largest);
}

VECTOR_INLINE VECTOR times(VECTOR x, VECTOR a)
{
	return x * a;
}

static void one_forward(const REAL *s, size_t n, REAL *x)
{
	REAL largest = s[0];
	VECTOR most = vector_all(s[0]);
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		most = vector_at_least(most, vector_load(s + i));
	for (; i < n; i++)
		largest = s[i] > largest ? s[i] : largest;
	for (size_t j = 0; j < LANES; j++)
		largest = most[j] > largest ? most[j] : largest;
	map(exp_less, largest, s, n, x);
	double sum[LANES] = {0};
	for (i = 0; i < n; i += LANES)
		add_lanes(vector_load_most(x + i, n - i, 0), sum);
	map(times, (REAL)(1 / sum_of_lanes(sum)), x, n, x);
}

static void one_backward(const REAL *x, const REAL *dx, size_t n, REAL *ds)
{
	double dot[LANES] = {0};
	for (size_t i = 0; i < n; i += LANES)
		add_products(vector_load_most(x + i, n - i, 0), vector_load_most(dx + i, n - i, 0),
			     dot);
	double sum = sum_of_lanes(dot);
	for (size_t j = 0; j < LANES; j++)
		dot[j] = sum;
	for (size_t i = 0; i < n; i += LANES)
		vector_store_most(ds + i, n - i,
				  vector_load_most(x + i, n - i, 0) *
					  less_dot(vector_load_most(dx + i, n - i, 0), dot));
}

void KERNEL(softmax_forward)(const REAL *s, size_t n, size_t lanes, REAL *x)
{
	if (lanes == 1) {
		one_forward(s, n, x);
		return;
	}
	size_t j = 0;
	for (; j + LANES <= lanes; j += LANES)
		forward(s + j, n, lanes, LANES, x + j);
	if (j < lanes)
		forward(s + j, n, lanes, lanes - j, x + j);
}

void KERNEL(softmax_backward)(const REAL *x, const REAL *dx, size_t n, size_t lanes, REAL *ds)
{
	if (lanes == 1) {
		one_backward(x, dx, n, ds);
		return;
	}
	size_t j = 0;
	for (; j + LANES <= lanes; j += LANES)
		backward(x + j, dx + j, n, lanes, LANES, ds + j);
	if (j < lanes)
		backward(x + j, dx + j, n, lanes, lanes - j, ds + j);
}
