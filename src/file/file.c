/* Saving and loading networks. */
#include <mlp/mlp.h>

#include "base/status.h"
#include "check.h"
#include "file/input.h"
#include "file/model.h"
#include "base/replace_file.h"

/* ---- saving --------------------------------------------------------------------------------- */

static mlp_status check_saving(const mlp_network *net, const char *name, const void *pointer)
{
	mlp_status status = mlp_check_pointer("net", net);
	return status == MLP_OK ? mlp_check_pointer(name, pointer) : status;
}

/* An mlp_produce of a network. */
static mlp_status save(void *producer, mlp_write_function write, void *context)
{
	const mlp_network *net = producer;
	struct mlp_tensor_writer *writer;
	mlp_status status = mlp_tensor_writer_create(&net->allocator, &writer);
	if (status == MLP_OK)
		status = mlp_model_describe(net, "network", writer);
	if (status == MLP_OK)
		status = mlp_tensor_writer_write(writer, write, context);
	mlp_tensor_writer_free(writer);
	return status;
}

mlp_status mlp_network_save(const mlp_network *net, const char *path)
{
	mlp_status status = check_saving(net, "path", path);
	return status == MLP_OK ? mlp_replace_file(path, save, (void *)net) : status;
}

mlp_status mlp_network_save_to(const mlp_network *net, mlp_write_function write, void *context)
{
	mlp_status status = check_saving(net, "write", write != NULL ? (const void *)net : NULL);
	return status == MLP_OK ? save((void *)net, write, context) : status;
}

/* ---- loading -------------------------------------------------------------------------------- */

static mlp_status check_loading(const char *name, bool given, mlp_network **net)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	*net = NULL;
	return given ? MLP_OK : mlp_fail_named(MLP_ERR_NULL, name, " is NULL");
}

static mlp_status load(struct mlp_source *source, const mlp_load_options *options,
		       mlp_network **net)
{
	const struct mlp_tensor_limits limits = {options->limits[MLP_LOAD_MAX_HEADER_BYTES],
						 options->limits[MLP_LOAD_MAX_TENSORS]};
	struct mlp_tensor_reader *reader;
	struct mlp_model model;
	mlp_status status = mlp_tensor_reader_open(source, &limits, &options->allocator, &reader);
	if (status != MLP_OK)
		return status;
	status = mlp_model_open(reader, options, &model);
	if (status == MLP_OK) {
		status = mlp_tensor_reader_read(reader, mlp_model_place, mlp_model_sink, &model);
		status = mlp_model_close(&model, status, options->dtype, net);
	}
	mlp_tensor_reader_free(reader);
	return status;
}

mlp_status mlp_network_load(const char *path, const mlp_load_options *options, mlp_network **net)
{
	mlp_load_options room;
	struct mlp_input input;
	mlp_status status = check_loading("path", path != NULL, net);
	if (status != MLP_OK)
		return status;
	options = mlp_load_options_or_default(options, &room);
	status = mlp_input_open(&input, path, options->limits[MLP_LOAD_MAX_BYTES],
				&options->allocator);
	if (status == MLP_OK)
		status = load(&input.source, options, net);
	return mlp_input_close(&input, status);
}

mlp_status mlp_network_load_memory(const void *data, size_t size, const mlp_load_options *options,
				   mlp_network **net)
{
	mlp_load_options room;
	struct mlp_input input;
	mlp_status status = check_loading("data", data != NULL, net);
	if (status != MLP_OK)
		return status;
	options = mlp_load_options_or_default(options, &room);
	status = mlp_input_memory(&input, data, size, options->limits[MLP_LOAD_MAX_BYTES]);
	if (status == MLP_OK)
		status = load(&input.source, options, net);
	return mlp_input_close(&input, status);
}

mlp_status mlp_network_load_from(mlp_read_function read, void *context,
				 const mlp_load_options *options, mlp_network **net)
{
	mlp_load_options room;
	struct mlp_input input;
	mlp_status status = check_loading("read", read != NULL, net);
	if (status != MLP_OK)
		return status;
	options = mlp_load_options_or_default(options, &room);
	status = mlp_input_collect(&input, read, context, options->limits[MLP_LOAD_MAX_BYTES],
				   &options->allocator);
	if (status == MLP_OK)
		status = load(&input.source, options, net);
	return mlp_input_close(&input, status);
}
