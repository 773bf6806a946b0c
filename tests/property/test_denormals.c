/* Flushing denormals: on, off, and the rest of the processor's state as it was. */
#include "base/float_mode.h"

#include <fenv.h>
#include <float.h>

#include "support/test.h"

/* Read and written as volatile: computed when and where it is written here. */
static volatile double smallest_normal = DBL_MIN, denormal = DBL_MIN / 4, half = 0.5, one = 1,
		       huge = 1e308;

static void flushing_makes_zeros_and_restoring_ends_it(void **state)
{
	(void)state;
	if (!mlp_can_flush_denormals())
		skip();
	assert_true(smallest_normal * half > 0);
	assert_true(denormal * one > 0);
	unsigned long long old = mlp_denormals_flush();
	volatile double result = smallest_normal * half, operand = denormal * huge,
			normal = smallest_normal * one;
	mlp_set_float_mode(old);
	assert_true(result == 0);
	assert_true(operand == 0);
	assert_true(normal == DBL_MIN);
	assert_true(smallest_normal * half > 0);
	assert_true(denormal * one > 0);
}

static void flushing_twice_restores_the_outer_mode(void **state)
{
	(void)state;
	unsigned long long first = mlp_denormals_flush(), flushing = mlp_float_mode();
	unsigned long long second = mlp_denormals_flush();
	assert_true(second == flushing);
	mlp_set_float_mode(second);
	assert_true(mlp_float_mode() == flushing);
	mlp_set_float_mode(first);
	assert_true(mlp_float_mode() == first);
	assert_true(mlp_can_flush_denormals() == (first != flushing));
}

static void rounding_and_flags_are_left_alone(void **state)
{
	(void)state;
	assert_int_equal(fesetround(FE_UPWARD), 0);
	feclearexcept(FE_ALL_EXCEPT);
	unsigned long long old = mlp_denormals_flush();
	assert_int_equal(fegetround(), FE_UPWARD);
	volatile double overflow = huge * huge;
	(void)overflow;
	mlp_set_float_mode(old);
	assert_int_equal(fegetround(), FE_UPWARD);
	assert_true(fetestexcept(FE_OVERFLOW) != 0);
	assert_true(fetestexcept(FE_DIVBYZERO) == 0);
	feclearexcept(FE_ALL_EXCEPT);
	fesetround(FE_TONEAREST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flushing_makes_zeros_and_restoring_ends_it),
		cmocka_unit_test(flushing_twice_restores_the_outer_mode),
		cmocka_unit_test(rounding_and_flags_are_left_alone),
	};
	return cmocka_run_group_tests_name("denormals", tests, NULL, NULL);
}
