/* The ways in which a workspace may be told to compute, and crews of workers for it. */
#ifndef MLP_TESTS_PROPERTY_SETTINGS_H
#define MLP_TESTS_PROPERTY_SETTINGS_H

#include "support/host.h"
#include "support/test.h"

/* 0: libmlp's own choice. */
struct setting {
	int64_t products, schedule, instructions;
};

enum { MOST_SETTINGS = 16 };

static inline void setting_apply(mlp_workspace *ws, struct setting setting)
{
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_PRODUCTS, setting.products));
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_SCHEDULE, setting.schedule));
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_INSTRUCTIONS, setting.instructions));
}

/* Libmlp's own choice, every way to compute products under both schedules, and libmlp's own kernels with
 * every instruction set that this processor has; ws is only asked. Returns how many. */
static inline size_t settings_list(mlp_workspace *ws, struct setting list[MOST_SETTINGS])
{
	size_t count = 0;
	list[count++] = (struct setting){0, 0, 0};
	for (int64_t schedule = MLP_SCHEDULE_SAMPLES; schedule <= MLP_SCHEDULE_OUTPUTS;
	     schedule++) {
		for (int64_t set = MLP_INSTRUCTIONS_BASELINE; set <= MLP_INSTRUCTIONS_AVX512; set++)
			if (mlp_workspace_set_tuning(ws, MLP_TUNING_INSTRUCTIONS, set) == MLP_OK)
				list[count++] = (struct setting){MLP_PRODUCTS_OWN, schedule, set};
		list[count++] = (struct setting){MLP_PRODUCTS_TILES, schedule, 0};
		list[count++] = (struct setting){MLP_PRODUCTS_WHOLE, schedule, 0};
	}
	setting_apply(ws, list[0]);
	return count;
}

/* Pools of 1, 2, 3 and 5 workers, and hosts that run jobs in turn, forwards and backwards. */
enum { CREWS = 6 };

static inline void crews_create(mlp_pool *pools[CREWS])
{
	const int64_t workers[] = {1, 2, 3, 5};
	for (size_t i = 0; i < 4; i++)
		assert_ok(mlp_pool_create(workers[i], &pools[i]));
	assert_ok(mlp_pool_create_from(3, host_serial, NULL, &pools[4]));
	assert_ok(mlp_pool_create_from(4, host_reversed, NULL, &pools[5]));
}

static inline void crews_free(mlp_pool *pools[CREWS])
{
	for (size_t i = 0; i < CREWS; i++)
		mlp_pool_free(pools[i]);
}

#endif
