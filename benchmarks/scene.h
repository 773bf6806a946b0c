/* What a measurement is made on: a network, data, and who computes with them. */
#ifndef BENCH_SCENE_H
#define BENCH_SCENE_H

#include "options.h"
#include "ours.h"
#include "plain.h"
#include "real.h"

struct FN(scene) {
	mlp_network *net; /* the start: ours and plain have copies */
	REAL *x, *target; /* random, the same in every run */
	struct FN(ours) ours;
	struct FN(plain) plain;
};

/* A network with random weights. Both learning rates are tiny. */
void FN(scene_init)(struct FN(scene) * scene, const struct options *options, const struct net *net,
		    int64_t batch, int64_t workers);

/* The same with the first layer's weights so small, and targets 0, that activations and deltas of every layer
 * are denormal numbers. */
void FN(scene_init_denormal)(struct FN(scene) * scene, const struct options *options,
			     const struct net *net, int64_t batch, int64_t workers);

void FN(scene_free)(struct FN(scene) * scene);

#endif
