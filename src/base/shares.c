/* Dealing and taking the tasks of a run. */
#include "base/shares.h"

#include <stdbool.h>

static uint64_t ticket_of(unsigned run, size_t index)
{
	return (uint64_t)run << 32 | (uint32_t)index;
}

/* Where share v begins; the first tasks % count of them have one index more. */
static size_t share_begin(size_t tasks, size_t count, size_t v)
{
	size_t extra = tasks % count;
	return v * (tasks / count) + (v < extra ? v : extra);
}

void mlp_shares_deal(struct mlp_share *shares, size_t count, unsigned run, size_t tasks)
{
	for (size_t v = 0; v < count; v++)
		atomic_store_explicit(&shares[v].ticket,
				      ticket_of(run, share_begin(tasks, count, v)),
				      memory_order_relaxed);
}

/* Take the next index of a share; false if none of this run is left there. */
static bool take(struct mlp_share *share, unsigned run, size_t end, size_t *index)
{
	uint64_t ticket = atomic_load_explicit(&share->ticket, memory_order_relaxed);
	while (ticket >> 32 == run && (uint32_t)ticket < end) {
		if (atomic_compare_exchange_weak_explicit(&share->ticket, &ticket, ticket + 1,
							  memory_order_acq_rel,
							  memory_order_relaxed)) {
			*index = (uint32_t)ticket;
			return true;
		}
	}
	return false;
}

size_t mlp_shares_work(struct mlp_share *shares, size_t count, unsigned run, size_t tasks,
		       mlp_task task, void *context, size_t worker)
{
	size_t done = 0, index;
	for (size_t i = 0; i < count; i++) {
		size_t v = (worker + i) % count;
		size_t end = share_begin(tasks, count, v + 1);
		for (; take(&shares[v], run, end, &index); done++)
			task(context, index, worker);
	}
	return done;
}
