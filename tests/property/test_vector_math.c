/* The vector functions of every instruction set that this machine has, against twins of higher precision:
 * double for float, long double for double. Over the whole range, to the units in the last place that
 * docs/performance.md states. */
#include <math.h>
#include <stdlib.h>

#define MLP_ISA 1 /* vmath.h compiled into the test itself: for the baseline */
#include "kernels/instructions.h"
#include "kernels/kernels.h"
#include "kernels/vmath.h"
#include "support/test.h"

#if MLP_REAL_BITS == 32
typedef double TWIN;
#define T(function)  function
#define REAL_TINY    FLT_TRUE_MIN
#define REAL_EPSILON FLT_EPSILON
#define REAL_DIGITS  FLT_MANT_DIG
#define CUT_OFF      120 /* nothing is left of exp(-s), so far out */
enum { PATTERN_STEP = 4093 };
#else
typedef long double TWIN;
#define T(function)  function##l
#define REAL_TINY    DBL_TRUE_MIN
#define REAL_EPSILON DBL_EPSILON
#define REAL_DIGITS  DBL_MANT_DIG
#define CUT_OFF      800
#endif

/* ---- twins ---------------------------------------------------------------------------------- */

/* Phi(s); the rounding of s / sqrt 2, which the tail multiplies by s^2, is put right */
static TWIN normal_cdf(TWIN s)
{
	const TWIN root = T(sqrt)(2), root_rest = T(fma)(-root, root, 2) / (2 * root);
	TWIN x = -s / root;
	TWIN rest = (-T(fma)(x, root, s) - x * root_rest) / root;
	TWIN tail = T(erfc)(x) / 2;
	return x > 1 && T(fabs)(s) < CUT_OFF ? tail * (1 - 2 * x * rest) : tail;
}

static TWIN density(TWIN s)
{
	return T(exp)(-s * s / 2) / T(sqrt)(2 * T(acos)(-1));
}

static TWIN logistic(TWIN s)
{
	return s < 0 ? T(exp)(s) / (1 + T(exp)(s)) : 1 / (1 + T(exp)(-s));
}

static TWIN sigmoid_slope(TWIN s)
{
	return logistic(s) * logistic(-s);
}

static TWIN tanh_value(TWIN s)
{
	return T(tanh)(s);
}

static TWIN tanh_slope(TWIN s)
{
	TWIN c = T(cosh)(s);
	return 1 / (c * c);
}

static TWIN elu(TWIN s)
{
	return s > 0 ? s : T(expm1)(s);
}

static TWIN elu_slope(TWIN s)
{
	return s > 0 ? 1 : T(exp)(s);
}

static const TWIN selu_a = (TWIN)1.6732632423543772848170429916717L;
static const TWIN selu_c = (TWIN)1.0507009873554804934193349852946L;

static TWIN selu(TWIN s)
{
	return selu_c * (s > 0 ? s : selu_a * T(expm1)(s));
}

static TWIN selu_slope(TWIN s)
{
	return selu_c * (s > 0 ? 1 : selu_a * T(exp)(s));
}

static TWIN softplus(TWIN s)
{
	return (s < 0 ? 0 : s) + T(log1p)(T(exp)(-T(fabs)(s)));
}

static TWIN softsign(TWIN s)
{
	return isinf(s) ? T(copysign)(1, s) : s / (1 + T(fabs)(s));
}

static TWIN softsign_slope(TWIN s)
{
	return 1 / (1 + T(fabs)(s)) / (1 + T(fabs)(s));
}

static TWIN gelu(TWIN s)
{
	return s < -CUT_OFF ? 0 : s * normal_cdf(s);
}

static TWIN gelu_slope(TWIN s)
{
	return T(fabs)(s) > CUT_OFF ? s > 0 : normal_cdf(s) + s * density(s);
}

static TWIN silu(TWIN s)
{
	return s < -CUT_OFF ? 0 : s * logistic(s);
}

static TWIN silu_slope(TWIN s)
{
	return T(fabs)(s) > CUT_OFF ? s > 0 : logistic(s) * (1 + s * logistic(-s));
}

static TWIN sine(TWIN s)
{
	return T(sin)(s);
}

static TWIN cosine(TWIN s)
{
	return T(cos)(s);
}

/* Bounds: of the value in units in the last place, of the slope in units of 2^-23 or 2^-52. */
static const struct subject {
	mlp_activation activation;
	TWIN (*value)(TWIN), (*slope)(TWIN);
	double ulp, slope_epsilons;
} subjects[] = {
	{MLP_SIGMOID, logistic, sigmoid_slope, 3, 1},
	{MLP_TANH, tanh_value, tanh_slope, 3, 3},
	{MLP_ELU, elu, elu_slope, 2, 1},
	{MLP_SELU, selu, selu_slope, 4, 3},
	{MLP_SOFTPLUS, softplus, logistic, 3, 1},
	{MLP_SOFTSIGN, softsign, softsign_slope, 2, 2},
	{MLP_GELU, gelu, gelu_slope, 5, 1.5},
	{MLP_SILU, silu, silu_slope, 3, 1.5},
	{MLP_SIN, sine, cosine, 4, 1.5},
};

enum { SUBJECTS = sizeof(subjects) / sizeof(subjects[0]) };

/* ---- arguments ------------------------------------------------------------------------------ */

enum { NUMBERS = 2500 * 1000 };
static REAL s[NUMBERS], x[NUMBERS], slope[NUMBERS], one[NUMBERS];
static TWIN x_twin[NUMBERS], slope_twin[NUMBERS];

static REAL from_bits(REAL_BITS bits)
{
	REAL v;
	memcpy(&v, &bits, sizeof(v));
	return v;
}

static const REAL special[] = {
	0,           -(REAL)0,    (REAL)NAN,        (REAL)INFINITY,  -(REAL)INFINITY, REAL_MAX,
	-REAL_MAX,   REAL_TINY,   -REAL_TINY,       100000,          -100000,         (REAL)100001,
	(REAL)-1e22, (REAL)1e-30, (REAL)0.34657359, (REAL)0.41421356};

/* Of every size, and many where the functions do something. */
static size_t arguments(void)
{
	size_t n = 0;
	uint64_t seed = 1;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		s[n++] = special[i];
#if MLP_REAL_BITS == 32
	for (uint64_t bits = 0; bits <= UINT32_MAX; bits += PATTERN_STEP)
		s[n++] = from_bits((REAL_BITS)bits);
#else
	for (size_t i = 0; i < 200000; i++) /* the exponent takes every value */
		s[n++] = from_bits((uint64_t)random_integer(&seed, 0, 4095) << 52 |
				   (uint64_t)random_integer(&seed, 0, (INT64_C(1) << 52) - 1));
#endif
	const double range[] = {1, 2, 5, 20, 110, 800, 3000, 100000};
	for (size_t k = 0; k < sizeof(range) / sizeof(range[0]); k++)
		for (size_t i = 0; i < 50000; i++)
			s[n++] = (REAL)(range[k] * random_real(&seed));
	for (int i = -20000; i <= 20000; i++) { /* near zeros of the sine and the cosine */
		REAL zero = (REAL)(1.57079632679489661923L * i);
		s[n++] = zero;
		s[n++] = (REAL)nextafter((double)zero, 0);
	}
	assert_true(n <= NUMBERS);
	return n;
}

/* ---- comparison ----------------------------------------------------------------------------- */

static double units_in_the_last_place(REAL actual, TWIN expected)
{
	REAL rounded = (REAL)expected;
	if (isnan(expected))
		return isnan(actual) ? 0 : (double)INFINITY;
	if (isinf(rounded))
		return actual == rounded ? 0 : (double)INFINITY;
	int exponent;
	(void)T(frexp)(expected, &exponent);
	TWIN unit = T(ldexp)(1, exponent - REAL_DIGITS);
	unit = unit < (TWIN)REAL_TINY ? (TWIN)REAL_TINY : unit;
	return (double)(T(fabs)((TWIN)actual - expected) / unit);
}

struct worst {
	double error;
	size_t at;
};

static void note(struct worst *worst, double error, size_t at)
{
	if (!(error <= worst->error))
		*worst = (struct worst){error, at};
}

static void check(const struct subject *subject, const char *what, const char *instructions,
		  struct worst worst, const REAL *actual, const TWIN *expected, double bound)
{
#ifdef REPORT /* for those who change the functions */
	printf("%-9s %-10s %-6s %6.3f at %.9g\n", instructions,
	       mlp_activation_name(subject->activation), what, worst.error, (double)s[worst.at]);
#endif
	if (!(worst.error <= bound))
		fail_msg("%s, %s: %s is %g units from the exact one (bound %g) at s = %.17g: "
			 "%.17g instead of %.17Lg",
			 mlp_activation_name(subject->activation), instructions, what, worst.error,
			 bound, (double)s[worst.at], (double)actual[worst.at],
			 (long double)expected[worst.at]);
}

static void compare(const struct subject *subject, mlp_instructions instructions, size_t n)
{
	const struct mlp_kernels *k = FN(kernels)(instructions);
	REAL a = subject->activation == MLP_ELU ? 1 : 0;
	k->activation_forward(subject->activation, a, s, n, x);
	k->activation_backward(subject->activation, a, s, x, one, n, slope);
	struct worst worst_x = {0, 0}, worst_slope = {0, 0};
	for (size_t i = 0; i < n; i++) {
		note(&worst_x, units_in_the_last_place(x[i], x_twin[i]), i);
		double error =
			(double)T(fabs)((TWIN)slope[i] - slope_twin[i]) / (double)REAL_EPSILON;
		if (isfinite(x_twin[i]) && !isnan(s[i]))
			note(&worst_slope, error, i);
	}
	const char *name = mlp_instructions_name(instructions);
	check(subject, "value", name, worst_x, x, x_twin, subject->ulp);
	check(subject, "slope", name, worst_slope, slope, slope_twin, subject->slope_epsilons);
}

static void values_and_slopes_are_within_their_bounds_everywhere(void **state)
{
	(void)state;
	size_t n = arguments();
	for (size_t i = 0; i < n; i++)
		one[i] = 1;
	for (size_t k = 0; k < SUBJECTS; k++) {
		for (size_t i = 0; i < n; i++) {
			x_twin[i] = subjects[k].value((TWIN)s[i]);
			slope_twin[i] = subjects[k].slope((TWIN)s[i]);
		}
		for (int i = MLP_INSTRUCTIONS_BASELINE; i <= MLP_INSTRUCTIONS_AVX512; i++)
			if (mlp_has_instructions((mlp_instructions)i))
				compare(&subjects[k], (mlp_instructions)i, n);
	}
}

/* The parts that no activation shows alone, as compiled for the baseline. */

static VECTOR exp_everywhere(VECTOR v)
{
	return vector_exp(v);
}

static VECTOR exp_left(VECTOR v)
{
	return vector_exp_negative(v);
}

static VECTOR expm1_left(VECTOR v)
{
	return vector_expm1_negative(v);
}

static VECTOR log1p_unit(VECTOR v)
{
	return vector_log1p_unit(v);
}

static VECTOR normal_tail(VECTOR v)
{
	VECTOR t = vector_at_most(-v, vector_all(-PHI_LEAST));
	return bell_times(scaled_normal_tail(t), t);
}

static TWIN exp_twin(TWIN v)
{
	return T(exp)(v);
}

static TWIN expm1_twin(TWIN v)
{
	return T(expm1)(v);
}

static TWIN log1p_twin(TWIN v)
{
	return T(log1p)(v);
}

static const struct primitive {
	const char *name;
	VECTOR (*f)(VECTOR);
	TWIN (*twin)(TWIN);
	double least, most, ulp;
} primitives[] = {
	{"exp", exp_everywhere, exp_twin, -INFINITY, INFINITY, 2},
	{"exp of v <= 0", exp_left, exp_twin, -INFINITY, 0, 2},
	{"expm1 of v <= 0", expm1_left, expm1_twin, -INFINITY, 0, 2},
	{"log1p of 0 <= v <= 1", log1p_unit, log1p_twin, 0, 1, 2},
	{"Phi of v <= 0", normal_tail, normal_cdf, -INFINITY, 0, 5},
};

static void primitives_are_within_their_bounds_where_they_are_defined(void **state)
{
	(void)state;
	size_t n = arguments() / LANES * LANES;
	for (size_t k = 0; k < sizeof(primitives) / sizeof(primitives[0]); k++) {
		const struct primitive *p = &primitives[k];
		struct worst worst = {0, 0};
		for (size_t i = 0; i < n; i += LANES)
			vector_store(x + i, p->f(vector_load(s + i)));
		for (size_t i = 0; i < n; i++)
			if (!((double)s[i] < p->least || (double)s[i] > p->most))
				note(&worst, units_in_the_last_place(x[i], p->twin((TWIN)s[i])), i);
#ifdef REPORT
		printf("%-20s %6.3f at %.9g\n", p->name, worst.error, (double)s[worst.at]);
#endif
		if (!(worst.error <= p->ulp))
			fail_msg("%s is %g units from the exact one at %.17g: %.17g", p->name,
				 worst.error, (double)s[worst.at], (double)x[worst.at]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_and_slopes_are_within_their_bounds_everywhere),
		cmocka_unit_test(primitives_are_within_their_bounds_where_they_are_defined),
	};
	return cmocka_run_group_tests_name("vector_math", tests, NULL, NULL);
}
