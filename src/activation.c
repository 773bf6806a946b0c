/* Activation functions for the caller's own arrays. */
#include "kernels/kernels.h"

#include <string.h>

#include "base/status.h"
#include "check.h"

mlp_status FN(activation)(mlp_activation activation, double parameter, const REAL *s, int64_t count,
			  REAL *x, REAL *derivative)
{
	mlp_status status = mlp_check_activation(activation, parameter, REAL_DTYPE);
	if (status == MLP_OK && activation == MLP_SOFTMAX)
		status = mlp_fail(MLP_ERR_VALUE, "softmax is not a function of single values");
	if (status == MLP_OK)
		status = mlp_check_pointer("s", s);
	if (status == MLP_OK && count < 1)
		status = mlp_fail(MLP_ERR_SIZE, "count is %, must be at least 1", count);
	if (status != MLP_OK)
		return status;
	const struct mlp_kernels *kernels = FN(kernels)((mlp_instructions)0);
	enum { CHUNK = 64 }; /* s may be x or derivative: each chunk is read before it is written */
	for (int64_t i = 0; i < count; i += CHUNK) {
		size_t n = count - i < CHUNK ? (size_t)(count - i) : CHUNK;
		REAL sums[CHUNK], values[CHUNK], slopes[CHUNK];
		memcpy(sums, s + i, n * sizeof(REAL));
		kernels->activation_forward(activation, (REAL)parameter, sums, n, values);
		for (size_t j = 0; j < n; j++)
			slopes[j] = 1;
		kernels->activation_backward(activation, (REAL)parameter, sums, values, slopes, n,
					     slopes);
		if (x != NULL)
			memcpy(x + i, values, n * sizeof(REAL));
		if (derivative != NULL)
			memcpy(derivative + i, slopes, n * sizeof(REAL));
	}
	return MLP_OK;
}
