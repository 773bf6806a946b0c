/* Scaling and domain from data, and data against a domain. */
#include <math.h>

#include "base/status.h"
#include "check.h"
#include "kernels/kernels.h"
#include "scaling.h"

enum { STRIP = 64 }; /* features that are worked on together: whole cache lines of each row */

/* [rows][width], row stride ld */
struct data {
	const REAL *values;
	size_t ld, rows, width;
};

static mlp_status check_data(const char *name, struct data data)
{
	const struct mlp_kernels *kernels = FN(kernels)((mlp_instructions)0);
	for (size_t n = 0; n < data.rows; n++) {
		const REAL *row = data.values + n * data.ld;
		if (kernels->all_finite(row, data.width))
			continue;
		size_t j = 0;
		while (isfinite(row[j]))
			j++;
		return mlp_fail_named(MLP_ERR_NONFINITE, name,
				      ": row %, column % is infinite or not a number", (int64_t)n,
				      (int64_t)j);
	}
	return MLP_OK;
}

static mlp_status make_data(const mlp_network *net, const char *name, const REAL *values,
			    int64_t ld, int64_t rows, size_t width, struct data *data)
{
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	if (status == MLP_OK && rows < 1)
		status = mlp_fail(MLP_ERR_SIZE, "rows is %, must be at least 1", rows);
	if (status == MLP_OK)
		status = mlp_check_rows(name, values, ld, rows, (int64_t)width, sizeof(REAL));
	*data = (struct data){values, (size_t)ld, (size_t)rows, width};
	return status;
}

/* Features first .. first + count - 1, count <= STRIP. */
struct strip {
	size_t first, count;
};

static struct strip strip_at(struct data data, size_t first)
{
	size_t left = data.width - first;
	return (struct strip){first, left < STRIP ? left : STRIP};
}

static void find_range(struct data data, struct strip strip, double *lowest, double *highest)
{
	for (size_t j = 0; j < strip.count; j++)
		lowest[j] = highest[j] = (double)data.values[strip.first + j];
	for (size_t n = 1; n < data.rows; n++) {
		const REAL *row = data.values + n * data.ld + strip.first;
		for (size_t j = 0; j < strip.count; j++) {
			double v = (double)row[j];
			lowest[j] = v < lowest[j] ? v : lowest[j];
			highest[j] = v > highest[j] ? v : highest[j];
		}
	}
}

/* ---- scaling -------------------------------------------------------------------------------- */

/* The middle of each feature's range, and half of it: no difference overflows in between. */
static void find_middle(struct data data, struct strip strip, double *middle, double *half)
{
	double lowest[STRIP], highest[STRIP];
	find_range(data, strip, lowest, highest);
	for (size_t j = 0; j < strip.count; j++) {
		middle[j] = lowest[j] / 2 + highest[j] / 2;
		half[j] = highest[j] / 2 - lowest[j] / 2;
	}
}

/* sum += d^power, d = (x - middle) / half - mean, in -2 .. 2, for every row */
static void add_powers(struct data data, struct strip strip, const double *middle,
		       const double *half, const double *mean, int power, double *sum)
{
	for (size_t n = 0; n < data.rows; n++) {
		const REAL *row = data.values + n * data.ld + strip.first;
		for (size_t j = 0; j < strip.count; j++) {
			double d = ((double)row[j] - middle[j]) / half[j] - mean[j];
			sum[j] += power == 1 ? d : d * d;
		}
	}
}

/* Mean and standard deviation in place of middle and half. */
static void find_moments(struct data data, struct strip strip, double *middle, double *half)
{
	double mean[STRIP] = {0}, sum[STRIP] = {0}, squares[STRIP] = {0}, safe[STRIP];
	for (size_t j = 0; j < strip.count; j++) /* a constant feature has no range to divide by */
		safe[j] = half[j] > 0 ? half[j] : 1;
	add_powers(data, strip, middle, safe, mean, 1, sum);
	for (size_t j = 0; j < strip.count; j++)
		mean[j] = sum[j] / (double)data.rows;
	add_powers(data, strip, middle, safe, mean, 2, squares);
	for (size_t j = 0; j < strip.count; j++) {
		middle[j] += safe[j] * mean[j];
		half[j] *= sqrt(squares[j] / (double)data.rows);
	}
}

/* Before anything is changed: every value finite, no range too wide. */
static mlp_status check_ranges(const char *name, struct data data)
{
	mlp_status status = check_data(name, data);
	for (size_t j = 0; j < data.width && status == MLP_OK; j += STRIP) {
		struct strip strip = strip_at(data, j);
		double middle[STRIP], half[STRIP];
		find_middle(data, strip, middle, half);
		for (size_t k = 0; k < strip.count && status == MLP_OK; k++)
			if (half[k] > 1 && !mlp_scale_is_usable(half[k], REAL_DTYPE))
				status = mlp_fail_named(MLP_ERR_VALUE, name,
							": the range of column % is too wide",
							(int64_t)(j + k));
	}
	return status;
}

static mlp_status fit(mlp_network *net, struct mlp_affine *affine, mlp_scaling scaling,
		      const char *name, struct data data)
{
	mlp_status status = check_ranges(name, data);
	if (status != MLP_OK)
		return status;
	for (size_t j = 0; j < data.width; j += STRIP) {
		struct strip strip = strip_at(data, j);
		double shift[STRIP], scale[STRIP];
		find_middle(data, strip, shift, scale);
		if (scaling == MLP_SCALING_STANDARD)
			find_moments(data, strip, shift, scale);
		for (size_t k = 0; k < strip.count; k++)
			mlp_affine_set(net, affine, j + k, shift[k],
				       mlp_scale_is_usable(scale[k], REAL_DTYPE) ? scale[k] : 1);
	}
	mlp_affine_enable(net, affine, true);
	return MLP_OK;
}

static mlp_status check_kind(const mlp_network *net, mlp_scaling scaling)
{
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	if (status == MLP_OK && mlp_scaling_name(scaling) == NULL)
		status = mlp_fail(MLP_ERR_VALUE, "scaling is %, unknown", (int)scaling);
	return status;
}

mlp_status FN(network_fit_input_scaling)(mlp_network *net, mlp_scaling scaling, const REAL *x,
					 int64_t ld_x, int64_t rows)
{
	struct data data;
	mlp_status status = check_kind(net, scaling);
	if (status == MLP_OK && scaling == MLP_SCALING_NONE)
		return mlp_network_set_input_scaling(net, NULL, NULL);
	if (status == MLP_OK)
		status = make_data(net, "x", x, ld_x, rows, net->input.count, &data);
	return status == MLP_OK ? fit(net, &net->input, scaling, "x", data) : status;
}

mlp_status FN(network_fit_output_scaling)(mlp_network *net, mlp_scaling scaling, const REAL *target,
					  int64_t ld_target, int64_t rows)
{
	struct data data;
	mlp_status status = check_kind(net, scaling);
	if (status == MLP_OK && scaling == MLP_SCALING_NONE)
		return mlp_network_set_output_scaling(net, NULL, NULL);
	if (status == MLP_OK)
		status = mlp_check_scalable_output(net);
	if (status == MLP_OK)
		status =
			make_data(net, "target", target, ld_target, rows, net->output.count, &data);
	return status == MLP_OK ? fit(net, &net->output, scaling, "target", data) : status;
}

/* ---- domain --------------------------------------------------------------------------------- */

mlp_status FN(network_fit_domain)(mlp_network *net, const REAL *x, int64_t ld_x, int64_t rows)
{
	struct data data;
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	if (status == MLP_OK)
		status = make_data(net, "x", x, ld_x, rows, net->input.count, &data);
	if (status == MLP_OK)
		status = check_data("x", data);
	if (status != MLP_OK)
		return status;
	for (size_t j = 0; j < data.width; j += STRIP)
		find_range(data, strip_at(data, j), net->domain.lowest + j,
			   net->domain.highest + j);
	net->domain.is_set = true;
	return MLP_OK;
}

/* How far beyond its range an input may lie. */
static double tolerance(double lowest, double highest, double margin)
{
	double range = highest - lowest;
	return isfinite(range) ? margin * range : 0;
}

static int64_t count_outside(const struct mlp_domain *domain, const REAL *row, size_t width,
			     double margin)
{
	int64_t count = 0;
	for (size_t j = 0; j < width; j++) {
		double lowest = domain->lowest[j], highest = domain->highest[j];
		double more = tolerance(lowest, highest, margin), v = (double)row[j];
		count += !(v >= lowest - more && v <= highest + more); /* so NaN is outside */
	}
	return count;
}

mlp_status FN(network_outside)(const mlp_network *net, const REAL *x, int64_t ld_x, int64_t rows,
			       double margin, int64_t *outside, int64_t *rows_outside)
{
	struct data data;
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	if (status == MLP_OK)
		status = make_data(net, "x", x, ld_x, rows, net->input.count, &data);
	if (status == MLP_OK)
		status = mlp_check_not_negative("margin is %, must be finite and >= 0", margin,
						MLP_F64);
	if (status == MLP_OK && !net->domain.is_set)
		status = mlp_fail(MLP_ERR_STATE, "the network knows no domain");
	if (status != MLP_OK)
		return status;
	int64_t total = 0;
	for (size_t n = 0; n < data.rows; n++) {
		int64_t count =
			count_outside(&net->domain, data.values + n * data.ld, data.width, margin);
		total += count > 0;
		if (outside != NULL)
			outside[n] = count;
	}
	if (rows_outside != NULL)
		*rows_outside = total;
	return MLP_OK;
}
