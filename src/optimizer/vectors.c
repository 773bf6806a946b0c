/* Arithmetic of vectors in the parameter layout. */
#include "optimizer/vectors.h"

#include <string.h>

#include "base/workers.h"
#include "blas/blas.h"
#include "engine/chunks.h"
#include "engine/flushing.h"

/* One operation; each uses what it needs. */
struct work {
	const struct mlp_space *space;
	/* Elements i .. i + n - 1: the part of a sum that they make, 0 if there is none. */
	double (*piece)(const struct work *work, size_t i, size_t n);
	bool weights_only;
	REAL factor;
	const REAL *from, *other;
	REAL *to;
};

static void work_chunk(void *context, size_t index, size_t worker)
{
	(void)worker;
	const struct work *work = context;
	const mlp_network *net = work->space->net;
	double sum = 0;
	for (size_t l = 1; l <= net->layer_count; l++) {
		struct mlp_range part = mlp_trained_part(&net->layers[l], index);
		if (work->weights_only && part.end > net->layers[l].b_offset)
			part.end = net->layers[l].b_offset;
		for (size_t i = part.begin; i < part.end; i += MLP_BLAS_PIECE) {
			size_t left = part.end - i;
			sum += work->piece(work, i, left < MLP_BLAS_PIECE ? left : MLP_BLAS_PIECE);
		}
	}
	work->space->parts[index] = sum;
}

/* The sum of all parts, in their order. */
static double share_out(const struct work *work)
{
	const struct mlp_space *space = work->space;
	const size_t chunks = mlp_chunk_count(space->net);
	unsigned long long mode = mlp_flushing_begin(space->ws);
	mlp_pool_run(space->ws != NULL ? space->ws->pool : NULL, chunks, work_chunk, (void *)work);
	mlp_flushing_end(space->ws, mode);
	double sum = 0;
	for (size_t i = 0; i < chunks; i++)
		sum += space->parts[i];
	return sum;
}

static double dot_piece(const struct work *work, size_t i, size_t n)
{
	return (double)FN(dot)(n, work->from + i, work->other + i);
}

double FN(vectors_dot)(const struct mlp_space *space, const REAL *a, const REAL *b)
{
	return share_out(&(struct work){.space = space, .piece = dot_piece, .from = a, .other = b});
}

static double add_piece(const struct work *work, size_t i, size_t n)
{
	FN(axpy)(n, work->factor, work->from + i, work->to + i);
	return 0;
}

void FN(vectors_add)(const struct mlp_space *space, double alpha, const REAL *x, REAL *y)
{
	share_out(&(struct work){
		.space = space, .piece = add_piece, .factor = (REAL)alpha, .from = x, .to = y});
}

static double copy_piece(const struct work *work, size_t i, size_t n)
{
	memcpy(work->to + i, work->from + i, n * sizeof(REAL));
	return 0;
}

void FN(vectors_copy)(const struct mlp_space *space, const REAL *from, REAL *to)
{
	share_out(&(struct work){.space = space, .piece = copy_piece, .from = from, .to = to});
}

static double scale_piece(const struct work *work, size_t i, size_t n)
{
	for (size_t k = i; k < i + n; k++)
		work->to[k] *= work->factor;
	return 0;
}

void FN(vectors_scale)(const struct mlp_space *space, double alpha, REAL *x)
{
	share_out(&(struct work){
		.space = space, .piece = scale_piece, .factor = (REAL)alpha, .to = x});
}

static double subtract_piece(const struct work *work, size_t i, size_t n)
{
	for (size_t k = i; k < i + n; k++)
		work->to[k] = work->from[k] - work->other[k];
	return 0;
}

void FN(vectors_subtract)(const struct mlp_space *space, const REAL *a, const REAL *b, REAL *c)
{
	share_out(&(struct work){
		.space = space, .piece = subtract_piece, .from = a, .other = b, .to = c});
}

static double differs_piece(const struct work *work, size_t i, size_t n)
{
	return memcmp(work->from + i, work->other + i, n * sizeof(REAL)) != 0;
}

bool FN(vectors_are_same)(const struct mlp_space *space, const REAL *a, const REAL *b)
{
	return share_out(&(struct work){
		       .space = space, .piece = differs_piece, .from = a, .other = b}) == 0;
}

static double penalty_piece(const struct work *work, size_t i, size_t n)
{
	double sum = 0;
	for (size_t k = i; k < i + n; k++) {
		sum += (double)work->from[k] * (double)work->from[k];
		work->to[k] += work->factor * work->from[k];
	}
	return sum;
}

double FN(vectors_add_penalty)(const struct mlp_space *space, double lambda, bool biases_too,
			       const REAL *w, REAL *g)
{
	return share_out(&(struct work){.space = space,
					.piece = penalty_piece,
					.weights_only = !biases_too,
					.factor = (REAL)lambda,
					.from = w,
					.to = g});
}
