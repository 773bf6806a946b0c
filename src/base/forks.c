/* Counting forks. */
#include "base/forks.h"

#include <stdatomic.h>

#include "base/lock.h"

static atomic_uint generation;
static atomic_bool is_watching;

static mlp_mutex after_forks = MLP_MUTEX_INIT;

/* In the child, before it has threads. */
static void count_fork(void)
{
	atomic_fetch_add_explicit(&generation, 1, memory_order_relaxed);
	mlp_mutex_reset(&after_forks);
}

/* Without a lock, which a child might inherit: two threads that come here first together have every fork
 * counted twice, which is as good. */
bool mlp_watch_forks(void)
{
	if (atomic_load(&is_watching))
		return true;
	if (!mlp_in_forked_child(count_fork))
		return false;
	atomic_store(&is_watching, true);
	return true;
}

unsigned mlp_fork_generation(void)
{
	return atomic_load_explicit(&generation, memory_order_relaxed);
}

void mlp_lock_after_forks(void)
{
	mlp_mutex_lock(&after_forks);
}

void mlp_unlock_after_forks(void)
{
	mlp_mutex_unlock(&after_forks);
}
