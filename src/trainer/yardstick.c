/* By what the epochs of a trainer are compared: a fingerprint, so that it shows when that has become another. */
#include <math.h>
#include <string.h>

#include "trainer/trainer.h"

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15); /* 2^64 / the golden ratio, odd */
	return hash ^ hash >> 32;
}

static uint64_t mix_bytes(uint64_t hash, const void *data, size_t bytes)
{
	const char *from = data;
	uint64_t word;
	for (; bytes >= sizeof(word); bytes -= sizeof(word), from += sizeof(word)) {
		memcpy(&word, from, sizeof(word));
		hash = mix(hash, word);
	}
	word = 0;
	memcpy(&word, from, bytes);
	return mix(hash, word);
}

static uint64_t mix_row(const struct mlp_session *session, uint64_t hash,
			const struct mlp_rows *rows, size_t n)
{
	const size_t size = mlp_dtype_size(session->net->dtype);
	const char *x = rows->x, *values = rows->values, *weight = rows->weight;
	hash = mix_bytes(hash, x + n * (size_t)rows->ld_x * size,
			 session->net->layers[1].n_in * size);
	if (values != NULL)
		hash = mix_bytes(hash, values + n * (size_t)rows->ld_target * size,
				 session->trainer->width * size);
	if (rows->classes != NULL)
		hash = mix(hash, (uint64_t)rows->classes[n]);
	return weight != NULL ? mix_bytes(hash, weight + n * size, size) : mix(hash, 1);
}

uint64_t mlp_session_yardstick(const struct mlp_session *session)
{
	const struct mlp_trainer *trainer = session->trainer;
	const struct mlp_rows *given = &trainer->validation, *data = &trainer->feed.rows;
	uint64_t hash = mix((uint64_t)trainer->monitor, (uint64_t)session->loss);
	hash = mix_bytes(hash, &session->loss_parameter, sizeof(session->loss_parameter));
	hash = mix(hash, given->count > 0 ? (uint64_t)given->count : (uint64_t)session->held);
	for (int64_t n = 0; n < given->count; n++)
		hash = mix_row(session, hash, given, (size_t)n);
	for (int64_t n = 0; n < session->held; n++)
		hash = mix_row(session, hash, data, (size_t)session->validation[n]);
	if (given->count == 0 && session->held == 0) /* the training rows: by which pass */
		hash = mix(hash, trainer->items[MLP_TRAINER_MEASURE_TRAINING] != 0);
	return hash;
}

void mlp_trainer_forget_best(struct mlp_trainer *trainer)
{
	struct mlp_position *position = &trainer->position;
	position->best_epoch = position->bad_epochs = 0;
	position->best_value = 0;
	trainer->schedule.plateau[MLP_PLATEAU_BEST] = (double)INFINITY;
	trainer->schedule.plateau[MLP_PLATEAU_BAD] = 0;
}
