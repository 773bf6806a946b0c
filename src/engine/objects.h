/* What a network and a workspace are made of. Everything is plain data: the rules are in the files
 * that create and use them. */
#ifndef MLP_ENGINE_OBJECTS_H
#define MLP_ENGINE_OBJECTS_H

#include <mlp/mlp.h>
#include <stdbool.h>

#include "engine/rule.h"

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
	double dropout;   /* rate at which units of x(l) are dropped */
	bool has_bias, is_frozen;
};

struct mlp_note;

/* How raw values become those that the layers see: x' = (x - shift) / scale for each of `count` features. */
struct mlp_affine {
	bool is_set;
	size_t count;
	double *shift, *scale; /* as they were given */
	/* what is computed with, in the network's element type: shift, scale and 1 / scale */
	void *minus, *by, *inverse;
};

/* What the data covers: the smallest and the largest value of each input. */
struct mlp_domain {
	bool is_set;
	double *lowest, *highest;
};

/* Which units a pass drops: see dropout.h. */
struct mlp_dropout_pass {
	bool is_on;
	uint64_t seed, number;
};

struct mlp_network {
	mlp_allocator allocator;
	size_t bytes; /* of the whole arena, this struct included */
	uint64_t
		id; /* of this network as it is now: a new one whenever what it computes may change */
	mlp_dtype dtype;
	size_t layer_count;       /* L */
	size_t parameter_count;   /* elements of the block */
	void *parameters;         /* w(1) b(1) w(2) b(2) ... */
	struct mlp_layer *layers; /* [1 .. L]; of [0] the dropout alone */
	struct mlp_note **notes;  /* notes.c */
	size_t note_count, note_capacity;
	struct mlp_affine input, output;
	struct mlp_domain domain;
};

/* The quantities of the lecture for layer l, over the whole batch, block after block: each block of
 * samples is a width x lanes matrix without gaps (feature by feature). An inference workspace keeps
 * two buffers, which layers use in turn. NULL: not kept. */
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
	bool forward;                    /* x and s are there */
	bool backward;                   /* dx and ds are there */
	bool output_dx;                  /* dx(L) among them */
	bool can_backward;               /* a training workspace, and every number was finite */
	struct mlp_dropout_pass dropout; /* what x was made with */
};

/* The buffers that an inference workspace uses in turn: of even and of odd layers, and the logits. */
enum { MLP_EVEN, MLP_ODD, MLP_LOGITS, MLP_TURNS };

/* What one worker computes with, for one block. */
struct mlp_scratch {
	void *tile;             /* see kernels/sizes.h */
	void *rows_y, *rows_dy; /* outputs and gradients at the output, sample by sample */
	void *target;           /* of one sample, scaled */
	void *turns[MLP_TURNS]; /* inference */
	void *dw; /* training: gradient of a part of a tile, that of its biases behind */
};

/* What the sizes of a workspace depend on. */
struct mlp_shape {
	size_t size, last, max_batch; /* bytes of an element, L, rows */
	mlp_mode mode;
	size_t widest[MLP_TURNS]; /* of the layers that use a turn */
	size_t deepest;           /* of all layers */
	size_t largest;           /* parameters of a layer */
};

struct mlp_kernels; /* of the element type: kernels/kernels.h */

struct mlp_workspace {
	mlp_allocator allocator;
	size_t bytes; /* of the whole arena, this struct included */
	mlp_dtype dtype;
	mlp_mode mode;
	size_t max_batch, layer_count;
	struct mlp_shape shape;
	struct mlp_block_storage *layers; /* [0 .. L] */
	double *losses;                   /* of every row of the batch */
	struct mlp_progress progress;
	struct mlp_dropout_pass dropout; /* of the next call that trains; is_on is not used */

	const struct mlp_kernels *kernels;
	struct mlp_rule rule;
	mlp_schedule schedule; /* 0: by the rule */
	mlp_products products; /* what was asked for; 0: by the rule */
	mlp_instructions instructions;
	bool flushes_denormals;

	mlp_pool *pool;
	struct mlp_scratch own_scratch; /* of the caller's thread */
	struct mlp_scratch *scratch;    /* of each worker */
	void *crew;                     /* memory for the workers of a pool; NULL: none */
	size_t crew_bytes;
};

/* Multiply-adds of a forward pass. */
static inline double mlp_forward_work(const mlp_workspace *ws, size_t batch)
{
	double work = 0;
	for (size_t l = 1; l <= ws->layer_count; l++)
		work += mlp_product_work(ws->layers[l].width, ws->layers[l - 1].width, batch);
	return work;
}

/* How a batch is shared out: as asked for, or by the rule. Long batches go by samples always. */
static inline mlp_schedule mlp_schedule_of(const mlp_workspace *ws, size_t batch)
{
	return ws->schedule != 0 && batch <= MLP_HELD_ROWS
		       ? ws->schedule
		       : mlp_schedule_for(batch, mlp_forward_work(ws, batch));
}

#endif
