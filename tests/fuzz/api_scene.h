/* What the target of call sequences plays with: a few handles, and the bytes that say what is done with them. */
#ifndef MLP_TESTS_FUZZ_API_SCENE_H
#define MLP_TESTS_FUZZ_API_SCENE_H

#include <mlp/mlp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NETWORKS = 3, WORKSPACES = 4, OPTIMIZERS = 3, POOLS = 2, MOST_WIDTH = 7, MOST_ROWS = 9 };

struct scene {
	const uint8_t *at, *end; /* bytes still to be taken */
	uint64_t random;         /* state of the numbers that fill arrays */
	mlp_network *nets[NETWORKS];
	void *shadows[NETWORKS]; /* their parameters, as they have to be */
	mlp_workspace *spaces[WORKSPACES];
	mlp_optimizer *optimizers[OPTIMIZERS];
	mlp_live *live;
	const mlp_network *held; /* acquired from it */
	mlp_pool *pools[POOLS];  /* there for all scenes; the first one has a thread of its own */
	mlp_allocator allocator; /* one that has little, and counts */
	size_t blocks;
};

void scene_begin(struct scene *scene, const uint8_t *data, size_t size);
void scene_end(struct scene *scene);

/* 0 .. n - 1 by the next byte; 0 when there are no more. */
unsigned take(struct scene *scene, unsigned n);

/* Whether something rare is to happen: once in `n`. */
bool rarely(struct scene *scene, unsigned n);

/* Numbers that are mostly legal. */
int64_t take_layer(struct scene *scene, const mlp_network *net);
int64_t take_batch(struct scene *scene);
double take_real(struct scene *scene);

/* Handles. A network to compute with may be the one that is held, or NULL; one to change is of the scene, or NULL. It is
 * mostly of this element type (0: any). */
mlp_network *take_network(struct scene *scene, mlp_dtype dtype);
const mlp_network *take_const_network(struct scene *scene, mlp_dtype dtype);
mlp_workspace *take_workspace(struct scene *scene, const mlp_network *net);

/* Widths of a network, or of none. */
size_t width_in(const mlp_network *net);
size_t width_out(const mlp_network *net);
size_t parameter_bytes(const mlp_network *net);

/* After every call: its status is one of those allowed (a list that ends with MLP_OK), a failure has a line, and no
 * network has other parameters than before but `changed` after success; NULL: none. */
void check_call(struct scene *scene, const char *what, mlp_status status, const mlp_status *allowed,
		const mlp_network *changed);

/* Take note of a network's parameters as they are now. */
void shadow(struct scene *scene, size_t i);

/* Ways to end a list of statuses. */
#define ALLOWED(...) ((const mlp_status[]){__VA_ARGS__, MLP_OK})

/* Kinds of calls; each takes what it needs from the scene. */
void play_networks(struct scene *scene);
void play_settings(struct scene *scene);
void play_scaling(struct scene *scene);
void play_workspaces(struct scene *scene);
void play_optimizers(struct scene *scene);
void play_live(struct scene *scene);
void play_files(struct scene *scene);
void play_forward_f32(struct scene *scene);
void play_forward_f64(struct scene *scene);
void play_backward_f32(struct scene *scene);
void play_backward_f64(struct scene *scene);
void play_arrays_f32(struct scene *scene);
void play_arrays_f64(struct scene *scene);
void play_steps_f32(struct scene *scene);
void play_steps_f64(struct scene *scene);
void play_rules_f32(struct scene *scene);
void play_rules_f64(struct scene *scene);
void play_derivatives_f32(struct scene *scene);
void play_derivatives_f64(struct scene *scene);
void play_trainer_f32(struct scene *scene);
void play_trainer_f64(struct scene *scene);

#endif
