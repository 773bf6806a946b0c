/* Orders of rows, each a pure function of a seed. */
#ifndef MLP_TRAINER_SHUFFLE_H
#define MLP_TRAINER_SHUFFLE_H

#include <stdint.h>

/* Shuffle `count` indices for an epoch: every order is as likely as any other. */
void mlp_shuffle(int64_t *order, int64_t count, uint64_t seed, int64_t epoch);

/* Draw `held` of rows 0 .. count - 1: their indices, and those of the others, both rising. */
void mlp_split_rows(int64_t count, int64_t held, uint64_t seed, int64_t *chosen, int64_t *others);

#endif
