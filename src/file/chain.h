/* Finding a network in the tensors of a file: a chain of weights and biases. */
#ifndef MLP_FILE_CHAIN_H
#define MLP_FILE_CHAIN_H

#include "file/safetensors.h"

/* The tensors of a layer. */
struct mlp_link {
	const struct mlp_tensor *w, *b; /* n_l x n_(l-1); n_l, or NULL */
};

/* Put the `count` >= 1 tensors (copies, which are sorted) together into layers links[0 .. *layers-1], of which
 * there is room for `count`; the links point to the copies. MLP_ERR_FORMAT, with a tensor's name,
 * if they make no chain, or it is not clear which. */
mlp_status mlp_find_chain(struct mlp_tensor *tensors, size_t count, struct mlp_link *links,
			  size_t *layers);

#endif
