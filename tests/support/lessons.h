/* A few training steps on a small problem, from the network's creation to its end, for threads and children:
 * CMocka's assertions may not be used in those. The same steps always make the same bits. They are large enough to be
 * shared by the workers of a pool. */
#ifndef MLP_TESTS_SUPPORT_LESSONS_H
#define MLP_TESTS_SUPPORT_LESSONS_H

#include <stdbool.h>

#include "support/test.h"

enum {
	LESSON_IN = 48,
	LESSON_HIDDEN = 96,
	LESSON_OUT = 10,
	LESSON_BATCH = 96,
	LESSON_PARAMETERS = (LESSON_IN + 1) * LESSON_HIDDEN + (LESSON_HIDDEN + 1) * LESSON_OUT
};

struct lesson {
	float x[LESSON_BATCH][LESSON_IN];
	int64_t classes[LESSON_BATCH];
	mlp_products products; /* 0: as the library likes */
};

static inline void lesson_fill(struct lesson *lesson, mlp_products products)
{
	uint64_t seed = 5;
	random_fill_f32(&seed, lesson->x[0], (size_t)LESSON_BATCH * LESSON_IN, 1);
	for (int n = 0; n < LESSON_BATCH; n++)
		lesson->classes[n] = lesson->x[n][0] > 0 ? n % 3 : n % LESSON_OUT;
	lesson->products = products;
}

static inline mlp_status lesson_network(mlp_network **net)
{
	const int64_t widths[] = {LESSON_IN, LESSON_HIDDEN, LESSON_OUT};
	mlp_status status = mlp_network_create(MLP_F32, widths, 3, net);
	if (status == MLP_OK)
		status = mlp_network_set_activation(*net, 1, MLP_TANH);
	if (status == MLP_OK)
		status = mlp_network_init(*net, MLP_ALL_LAYERS, MLP_INIT_GLOROT_UNIFORM, 0, 7);
	return status;
}

static inline mlp_status lesson_workspace(const struct lesson *lesson, const mlp_network *net,
					  mlp_pool *pool, mlp_workspace **ws)
{
	mlp_status status = mlp_workspace_create(net, LESSON_BATCH, MLP_TRAINING, ws);
	if (status == MLP_OK)
		status = mlp_workspace_set_tuning(*ws, MLP_TUNING_PRODUCTS, lesson->products);
	if (status == MLP_OK)
		status = mlp_workspace_set_pool(*ws, pool);
	return status;
}

static inline mlp_status lesson_step(const struct lesson *lesson, mlp_network *net,
				     mlp_workspace *ws)
{
	return mlp_train_step_class_f32(net, ws, lesson->x[0], LESSON_IN, lesson->classes, NULL,
					LESSON_BATCH, MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0.1, NULL);
}

/* The whole: `steps` steps on a new network. The parameters that they make. */
static inline mlp_status lesson_take(const struct lesson *lesson, mlp_pool *pool, int steps,
				     float *parameters)
{
	mlp_network *net = NULL;
	mlp_workspace *ws = NULL;
	mlp_status status = lesson_network(&net);
	if (status == MLP_OK)
		status = lesson_workspace(lesson, net, pool, &ws);
	for (int i = 0; i < steps && status == MLP_OK; i++)
		status = lesson_step(lesson, net, ws);
	if (status == MLP_OK)
		status = mlp_network_get_parameters_f32(net, parameters, LESSON_PARAMETERS);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return status;
}

/* Whether the steps succeed and make the bits that are known. */
static inline bool lesson_is_learned(const struct lesson *lesson, mlp_pool *pool, int steps,
				     const float *expected)
{
	float parameters[LESSON_PARAMETERS];
	return lesson_take(lesson, pool, steps, parameters) == MLP_OK &&
	       memcmp(parameters, expected, sizeof(parameters)) == 0;
}

#endif
