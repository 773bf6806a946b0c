/* The tasks of a run, shared out to workers.
 *
 * A run's indices are cut into one contiguous share per worker. A worker takes indices from its own
 * share and then from those of the others, so that it meets the same data in the next run (its caches
 * are warm), and yet a worker that lost its core holds up no more than the task it has begun.
 *
 * Runs are numbered. A share is one word, its ticket: the run's number above, the next index below; an
 * index is taken by a compare-and-swap of the whole word. So a thread that still looks at an earlier run
 * cannot take anything from a later one, and nobody has to wait for threads that found nothing to do. */
#ifndef MLP_BASE_SHARES_H
#define MLP_BASE_SHARES_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a cache line: what different threads write must not share one. */
enum { MLP_CACHE_LINE = 64 };

/* One task of a run: number `index`, done by worker number `worker`. */
typedef void (*mlp_task)(void *context, size_t index, size_t worker);

struct mlp_share {
	_Alignas(MLP_CACHE_LINE) _Atomic uint64_t ticket;
};

/* Give every share its indices of a run of `tasks` < 2^32. */
void mlp_shares_deal(struct mlp_share *shares, size_t count, unsigned run, size_t tasks);

/* Do tasks of that run as worker `worker` until no share has any left; returns how many were done. */
size_t mlp_shares_work(struct mlp_share *shares, size_t count, unsigned run, size_t tasks,
		       mlp_task task, void *context, size_t worker);

#endif
