/* What a network and a workspace are made of. Everything is plain data: the rules are in the files
 * that create and use them. */
#ifndef MLP_ENGINE_OBJECTS_H
#define MLP_ENGINE_OBJECTS_H

#include <mlp/mlp.h>
#include <stdbool.h>

/* Bytes of one element; 0 for an unknown dtype. */
static inline size_t mlp_dtype_size(mlp_dtype dtype)
{
	return dtype == MLP_F32 ? sizeof(float) : dtype == MLP_F64 ? sizeof(double) : 0;
}

/* Layer l: n_in = n_(l-1), n_out = n_l. Offsets count elements of the parameter block. */
struct mlp_layer {
	size_t n_in, n_out;
	size_t w_offset, b_offset;
	mlp_activation activation;
	double parameter; /* of the activation */
	bool has_bias, is_frozen;
};

struct mlp_network {
	mlp_allocator allocator;
	size_t bytes; /* of the whole arena, this struct included */
	uint64_t id;  /* of this network as it is now: a new one whenever something is set */
	mlp_dtype dtype;
	size_t layer_count;       /* L */
	size_t parameter_count;   /* elements of the block */
	void *parameters;         /* w(1) b(1) w(2) b(2) ... */
	struct mlp_layer *layers; /* [1 .. L]; [0] is not used */
};

/* The quantities of the lecture for layer l, over the whole batch, block after block: each block of
 * up to block_rows samples is a width x rows matrix without gaps (feature by feature). In an
 * inference workspace there is room for one block, and layers share it. NULL: not kept. */
struct mlp_block_storage {
	size_t width;
	void *x;  /* activations x(l) */
	void *s;  /* summations s(l); the same memory as x where s is not needed afterwards */
	void *dx; /* dl/dx(l); the same memory as ds but in trace mode */
	void *ds; /* dl/ds(l) */
};

/* What the last computation left in a workspace. */
struct mlp_progress {
	uint64_t network_id; /* of the network, as it was in the forward pass */
	size_t batch;
	bool forward;      /* x and s are there */
	bool backward;     /* dx and ds are there */
	bool output_dx;    /* dx(L) among them */
	bool can_backward; /* a training workspace, and every number was finite */
};

struct mlp_workspace {
	mlp_allocator allocator;
	size_t bytes; /* of the whole arena, this struct included */
	mlp_dtype dtype;
	mlp_mode mode;
	size_t max_batch, block_rows;
	size_t layer_count;
	struct mlp_block_storage *layers; /* [0 .. L] */
	void *rows_y;                     /* one block of outputs, sample by sample */
	void *rows_dy;  /* one block of gradients at the output, sample by sample */
	double *losses; /* of every row of the batch */
	struct mlp_progress progress;
};

#endif
