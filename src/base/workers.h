/* A team of threads that shares out tasks: what a mlp_pool is. Knows nothing of networks.
 *
 * Worker 0 is the thread that calls mlp_pool_run(). The others are threads of the team's own, which
 * live as long as it does, or jobs that the host's parallel_for runs. */
#ifndef MLP_BASE_WORKERS_H
#define MLP_BASE_WORKERS_H

#include <stdbool.h>

#include <mlp/mlp.h>

#include "base/shares.h"

/* Do task(context, i, worker) once for every i < count < 2^32 and return when all are done; everything
 * that they wrote is visible then. Which worker does which task is a matter of chance, though each
 * begins with its own share: the same indices in every run of the same count. A worker does one task
 * at a time. The tasks compute in the caller's floating-point mode (base/float_mode.h), whichever thread
 * they are on.
 *
 * Without a pool (NULL), with one worker or for one task this is a plain loop. Runs of several threads
 * on one pool take turns; on a host's threads they go side by side. A task must not begin a run. */
void mlp_pool_run(mlp_pool *pool, size_t count, mlp_task task, void *context);

/* Whether mlp_pool_run() may be called: not in a child that inherited the pool through fork. NULL is
 * usable. */
bool mlp_pool_is_usable(const mlp_pool *pool);

/* A team of `count` >= 1 with threads of its own; *pool is NULL on failure. */
mlp_status mlp_workers_create(size_t count, mlp_pool **pool);

/* A team of `count` >= 1 jobs on the host's threads; *pool is NULL on failure. */
mlp_status mlp_workers_create_from(size_t count, mlp_parallel_for parallel_for, void *context,
				   mlp_pool **pool);

/* End the threads, free the memory; the memory alone where the team was inherited through fork. */
void mlp_workers_free(mlp_pool *pool);

/* Number of workers, the caller's thread included. */
size_t mlp_workers_count(const mlp_pool *pool);

/* Whether the threads are the team's own. */
bool mlp_workers_are_own(const mlp_pool *pool);

/* Bind worker `worker` >= 1 of a team with threads of its own to a processor; false if refused. */
bool mlp_workers_bind(mlp_pool *pool, size_t worker, int64_t cpu);

/* Tasks that a worker has done. */
uint64_t mlp_workers_tasks(const mlp_pool *pool, size_t worker);

#endif
