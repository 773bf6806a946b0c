/** @file
 * Pools of workers. <mlp/mlp.h> includes it. */
#ifndef MLP_POOL_H
#define MLP_POOL_H

#include <stdint.h>

#include <mlp/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup pool Pools of workers
 *
 * Without a pool a computation runs on the caller's thread alone. A pool given to a workspace lets
 * several threads share every computation in it. The results have the same bits with any number of
 * workers, and without a pool (but see #MLP_PRODUCTS_WHOLE, for which a threaded BLAS may wake threads
 * and cut by their number).
 * @{ */

/** Threads that compute: the caller's and, in a pool of n workers, n - 1 more. Made, owned and freed by
 * the caller; it may serve any number of workspaces. Computations that several threads begin on one
 * pool at the same time take turns (on the host's threads they go side by side), so each of them still
 * waits for its own result only.
 *
 * Workers wait by looking for work for some microseconds, then they sleep (at once where the pool has
 * more workers than there are processors). They block all signals but
 * those of a fault (SIGSEGV and its kind), so that none of the host's is delivered to them. After a fork
 * the child has no workers: it may free the pool it inherited, ask for its numbers, and take it from
 * a workspace; computing with it, binding it, or giving it to a workspace is #MLP_ERR_STATE. */
typedef struct mlp_pool mlp_pool;

/** Create a pool and start its threads.
 * @param workers  threads that compute, the caller's included: 1 .. 1024; 0: as many as there are
 *                 processors that the calling thread may run on (hyperthreads count; quotas of
 *                 containers do not)
 * @param pool     receives the pool, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE for a number out of range; MLP_ERR_MEMORY; MLP_ERR_SYSTEM
 *         if the system starts no more threads
 * @since 0.1 */
MLP_API mlp_status mlp_pool_create(int64_t workers, mlp_pool **pool);

/** What a host's mlp_parallel_for is to call. */
typedef void (*mlp_job)(void *job_data, int64_t index);

/** A host's own way to run jobs: call job(job_data, i) once for every i in 0 .. count - 1, on any
 * threads, in any order, side by side or one after the other, and return when all have returned. Jobs do not
 * wait for each other. It must not throw C++ exceptions or jump out. */
typedef void (*mlp_parallel_for)(void *context, int64_t count, mlp_job job, void *job_data);

/** Create a pool that runs on the threads of the host (OpenMP, TBB, the job system of a game) and starts
 * none of its own. The host's function is not called for work that is not worth sharing.
 * @param workers       jobs to ask for at a time, 1 .. 1024: the threads that the host would use
 * @param parallel_for  the host's function; may be called from every thread that computes
 * @param context       passed to parallel_for as it is
 * @param pool          receives the pool, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_pool_create_from(int64_t workers, mlp_parallel_for parallel_for,
					void *context, mlp_pool **pool);

/** End the threads of a pool and free it; NULL is allowed. No workspace may be computing with it;
 * workspaces that it was given to must be given another, or none, before they compute again. In a
 * child after fork it only gives the memory back. @since 0.1 */
MLP_API void mlp_pool_free(mlp_pool *pool);

/** Number of workers, the caller's thread included; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_pool_workers(const mlp_pool *pool);

/** Bind the threads that the pool started to processors: worker i to cpus[i]. Worker 0, the caller's
 * thread, is left alone: cpus[0] is not used.
 * @param pool   pool made by mlp_pool_create()
 * @param cpus   one processor number for each worker
 * @param count  mlp_pool_workers(pool)
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE for another count; MLP_ERR_VALUE for a processor that does
 *         not exist or is not allowed (some threads may have been bound then); MLP_ERR_STATE for a pool
 *         on the host's threads, or after fork; MLP_ERR_SYSTEM where the system cannot bind threads
 * @since 0.1 */
MLP_API mlp_status mlp_pool_pin(mlp_pool *pool, const int64_t *cpus, int64_t count);

/** Tasks that a worker has run since the pool was made: how evenly the work is shared out. Work too small to
 * share is not always counted. On a host's threads worker i is job i.
 * @param pool    pool
 * @param worker  0 (the caller's thread, whichever thread that was) .. workers - 1
 * @return the number, >= 0; MLP_ERR_NULL; MLP_ERR_INDEX
 * @since 0.1 */
MLP_API int64_t mlp_pool_tasks(const mlp_pool *pool, int64_t worker);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
