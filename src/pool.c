/* Pools: arguments are checked here, the rest is base/workers.c. */
#include "base/affinity.h"
#include "base/status.h"
#include "base/workers.h"

enum { MOST_WORKERS = 1024 };

mlp_status mlp_pool_create(int64_t workers, mlp_pool **pool)
{
	if (pool == NULL)
		return mlp_fail(MLP_ERR_NULL, "pool is NULL");
	*pool = NULL;
	if (workers < 0 || workers > MOST_WORKERS)
		return mlp_fail(MLP_ERR_SIZE, "workers is %, must be in 0 .. %", workers,
				MOST_WORKERS);
	size_t count = (size_t)workers;
	if (count == 0) {
		size_t cores = mlp_usable_cores();
		count = cores < MOST_WORKERS ? cores : MOST_WORKERS;
	}
	return mlp_workers_create(count, pool);
}

mlp_status mlp_pool_create_from(int64_t workers, mlp_parallel_for parallel_for, void *context,
				mlp_pool **pool)
{
	if (pool == NULL)
		return mlp_fail(MLP_ERR_NULL, "pool is NULL");
	*pool = NULL;
	if (parallel_for == NULL)
		return mlp_fail(MLP_ERR_NULL, "parallel_for is NULL");
	if (workers < 1 || workers > MOST_WORKERS)
		return mlp_fail(MLP_ERR_SIZE, "workers is %, must be in 1 .. %", workers,
				MOST_WORKERS);
	return mlp_workers_create_from((size_t)workers, parallel_for, context, pool);
}

void mlp_pool_free(mlp_pool *pool)
{
	if (pool != NULL)
		mlp_workers_free(pool);
}

int64_t mlp_pool_workers(const mlp_pool *pool)
{
	if (pool == NULL)
		return mlp_fail(MLP_ERR_NULL, "pool is NULL");
	return (int64_t)mlp_workers_count(pool);
}

mlp_status mlp_pool_pin(mlp_pool *pool, const int64_t *cpus, int64_t count)
{
	if (pool == NULL)
		return mlp_fail(MLP_ERR_NULL, "pool is NULL");
	if (cpus == NULL)
		return mlp_fail(MLP_ERR_NULL, "cpus is NULL");
	int64_t workers = (int64_t)mlp_workers_count(pool);
	if (count != workers)
		return mlp_fail(MLP_ERR_SIZE, "count is %, the pool has % workers", count, workers);
	if (!mlp_workers_are_own(pool))
		return mlp_fail(MLP_ERR_STATE, "the pool runs on the host's threads");
	if (!mlp_pool_is_usable(pool))
		return mlp_fail(MLP_ERR_STATE, "the pool was inherited through fork");
	if (!mlp_can_bind())
		return mlp_fail(MLP_ERR_SYSTEM, "this system cannot bind threads");
	for (int64_t i = 1; i < workers; i++)
		if (!mlp_workers_bind(pool, (size_t)i, cpus[i]))
			return mlp_fail(MLP_ERR_VALUE, "cpus[%] is %, no processor allowed here", i,
					cpus[i]);
	return MLP_OK;
}

int64_t mlp_pool_tasks(const mlp_pool *pool, int64_t worker)
{
	if (pool == NULL)
		return mlp_fail(MLP_ERR_NULL, "pool is NULL");
	int64_t workers = (int64_t)mlp_workers_count(pool);
	if (worker < 0 || worker >= workers)
		return mlp_fail(MLP_ERR_INDEX, "worker is %, the pool has %", worker, workers);
	return (int64_t)mlp_workers_tasks(pool, (size_t)worker);
}
