/* Networks as C source: what is checked before, and the sample of the self-test. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"
#include "check.h"
#include "base/replace_file.h"
#include "file/source.h"

enum { MOST_NAME = 63 }; /* characters of an identifier that every C compiler looks at */

/* ---- checks --------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static mlp_status check_name(const char *name)
{
	mlp_status status = mlp_check_pointer("name", name);
	if (status != MLP_OK)
		return status;
	if (!is_letter(name[0]))
		return mlp_fail(MLP_ERR_VALUE, "name must begin with a letter");
	size_t length = 0;
	for (; length <= MOST_NAME && name[length] != '\0'; length++)
		if (!is_letter(name[length]) && !(name[length] >= '0' && name[length] <= '9') &&
		    name[length] != '_')
			return mlp_fail(MLP_ERR_VALUE,
					"character % of name is no letter, digit or underscore",
					(int64_t)length + 1);
	if (length > MOST_NAME)
		return mlp_fail(MLP_ERR_VALUE, "name has more than % characters", MOST_NAME);
	return MLP_OK;
}

static double value_at(mlp_dtype dtype, const void *values, size_t i)
{
	return dtype == MLP_F32 ? (double)((const float *)values)[i] : ((const double *)values)[i];
}

static mlp_status check_parameters(const mlp_network *net)
{
	for (size_t l = 1; l <= net->layer_count; l++) {
		const struct mlp_layer *layer = &net->layers[l];
		const size_t end = layer->b_offset + (layer->has_bias ? layer->n_out : 0);
		for (size_t i = layer->w_offset; i < end; i++)
			if (!isfinite(value_at(net->dtype, net->parameters, i)))
				return mlp_fail(
					MLP_ERR_NONFINITE,
					"parameter %, of layer %, is infinite or not a number",
					(int64_t)i, (int64_t)l);
	}
	return MLP_OK;
}

/* ---- the sample ----------------------------------------------------------------------------- */

/* Memory for a sample, as double and as float, in a network of either type. */
struct samples {
	double *x64, *y64;
	float *x32, *y32;
	size_t bytes;
};

static mlp_status allocate_samples(const mlp_allocator *allocator, size_t n_in, size_t n_out,
				   struct samples *samples)
{
	void *memory;
	samples->bytes = (n_in + n_out) * (sizeof(double) + sizeof(float));
	mlp_status status = mlp_allocate(allocator, samples->bytes, &memory);
	if (status != MLP_OK)
		return status;
	samples->x64 = memory;
	samples->y64 = samples->x64 + n_in;
	samples->x32 = (void *)(samples->y64 + n_out);
	samples->y32 = samples->x32 + n_in;
	return MLP_OK;
}

/* Inputs as a network expects them: uniform in -1 .. 1 where they are scaled. All of them are floats. */
static void draw_inputs(const mlp_network *net, size_t n_in, struct samples *samples)
{
	struct mlp_rng rng;
	mlp_rng_seed(&rng, 0, 0);
	for (size_t i = 0; i < n_in; i++) {
		double number = 2 * mlp_rng_uniform(&rng) - 1;
		if (net->input.is_set)
			number = net->input.shift[i] + net->input.scale[i] * number;
		samples->x32[i] = (float)number;
		if (net->dtype == MLP_F64 && !isfinite(samples->x32[i]))
			samples->x32[i] = 0;
		samples->x64[i] = net->dtype == MLP_F64 && net->input.is_set
					  ? number
					  : (double)samples->x32[i];
	}
}

static mlp_status predict(const mlp_network *net, size_t n_in, size_t n_out,
			  const struct samples *samples)
{
	return net->dtype == MLP_F32 ? mlp_predict_f32(net, samples->x32, (int64_t)n_in, 1,
						       samples->y32, (int64_t)n_out)
				     : mlp_predict_f64(net, samples->x64, (int64_t)n_in, 1,
						       samples->y64, (int64_t)n_out);
}

/* Outputs in the other element type too: how far they are from these tells what rounding does. */
static mlp_status predict_otherwise(const mlp_network *net, size_t n_in, size_t n_out,
				    const struct samples *samples, bool *done)
{
	mlp_network *other;
	mlp_status status =
		mlp_network_convert(net, net->dtype == MLP_F32 ? MLP_F64 : MLP_F32, &other);
	*done = false;
	if (status == MLP_ERR_OVERFLOW)
		return MLP_OK; /* no float has such parameters */
	if (status != MLP_OK)
		return status;
	status = predict(other, n_in, n_out, samples);
	*done = status == MLP_OK;
	mlp_network_free(other);
	return status;
}

/* Sums in another order, and another libm, move an output by a little more than rounding does here: that is
 * many times 2^-24 of it in float, and 2^29 times less in double. */
static double choose_tolerance(const mlp_network *net, size_t n_out, const struct samples *samples,
			       bool both)
{
	const void *y = net->dtype == MLP_F32 ? (const void *)samples->y32 : samples->y64;
	double most = 1, noise = 0;
	for (size_t i = 0; i < n_out; i++) {
		most = fmax(most, fabs(value_at(net->dtype, y, i)));
		double difference = both ? fabs((double)samples->y32[i] - samples->y64[i]) : 0;
		if (isfinite(difference))
			noise = fmax(noise, difference);
	}
	if (net->dtype == MLP_F32)
		return (double)(float)fmin(FLT_MAX, fmax(1024 * FLT_EPSILON * most, 32 * noise));
	return fmax(16384 * DBL_EPSILON * most, 32 * noise * 0x1p-29);
}

static mlp_status make_sample(const mlp_network *net, size_t n_in, size_t n_out,
			      struct samples *samples, struct mlp_sample *sample)
{
	bool both;
	draw_inputs(net, n_in, samples);
	mlp_status status = predict(net, n_in, n_out, samples);
	if (status == MLP_OK)
		status = predict_otherwise(net, n_in, n_out, samples, &both);
	if (status != MLP_OK)
		return status;
	const bool is_float = net->dtype == MLP_F32;
	sample->x = is_float ? (const void *)samples->x32 : samples->x64;
	sample->y = is_float ? (const void *)samples->y32 : samples->y64;
	for (size_t i = 0; i < n_out; i++)
		if (!isfinite(value_at(net->dtype, sample->y, i)))
			return mlp_fail(
				MLP_ERR_NONFINITE,
				"output % of the self-test's sample is infinite or not a number",
				(int64_t)i);
	sample->tolerance = choose_tolerance(net, n_out, samples, both);
	return MLP_OK;
}

/* ---- the calls ------------------------------------------------------------------------------ */

struct exported {
	const mlp_network *net;
	const char *name;
	struct mlp_sample sample;
};

/* An mlp_produce of an export. */
static mlp_status produce(void *producer, mlp_write_function write, void *context)
{
	const struct exported *export = producer;
	return mlp_write_source(export->net, export->name, &export->sample, write, context);
}

/* To the file `path`, or through `write` if that is NULL. */
static mlp_status export_network(const mlp_network *net, const char *name, const char *path,
				 mlp_write_function write, void *context)
{
	mlp_status status = check_name(name);
	if (status == MLP_OK)
		status = check_parameters(net);
	if (status != MLP_OK)
		return status;
	const size_t n_in = net->layers[1].n_in, n_out = net->layers[net->layer_count].n_out;
	struct exported export = {.net = net, .name = name};
	struct samples samples;
	status = allocate_samples(&net->allocator, n_in, n_out, &samples);
	if (status != MLP_OK)
		return status;
	status = make_sample(net, n_in, n_out, &samples, &export.sample);
	if (status == MLP_OK)
		status = path != NULL ? mlp_replace_file(path, produce, &export)
				      : produce(&export, write, context);
	mlp_deallocate(&net->allocator, samples.x64, samples.bytes);
	return status;
}

mlp_status mlp_export_c(const mlp_network *net, const char *name, const char *path)
{
	mlp_status status = mlp_check_pointer("net", net);
	if (status == MLP_OK)
		status = mlp_check_pointer("path", path);
	return status == MLP_OK ? export_network(net, name, path, NULL, NULL) : status;
}

mlp_status mlp_export_c_to(const mlp_network *net, const char *name, mlp_write_function write,
			   void *context)
{
	mlp_status status = mlp_check_pointer("net", net);
	if (status == MLP_OK && write == NULL)
		status = mlp_fail(MLP_ERR_NULL, "write is NULL");
	return status == MLP_OK ? export_network(net, name, NULL, write, context) : status;
}
