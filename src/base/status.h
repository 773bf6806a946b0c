/* Failing with a status and one line that has the numbers in it. */
#ifndef MLP_BASE_STATUS_H
#define MLP_BASE_STATUS_H

#include <mlp/mlp.h>

/* Leave a line for mlp_last_error() and return `status`. Every '%' of the format stands for the next
 * of the integers that follow it. Works without memory and without stdio. */
#define mlp_fail(status, ...) mlp_fail_named(status, "", __VA_ARGS__)

/* The same, with the name of the argument in front of the line. */
#define mlp_fail_named(status, name, ...)                                                          \
	mlp_fail_numbers(status, name, MLP_FAIL_FORMAT(__VA_ARGS__, 0),                            \
			 (const int64_t[]){MLP_FAIL_NUMBERS(__VA_ARGS__, 0)})
#define MLP_FAIL_FORMAT(format, ...)  format
#define MLP_FAIL_NUMBERS(format, ...) __VA_ARGS__

mlp_status mlp_fail_numbers(mlp_status status, const char *name, const char *format,
			    const int64_t *numbers);

/* The same with one real number, given with six digits. */
mlp_status mlp_fail_real(mlp_status status, const char *format, double number);

/* Put a beginning before the line of the failure that has just happened. */
#define mlp_fail_within(status, ...)                                                               \
	mlp_fail_before(status, MLP_FAIL_FORMAT(__VA_ARGS__, 0),                                   \
			(const int64_t[]){MLP_FAIL_NUMBERS(__VA_ARGS__, 0)})

mlp_status mlp_fail_before(mlp_status status, const char *format, const int64_t *numbers);

#endif
