/* A network as tensors and metadata of a safetensors file, and back. A checkpoint has both among its own:
 * tensors whose names begin with MLP_MODEL_BESIDE. */
#ifndef MLP_FILE_MODEL_H
#define MLP_FILE_MODEL_H

#include "file/options.h"
#include "file/safetensors.h"

#define MLP_MODEL_FORMAT MLP_METADATA "format" /* key; its value is a number */
#define MLP_MODEL_KIND   MLP_METADATA "kind"   /* key; "network" or "checkpoint" */
#define MLP_MODEL_BESIDE "trainer."            /* names of a checkpoint's own tensors */

/* Add a network to what is written, which refers to its parameters. */
mlp_status mlp_model_describe(const mlp_network *net, const char *kind,
			      struct mlp_tensor_writer *writer);

/* A network being read. */
struct mlp_model {
	mlp_network *net;
	void **places; /* of each tensor of the reader, in its order; NULL: none of the network's */
	size_t count;
	mlp_allocator allocator;
};

/* Make the network that a file describes, but for its parameters. Frees what it made if it fails. */
mlp_status mlp_model_open(const struct mlp_tensor_reader *reader, const mlp_load_options *options,
			  struct mlp_model *model);

/* For mlp_tensor_reader_read(), with a model as context: put a tensor of the network into its place. Tensors
 * beside it have no place, and the sink ignores them. */
void *mlp_model_place(void *context, const struct mlp_tensor *tensor);
mlp_status mlp_model_sink(void *context, const struct mlp_tensor *tensor, int64_t first,
			  int64_t count, const void *elements);

/* Hand over the network, as the status of reading is, in the element type asked for; free the rest. */
mlp_status mlp_model_close(struct mlp_model *model, mlp_status status, mlp_dtype dtype,
			   mlp_network **net);

#endif
