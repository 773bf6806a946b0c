/* A network as tensors and metadata of a file, and back. */
#include "file/model.h"

#include <string.h>

#include "base/alloc.h"
#include "base/checked.h"
#include "base/status.h"
#include "engine/objects.h"
#include "file/chain.h"
#include "file/half.h"
#include "file/number.h"
#include "file/settings.h"

#define VERSION    MLP_METADATA "version"
#define FORMAT_NOW "1" /* raised when older versions must not try */

/* "4.weight" for w(3): where a layer and its activation take two places, as in torch.nn.Sequential */
static void name_tensor(size_t l, const char *kind, char name[MLP_NUMBER_SIZE + 8])
{
	mlp_print_unsigned(2 * (l - 1), name);
	size_t end = strlen(name);
	memcpy(name + end, kind, strlen(kind) + 1);
}

/* ---- writing -------------------------------------------------------------------------------- */

static mlp_status add_layer(const mlp_network *net, size_t l, struct mlp_tensor_writer *writer)
{
	char name[MLP_NUMBER_SIZE + 8];
	const struct mlp_layer *layer = &net->layers[l];
	const size_t size = mlp_dtype_size(net->dtype);
	const char *parameters = net->parameters;
	const mlp_tensor_type type = net->dtype == MLP_F32 ? MLP_TENSOR_F32 : MLP_TENSOR_F64;
	const int64_t shape[2] = {(int64_t)layer->n_out, (int64_t)layer->n_in};
	name_tensor(l, ".weight", name);
	mlp_status status = mlp_tensor_writer_add(writer, name, type, 2, shape,
						  parameters + layer->w_offset * size);
	if (status != MLP_OK || !layer->has_bias)
		return status;
	name_tensor(l, ".bias", name);
	return mlp_tensor_writer_add(writer, name, type, 1, shape,
				     parameters + layer->b_offset * size);
}

mlp_status mlp_model_describe(const mlp_network *net, const char *kind,
			      struct mlp_tensor_writer *writer)
{
	mlp_status status = mlp_tensor_writer_text(writer, MLP_MODEL_FORMAT, FORMAT_NOW);
	if (status == MLP_OK)
		status = mlp_tensor_writer_text(writer, MLP_MODEL_KIND, kind);
	if (status == MLP_OK)
		status = mlp_tensor_writer_text(writer, VERSION, mlp_version_string());
	if (status == MLP_OK)
		status = mlp_settings_write(net, writer);
	for (size_t l = 1; l <= net->layer_count && status == MLP_OK; l++)
		status = add_layer(net, l, writer);
	return status;
}

/* ---- what a file is ------------------------------------------------------------------------- */

static bool is_beside(const struct mlp_tensor_reader *reader, const struct mlp_tensor *tensor)
{
	return mlp_tensor_reader_is_ours(reader) &&
	       strncmp(tensor->name, MLP_MODEL_BESIDE, strlen(MLP_MODEL_BESIDE)) == 0;
}

static mlp_status check_format(const struct mlp_tensor_reader *reader)
{
	const char *format = mlp_tensor_reader_text(reader, MLP_MODEL_FORMAT);
	if (!mlp_tensor_reader_is_ours(reader))
		return MLP_OK;
	if (format == NULL)
		return mlp_fail(MLP_ERR_FORMAT, "the file's metadata lack its format");
	if (strcmp(format, FORMAT_NOW) != 0)
		return mlp_fail_tensor(
			MLP_ERR_FORMAT, format,
			" is the file's format; this version reads format " FORMAT_NOW);
	if (mlp_tensor_reader_text(reader, MLP_METADATA_CRC) == NULL)
		return mlp_fail(MLP_ERR_FORMAT, "the file's metadata lack its checksum");
	return MLP_OK;
}

/* ---- the shape ------------------------------------------------------------------------------ */

/* What a file is found to hold, on the way to a network. */
struct finding {
	struct mlp_tensor *tensors; /* those of the network, layer by layer */
	struct mlp_link *links;     /* [layers] */
	int64_t *widths;            /* [layers + 1] */
	size_t count, layers;
	size_t room;
};

static mlp_status take(const mlp_allocator *allocator, size_t count, size_t size, void **memory)
{
	*memory = NULL;
	return mlp_allocate(allocator, count * size, memory); /* counts are limited by the header */
}

static void free_finding(const mlp_allocator *allocator, struct finding *found)
{
	mlp_deallocate(allocator, found->tensors, found->room * sizeof(*found->tensors));
	mlp_deallocate(allocator, found->links, found->room * sizeof(*found->links));
	mlp_deallocate(allocator, found->widths, (found->room + 1) * sizeof(*found->widths));
}

static mlp_status check_limits(const struct finding *found, const int64_t *limits)
{
	const int64_t most_width = limits[MLP_LOAD_MAX_WIDTH];
	int64_t parameters = 0;
	if ((int64_t)found->layers > limits[MLP_LOAD_MAX_LAYERS])
		return mlp_fail(MLP_ERR_LIMIT, "the file's network has % layers, the limit is %",
				(int64_t)found->layers, limits[MLP_LOAD_MAX_LAYERS]);
	for (size_t l = 0; l <= found->layers; l++) {
		if (found->widths[l] > most_width)
			return mlp_fail(MLP_ERR_LIMIT,
					"the file's network has n_% = %, the limit is %",
					(int64_t)l, found->widths[l], most_width);
		if (l > 0 &&
		    !mlp_checked_multiply_add(found->widths[l], found->widths[l - 1] + 1,
					      limits[MLP_LOAD_MAX_PARAMETERS], &parameters))
			return mlp_fail(MLP_ERR_LIMIT,
					"the file's network has more than % parameters",
					limits[MLP_LOAD_MAX_PARAMETERS]);
	}
	return MLP_OK;
}

static mlp_status find(const struct mlp_tensor_reader *reader, const mlp_load_options *options,
		       struct finding *found)
{
	const mlp_allocator *allocator = &options->allocator;
	*found = (struct finding){0};
	for (int64_t i = 0; i < mlp_tensor_reader_count(reader); i++)
		found->room += !is_beside(reader, mlp_tensor_reader_at(reader, i));
	if (found->room == 0)
		return mlp_fail(MLP_ERR_FORMAT, "the file has no tensors");
	mlp_status status =
		take(allocator, found->room, sizeof(*found->tensors), (void **)&found->tensors);
	if (status == MLP_OK)
		status =
			take(allocator, found->room, sizeof(*found->links), (void **)&found->links);
	if (status == MLP_OK)
		status = take(allocator, found->room + 1, sizeof(*found->widths),
			      (void **)&found->widths);
	if (status != MLP_OK)
		return status;
	for (int64_t i = 0; i < mlp_tensor_reader_count(reader); i++)
		if (!is_beside(reader, mlp_tensor_reader_at(reader, i)))
			found->tensors[found->count++] = *mlp_tensor_reader_at(reader, i);
	status = mlp_find_chain(found->tensors, found->count, found->links, &found->layers);
	if (status != MLP_OK)
		return status;
	found->widths[0] = found->links[0].w->shape[1];
	for (size_t l = 1; l <= found->layers; l++)
		found->widths[l] = found->links[l - 1].w->shape[0];
	return check_limits(found, options->limits);
}

/* Our own files have the names that we write, and no others. */
static mlp_status check_names(const struct finding *found)
{
	char name[MLP_NUMBER_SIZE + 8];
	for (size_t l = 1; l <= found->layers; l++) {
		const struct mlp_link *link = &found->links[l - 1];
		name_tensor(l, ".weight", name);
		if (strcmp(link->w->name, name) != 0)
			return mlp_fail_tensor(MLP_ERR_FORMAT, link->w->name,
					       " is not the name of layer %'s weights", (int64_t)l);
		name_tensor(l, ".bias", name);
		if (link->b != NULL && strcmp(link->b->name, name) != 0)
			return mlp_fail_tensor(MLP_ERR_FORMAT, link->b->name,
					       " is not the name of layer %'s bias", (int64_t)l);
	}
	return MLP_OK;
}

/* ---- the network ---------------------------------------------------------------------------- */

/* f64 if any tensor is, else f32, which has every number of half precision. */
static mlp_dtype find_dtype(const struct finding *found)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->tensors[i].type == MLP_TENSOR_F64)
			return MLP_F64;
	return MLP_F32;
}

static mlp_status set_layers(const struct mlp_tensor_reader *reader,
			     const mlp_load_options *options, const struct finding *found,
			     mlp_network *net)
{
	mlp_status status = MLP_OK;
	for (size_t l = 1; l <= found->layers && status == MLP_OK; l++)
		if (found->links[l - 1].b == NULL)
			status = mlp_network_set_bias(net, (int64_t)l, 0);
	if (status == MLP_OK && mlp_tensor_reader_is_ours(reader))
		return mlp_settings_read(reader, net);
	if (status == MLP_OK)
		status = mlp_network_set_activation(net, MLP_HIDDEN_LAYERS, options->hidden);
	if (status == MLP_OK)
		status = mlp_network_set_activation(net, (int64_t)found->layers, options->output);
	return status;
}

static void set_places(const struct finding *found, struct mlp_model *model)
{
	const size_t size = mlp_dtype_size(model->net->dtype);
	memset(model->places, 0, model->count * sizeof(*model->places));
	for (size_t l = 1; l <= found->layers; l++) {
		const struct mlp_layer *layer = &model->net->layers[l];
		const struct mlp_link *link = &found->links[l - 1];
		char *parameters = model->net->parameters;
		model->places[link->w->index] = parameters + layer->w_offset * size;
		if (link->b != NULL)
			model->places[link->b->index] = parameters + layer->b_offset * size;
	}
}

static mlp_status build(const struct mlp_tensor_reader *reader, const mlp_load_options *options,
			const struct finding *found, struct mlp_model *model)
{
	mlp_status status = mlp_network_create_with(find_dtype(found), found->widths,
						    (int64_t)found->layers + 1, &options->allocator,
						    &model->net);
	if (status != MLP_OK)
		return status == MLP_ERR_MEMORY ? status
						: MLP_ERR_LIMIT; /* widths beyond any network's */
	status = set_layers(reader, options, found, model->net);
	if (status == MLP_OK)
		status = take(&options->allocator, model->count, sizeof(*model->places),
			      (void **)&model->places);
	if (status == MLP_OK)
		set_places(found, model);
	return status;
}

mlp_status mlp_model_open(const struct mlp_tensor_reader *reader, const mlp_load_options *options,
			  struct mlp_model *model)
{
	struct finding found = {0};
	*model = (struct mlp_model){.count = (size_t)mlp_tensor_reader_count(reader),
				    .allocator = options->allocator};
	mlp_status status = check_format(reader);
	if (status == MLP_OK)
		status = find(reader, options, &found);
	if (status == MLP_OK && mlp_tensor_reader_is_ours(reader))
		status = check_names(&found);
	if (status == MLP_OK)
		status = build(reader, options, &found, model);
	free_finding(&options->allocator, &found);
	if (status != MLP_OK)
		mlp_model_close(model, status, (mlp_dtype)0, &model->net);
	return status;
}

/* ---- the parameters ------------------------------------------------------------------------- */

void *mlp_model_place(void *context, const struct mlp_tensor *tensor)
{
	const struct mlp_model *model = context;
	const mlp_tensor_type own = model->net->dtype == MLP_F32 ? MLP_TENSOR_F32 : MLP_TENSOR_F64;
	return tensor->type == own ? model->places[tensor->index] : NULL;
}

static float read_float(const struct mlp_tensor *tensor, const void *elements, int64_t i)
{
	const uint16_t *halves = elements;
	switch (tensor->type) {
	case MLP_TENSOR_F16:
		return mlp_float_of_f16(halves[i]);
	case MLP_TENSOR_BF16:
		return mlp_float_of_bf16(halves[i]);
	default:
		return ((const float *)elements)[i];
	}
}

/* What is not of the network's type is of a narrower one. */
mlp_status mlp_model_sink(void *context, const struct mlp_tensor *tensor, int64_t first,
			  int64_t count, const void *elements)
{
	const struct mlp_model *model = context;
	void *place = model->places[tensor->index];
	if (place == NULL)
		return MLP_OK;
	for (int64_t i = 0; i < count; i++) {
		float number = read_float(tensor, elements, i);
		if (model->net->dtype == MLP_F32)
			((float *)place)[first + i] = number;
		else
			((double *)place)[first + i] = (double)number;
	}
	return MLP_OK;
}

mlp_status mlp_model_close(struct mlp_model *model, mlp_status status, mlp_dtype dtype,
			   mlp_network **net)
{
	mlp_network *read = model->net;
	mlp_deallocate(&model->allocator, model->places, model->count * sizeof(*model->places));
	model->places = NULL;
	model->net = NULL;
	*net = NULL;
	if (status == MLP_OK && ((int)dtype == 0 || dtype == read->dtype)) {
		*net = read;
		return MLP_OK;
	}
	if (status == MLP_OK)
		status = mlp_network_convert(read, dtype, net);
	mlp_network_free(read);
	return status;
}
