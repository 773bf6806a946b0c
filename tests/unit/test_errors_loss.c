/* Every refusal of the losses and activations of the caller's own arrays. Each case spoils one
 * argument of a call that is otherwise good. */
#include <math.h>

#include "unit/real.h"
#include "unit/refusal.h"

enum { N = 3, B = 4 };

static const int64_t far = INT64_MAX / 2;

static REAL y[B * N], target[B * N], weight[B] = {1, 2, 3, 1}, gradient[B * N];
static int64_t classes[B] = {0, 2, 1, 2};
static double value[B];

struct arguments {
	int loss, reduction;
	double parameter;
	const REAL *y, *target, *weight;
	const int64_t *classes;
	int64_t ld_y, ld_target, batch, width, ld_gradient;
	double *value;
	REAL *gradient;
};

static struct arguments good(void)
{
	return (struct arguments){.loss = MLP_CROSS_ENTROPY,
				  .reduction = MLP_MEAN,
				  .y = y,
				  .target = target,
				  .weight = weight,
				  .classes = classes,
				  .ld_y = N,
				  .ld_target = N,
				  .batch = B,
				  .width = N,
				  .ld_gradient = N,
				  .value = value,
				  .gradient = gradient};
}

static mlp_status loss(const struct arguments *a)
{
	return FN(loss)((mlp_loss)a->loss, a->parameter, a->y, a->ld_y, a->target, a->ld_target,
			a->weight, a->batch, a->width, (mlp_reduction)a->reduction, a->value,
			a->gradient, a->ld_gradient);
}

static mlp_status loss_class(const struct arguments *a)
{
	return FN(loss_class)((mlp_loss)a->loss, a->parameter, a->y, a->ld_y, a->classes, a->weight,
			      a->batch, a->width, (mlp_reduction)a->reduction, a->value,
			      a->gradient, a->ld_gradient);
}

static mlp_status (*const both[])(const struct arguments *) = {loss, loss_class};

#define SPOILT(call, expected, words, change)                                                      \
	do {                                                                                       \
		struct arguments a = good();                                                       \
		change;                                                                            \
		assert_refused(NULL, expected, words, call(&a));                                   \
	} while (0)

static void losses_refuse_every_bad_argument(void **state)
{
	(void)state;
	REAL negative[B] = {1, 1, (REAL)-0.5, 1}, zero[B] = {0};
	REAL nan[B] = {(REAL)NAN, 1, 1, 1}, inf[B] = {1, 1, 1, (REAL)INFINITY};
	for (int i = 0; i < 2; i++) {
#define CASE(expected, words, change) SPOILT(both[i], expected, words, change)
		CASE(MLP_ERR_NULL, i == 0 ? "y is NULL" : "s is NULL", a.y = NULL);
		CASE(MLP_ERR_NULL, "target is NULL", (a.target = NULL, a.classes = NULL));
		CASE(MLP_ERR_SIZE, "batch is 0", a.batch = 0);
		CASE(MLP_ERR_SIZE, "batch is -1", a.batch = -1);
		CASE(MLP_ERR_SIZE, "width is 0", a.width = 0);
		CASE(MLP_ERR_SIZE, "width is -1", a.width = -1);
		CASE(MLP_ERR_STRIDE, i == 0 ? "y: " : "s: ", a.ld_y = N - 1);
		CASE(MLP_ERR_STRIDE, "leading dimension is 2", a.ld_gradient = N - 1);
		CASE(MLP_ERR_OVERFLOW, i == 0 ? "y: " : "s: ", a.ld_y = far);
		CASE(MLP_ERR_OVERFLOW, "leading dimension", a.ld_gradient = far);
		CASE(MLP_ERR_OVERFLOW, "", (a.width = far, a.ld_y = far, a.ld_gradient = far));
		CASE(MLP_ERR_VALUE, "loss is 0", a.loss = 0);
		CASE(MLP_ERR_VALUE, "loss is 8", a.loss = 8);
		CASE(MLP_ERR_VALUE, "loss is", a.loss = -1);
		CASE(MLP_ERR_VALUE, "reduction is 0", a.reduction = 0);
		CASE(MLP_ERR_VALUE, "reduction is 4", a.reduction = 4);
		CASE(MLP_ERR_VALUE, "reduction is", a.reduction = -1);
		CASE(MLP_ERR_VALUE, "weight", a.reduction = MLP_NONE);
		CASE(MLP_ERR_VALUE, "weight of row 2", a.weight = negative);
		CASE(MLP_ERR_VALUE, "weight of row 0", a.weight = nan);
		CASE(MLP_ERR_VALUE, "weight of row 3", a.weight = inf);
		CASE(MLP_ERR_VALUE, "weights of 4 rows sum to 0", a.weight = zero);
		CASE(MLP_ERR_VALUE, "sum to 0", (a.weight = zero, a.reduction = MLP_SUM));
#undef CASE
	}
}

static void weights_that_sum_to_infinity_are_refused(void **state)
{
	(void)state;
	REAL huge[B] = {REAL_MOST, REAL_MOST, REAL_MOST, 1};
#if MLP_REAL_BITS == 64 /* sums are made in double, where floats always fit */
	SPOILT(loss, MLP_ERR_VALUE, "sum to infinity", a.weight = huge);
	SPOILT(loss_class, MLP_ERR_VALUE, "sum to infinity", a.weight = huge);
#else
	struct arguments a = good();
	a.weight = huge;
	assert_ok(loss(&a));
	assert_ok(loss_class(&a));
#endif
}

static void names_in_the_line_are_those_of_the_header(void **state)
{
	(void)state;
	SPOILT(loss, MLP_ERR_STRIDE, "dl_dy", a.ld_gradient = N - 1);
	SPOILT(loss_class, MLP_ERR_STRIDE, "dl_ds", a.ld_gradient = N - 1);
}

static void loss_refuses_bad_targets_and_parameters(void **state)
{
	(void)state;
	const double nan = (double)NAN, inf = (double)INFINITY;
	SPOILT(loss, MLP_ERR_STRIDE, "target: leading dimension is 2", a.ld_target = N - 1);
	SPOILT(loss, MLP_ERR_OVERFLOW, "target:", a.ld_target = far);
	const double bad[] = {0, -1, nan, inf, -inf, -0.0};
	for (int i = 0; i < COUNT(bad); i++)
		SPOILT(loss, MLP_ERR_VALUE, "Huber", (a.loss = MLP_HUBER, a.parameter = bad[i]));
#if MLP_REAL_BITS == 32 /* neither is a number > 0 in float */
	SPOILT(loss, MLP_ERR_VALUE, "1.00000e300", (a.loss = MLP_HUBER, a.parameter = 1e300));
	SPOILT(loss, MLP_ERR_VALUE, "1.00000e-300", (a.loss = MLP_HUBER, a.parameter = 1e-300));
#endif
	for (int kind = 1; kind <= MLP_POISSON; kind++) {
		if (kind == MLP_HUBER || kind == MLP_CROSS_ENTROPY)
			continue;
		const double useless[] = {1, -1, nan, inf, 1e-300};
		for (int i = 0; i < COUNT(useless); i++)
			SPOILT(loss, MLP_ERR_VALUE, "must be 0",
			       (a.loss = kind, a.parameter = useless[i]));
	}
}

static void only_cross_entropy_takes_class_indices(void **state)
{
	(void)state;
	for (int kind = 1; kind <= MLP_POISSON; kind++) {
		char words[64];
		if (kind == MLP_CROSS_ENTROPY)
			continue;
		snprintf(words, sizeof(words), "%s takes no class indices",
			 mlp_loss_name((mlp_loss)kind));
		for (int parameter = 0; parameter < 2; parameter++) /* whatever else is wrong */
			SPOILT(loss_class, MLP_ERR_LOSS, words,
			       (a.loss = kind, a.parameter = parameter));
	}
	SPOILT(loss_class, MLP_ERR_NULL, "target is NULL", (a.loss = MLP_HUBER, a.classes = NULL));
}

static void cross_entropy_cannot_smooth_all_of_a_label(void **state)
{
	(void)state;
	const double bad[] = {
		1, -1, -1e-300, 1.5, (double)NAN, (double)INFINITY, (double)-INFINITY};
	for (int i = 0; i < COUNT(bad); i++) {
		SPOILT(loss_class, MLP_ERR_VALUE, "must be >= 0 and < 1", a.parameter = bad[i]);
		SPOILT(loss, MLP_ERR_VALUE, "must be >= 0 and < 1",
		       (a.loss = MLP_CROSS_ENTROPY, a.parameter = bad[i]));
	}
#if MLP_REAL_BITS == 32 /* 1 in float */
	SPOILT(loss_class, MLP_ERR_VALUE, "must be >= 0 and < 1", a.parameter = 0.99999999);
#endif
	const double allowed[] = {0, -0.0, 1e-300, 0.1, 0.999};
	for (int i = 0; i < COUNT(allowed); i++) {
		struct arguments a = good();
		a.parameter = allowed[i];
		assert_ok(loss_class(&a));
		a.loss = MLP_CROSS_ENTROPY;
		assert_ok(loss(&a));
	}
}

static void class_out_of_range_is_named_with_its_row(void **state)
{
	(void)state;
	const int64_t bad[] = {-1, N, INT64_MIN, INT64_MAX};
	for (int i = 0; i < COUNT(bad); i++) {
		char words[64];
		int row = i % B;
		int64_t kept = classes[row];
		classes[row] = bad[i];
		snprintf(words, sizeof(words), "row %d is %lld, ", row, (long long)bad[i]);
		SPOILT(loss_class, MLP_ERR_INDEX, words, a.weight = NULL);
		SPOILT(loss_class, MLP_ERR_INDEX, words, (a.weight = NULL, a.reduction = MLP_NONE));
		classes[row] = kept;
	}
}

static void what_is_not_wanted_may_be_null(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct arguments a = good();
		assert_ok(both[i](&a));
		a.gradient = NULL;
		a.ld_gradient = -1;
		assert_ok(both[i](&a));
		a.value = NULL;
		assert_ok(both[i](&a));
		a = good();
		a.weight = NULL;
		a.reduction = MLP_NONE;
		a.value = NULL;
		assert_ok(both[i](&a));
	}
}

static mlp_status activation(int kind, double parameter, const REAL *s, int64_t count)
{
	REAL x[2], derivative[2];
	return FN(activation)((mlp_activation)kind, parameter, s, count, x, derivative);
}

static void activation_refuses_every_bad_argument(void **state)
{
	(void)state;
	const double nan = (double)NAN, inf = (double)INFINITY;
	const REAL s[2] = {1, -1};
#define CASE(expected, words, ...) assert_refused(NULL, expected, words, activation(__VA_ARGS__))
	CASE(MLP_ERR_NULL, "s is NULL", MLP_TANH, 0, NULL, 2);
	CASE(MLP_ERR_SIZE, "count is 0", MLP_TANH, 0, s, 0);
	CASE(MLP_ERR_SIZE, "count is -1", MLP_TANH, 0, s, -1);
	CASE(MLP_ERR_SIZE, "count is", MLP_TANH, 0, s, INT64_MIN);
	CASE(MLP_ERR_VALUE, "softmax", MLP_SOFTMAX, 0, s, 2);
	CASE(MLP_ERR_VALUE, "activation is 0", 0, 0, s, 2);
	CASE(MLP_ERR_VALUE, "activation is 14", 14, 0, s, 2);
	CASE(MLP_ERR_VALUE, "activation is", -1, 0, s, 2);
	for (int kind = MLP_IDENTITY; kind < MLP_SOFTMAX; kind++) {
		int takes = kind == MLP_LEAKY_RELU || kind == MLP_ELU;
		CASE(MLP_ERR_VALUE, "parameter is -1", kind, -1, s, 2);
		CASE(MLP_ERR_VALUE, "parameter is nan", kind, nan, s, 2);
		CASE(MLP_ERR_VALUE, "parameter is inf", kind, inf, s, 2);
		if (!takes)
			CASE(MLP_ERR_VALUE, "must be 0", kind, 0.5, s, 2);
		assert_ok(activation(kind, 0, s, 2));
		assert_ok(activation(kind, takes ? 0.5 : 0, s, 1));
		assert_ok(FN(activation)((mlp_activation)kind, 0, s, 2, NULL, NULL));
	}
#undef CASE
}

/* As a learning rate is: what is infinite in the call's type is not finite. */
static void activation_parameter_must_be_finite_in_the_type_of_the_call(void **state)
{
	(void)state;
	const REAL s[2] = {0, -1};
#if MLP_REAL_BITS == 32
	assert_refused(NULL, MLP_ERR_VALUE, "1.00000e300", activation(MLP_ELU, 1e300, s, 2));
	assert_refused(NULL, MLP_ERR_VALUE, "1.00000e300", activation(MLP_LEAKY_RELU, 1e300, s, 2));
#else
	assert_ok(activation(MLP_ELU, 1e300, s, 2));
	assert_ok(activation(MLP_LEAKY_RELU, 1e300, s, 2));
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(losses_refuse_every_bad_argument),
		cmocka_unit_test(weights_that_sum_to_infinity_are_refused),
		cmocka_unit_test(names_in_the_line_are_those_of_the_header),
		cmocka_unit_test(loss_refuses_bad_targets_and_parameters),
		cmocka_unit_test(only_cross_entropy_takes_class_indices),
		cmocka_unit_test(cross_entropy_cannot_smooth_all_of_a_label),
		cmocka_unit_test(class_out_of_range_is_named_with_its_row),
		cmocka_unit_test(what_is_not_wanted_may_be_null),
		cmocka_unit_test(activation_refuses_every_bad_argument),
		cmocka_unit_test(activation_parameter_must_be_finite_in_the_type_of_the_call),
	};
	return cmocka_run_group_tests_name("errors of losses", tests, NULL, NULL);
}
