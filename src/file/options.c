/* How files are loaded: limits, and what a file cannot say. */
#include "file/options.h"

#include "base/alloc.h"
#include "base/status.h"
#include "check.h"

static void set_defaults(mlp_load_options *options)
{
	*options = (struct mlp_load_options){
		.limits = {[MLP_LOAD_MAX_BYTES] = 1LL << 40,
			   [MLP_LOAD_MAX_HEADER_BYTES] = 1 << 24,
			   [MLP_LOAD_MAX_TENSORS] = 1 << 16,
			   [MLP_LOAD_MAX_LAYERS] = 1 << 15,
			   [MLP_LOAD_MAX_WIDTH] = 2147483647,
			   [MLP_LOAD_MAX_PARAMETERS] = 1LL << 36},
		.hidden = MLP_RELU,
		.output = MLP_IDENTITY,
	};
	mlp_allocator_copy(NULL, &options->allocator);
}

const mlp_load_options *mlp_load_options_or_default(const mlp_load_options *options,
						    mlp_load_options *room)
{
	if (options != NULL)
		return options;
	set_defaults(room);
	return room;
}

mlp_status mlp_load_options_create(mlp_load_options **options)
{
	void *memory;
	mlp_allocator allocator;
	mlp_status status = mlp_check_pointer("options", options);
	if (status != MLP_OK)
		return status;
	*options = NULL;
	mlp_allocator_copy(NULL, &allocator);
	status = mlp_allocate(&allocator, sizeof(**options), &memory);
	if (status != MLP_OK)
		return status;
	*options = memory;
	set_defaults(*options);
	return MLP_OK;
}

void mlp_load_options_free(mlp_load_options *options)
{
	mlp_allocator allocator;
	mlp_allocator_copy(NULL, &allocator);
	mlp_deallocate(&allocator, options, sizeof(*options));
}

static mlp_status check_limit(const mlp_load_options *options, mlp_load_limit limit)
{
	mlp_status status = mlp_check_pointer("options", options);
	if (status == MLP_OK &&
	    ((int)limit < MLP_LOAD_MAX_BYTES || (int)limit > MLP_LOAD_MAX_PARAMETERS))
		status = mlp_fail(MLP_ERR_VALUE, "limit is %, unknown", (int)limit);
	return status;
}

mlp_status mlp_load_options_set(mlp_load_options *options, mlp_load_limit limit, int64_t value)
{
	mlp_status status = check_limit(options, limit);
	if (status == MLP_OK && value < 1)
		status = mlp_fail(MLP_ERR_VALUE, "value is %, must be at least 1", value);
	if (status == MLP_OK)
		options->limits[limit] = value;
	return status;
}

int64_t mlp_load_options_get(const mlp_load_options *options, mlp_load_limit limit)
{
	mlp_status status = check_limit(options, limit);
	return status == MLP_OK ? options->limits[limit] : (int64_t)status;
}

mlp_status mlp_load_options_set_dtype(mlp_load_options *options, mlp_dtype dtype)
{
	mlp_status status = mlp_check_pointer("options", options);
	if (status == MLP_OK && (int)dtype != 0 && mlp_dtype_size(dtype) == 0)
		status = mlp_fail(MLP_ERR_VALUE, "dtype is %, unknown", (int)dtype);
	if (status == MLP_OK)
		options->dtype = dtype;
	return status;
}

mlp_status mlp_load_options_set_activations(mlp_load_options *options, mlp_activation hidden,
					    mlp_activation output)
{
	mlp_status status = mlp_check_pointer("options", options);
	if (status == MLP_OK && mlp_activation_name(hidden) == NULL)
		status = mlp_fail(MLP_ERR_VALUE, "activation of hidden layers is %, unknown",
				  (int)hidden);
	if (status == MLP_OK && hidden == MLP_SOFTMAX)
		status = mlp_fail(MLP_ERR_VALUE, "softmax is for the output layer");
	if (status == MLP_OK && mlp_activation_name(output) == NULL)
		status = mlp_fail(MLP_ERR_VALUE, "activation of the output layer is %, unknown",
				  (int)output);
	if (status != MLP_OK)
		return status;
	options->hidden = hidden;
	options->output = output;
	return MLP_OK;
}

mlp_status mlp_load_options_set_allocator(mlp_load_options *options, const mlp_allocator *allocator)
{
	mlp_status status = mlp_check_pointer("options", options);
	return status == MLP_OK ? mlp_allocator_copy(allocator, &options->allocator) : status;
}
