/* A team of threads.
 *
 * A run's indices are cut into one contiguous range per worker. A worker takes indices from its own
 * range and then from those of the others, so that it meets the same data in the next run (its caches
 * are warm), and yet a worker that lost its core holds up no more than the task it has begun.
 *
 * Runs are numbered. A range is one word, its ticket: the run's number above, the next index below; an
 * index is taken by a compare-and-swap of the whole word. So a thread that still looks at an earlier run
 * cannot take anything from a later one, and nobody has to wait for threads that found nothing to do:
 * a run is over when `finished` has reached its count.
 *
 * The order of writes in publish() and of reads in work() is what makes this safe: a thread that sees
 * any part of a later run's description will also see that run's tickets, and take none. */
#include "base/workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "base/affinity.h"
#include "base/alloc.h"
#include "base/bell.h"
#include "base/float_mode.h"
#include "base/lock.h"
#include "base/status.h"

enum {
	LINE = 64, /* bytes of a cache line: what different threads write must not share one */
	HOST_MOST_RANGES = 64 /* on the stack of a run on the host's threads */
};

struct range {
	_Alignas(LINE) _Atomic uint64_t ticket;
};

/* A member of the team. */
struct worker {
	_Alignas(LINE) _Atomic uint64_t tasks; /* done since the team was made */
	mlp_pool *pool;
	size_t number;
	pthread_t thread;
};

struct mlp_pool {
	size_t bytes, count;
	unsigned generation; /* of processes: see fork_generation */
	bool spins;          /* there is a core for each worker */

	mlp_parallel_for parallel_for; /* the host's threads; NULL: our own */
	void *host;

	mlp_mutex turn; /* one run at a time */
	struct worker *workers;
	struct range *ranges;

	/* The run that is on: written before `run`, read after it. */
	_Alignas(LINE) atomic_uint run; /* its number */
	atomic_bool ends;               /* there will be no more */
	_Atomic mlp_task task;
	void *_Atomic context;
	_Atomic size_t tasks;
	_Atomic unsigned long long mode; /* the caller's floating-point mode */

	_Alignas(LINE) atomic_uint finished; /* tasks of this run that are done */

	_Alignas(LINE) struct mlp_bell begun; /* for workers: `run` has changed */
	_Alignas(LINE) struct mlp_bell done;  /* for the caller: `finished` is complete */
};

/* ---- Forks ---- */

/* How many forks lie between the first process and this one. */
static atomic_uint fork_generation;
static mlp_mutex fork_mutex = MLP_MUTEX_INIT;
static bool forks_are_watched;

static void count_fork(void)
{
	atomic_fetch_add_explicit(&fork_generation, 1, memory_order_relaxed);
}

/* From the first pool on; false if out of memory. */
static bool watch_forks(void)
{
	mlp_mutex_lock(&fork_mutex);
	if (!forks_are_watched)
		forks_are_watched = mlp_in_forked_child(count_fork);
	bool watched = forks_are_watched;
	mlp_mutex_unlock(&fork_mutex);
	return watched;
}

bool mlp_pool_is_usable(const mlp_pool *pool)
{
	return pool == NULL ||
	       pool->generation == atomic_load_explicit(&fork_generation, memory_order_relaxed);
}

/* ---- Taking tasks ---- */

static uint64_t ticket_of(unsigned run, size_t index)
{
	return (uint64_t)run << 32 | (uint32_t)index;
}

/* Where range v begins; the first tasks % ranges of them have one index more. */
static size_t range_begin(size_t tasks, size_t ranges, size_t v)
{
	size_t extra = tasks % ranges;
	return v * (tasks / ranges) + (v < extra ? v : extra);
}

/* Give every range its indices of a run. */
static void deal(struct range *ranges, size_t range_count, unsigned run, size_t tasks)
{
	for (size_t v = 0; v < range_count; v++)
		atomic_store_explicit(&ranges[v].ticket,
				      ticket_of(run, range_begin(tasks, range_count, v)),
				      memory_order_relaxed);
}

/* Take the next index of a range; false if none of this run is left there. */
static bool take(struct range *range, unsigned run, size_t end, size_t *index)
{
	uint64_t ticket = atomic_load_explicit(&range->ticket, memory_order_relaxed);
	while (ticket >> 32 == run && (uint32_t)ticket < end) {
		if (atomic_compare_exchange_weak_explicit(&range->ticket, &ticket, ticket + 1,
							  memory_order_acq_rel,
							  memory_order_relaxed)) {
			*index = (uint32_t)ticket;
			return true;
		}
	}
	return false;
}

/* Do tasks as worker `worker` until no range has any left; returns how many were done. */
static size_t do_tasks(struct range *ranges, size_t range_count, unsigned run, size_t tasks,
		       mlp_task task, void *context, size_t worker)
{
	size_t done = 0, index;
	for (size_t i = 0; i < range_count; i++) {
		size_t v = (worker + i) % range_count;
		size_t end = range_begin(tasks, range_count, v + 1);
		for (; take(&ranges[v], run, end, &index); done++)
			task(context, index, worker);
	}
	return done;
}

static void count_tasks(mlp_pool *pool, size_t worker, size_t done)
{
	if (done > 0)
		atomic_fetch_add_explicit(&pool->workers[worker].tasks, done, memory_order_relaxed);
}

/* ---- Threads of our own ---- */

/* Tickets first, the description next, the number last. */
static unsigned publish(mlp_pool *pool, size_t tasks, mlp_task task, void *context)
{
	unsigned run = atomic_load_explicit(&pool->run, memory_order_relaxed) + 1;
	atomic_store_explicit(&pool->finished, 0, memory_order_relaxed);
	deal(pool->ranges, pool->count, run, tasks);
	atomic_store_explicit(&pool->task, task, memory_order_release);
	atomic_store_explicit(&pool->context, context, memory_order_release);
	atomic_store_explicit(&pool->tasks, tasks, memory_order_release);
	atomic_store_explicit(&pool->mode, mlp_float_mode(), memory_order_release);
	atomic_store(&pool->run, run);
	mlp_bell_ring(&pool->begun);
	return run;
}

/* A worker's part in run number `run`, which may be over already. */
static void work(mlp_pool *pool, unsigned run, size_t worker)
{
	mlp_task task = atomic_load_explicit(&pool->task, memory_order_acquire);
	void *context = atomic_load_explicit(&pool->context, memory_order_acquire);
	size_t tasks = atomic_load_explicit(&pool->tasks, memory_order_acquire);
	mlp_set_float_mode(atomic_load_explicit(&pool->mode, memory_order_acquire));
	size_t done = do_tasks(pool->ranges, pool->count, run, tasks, task, context, worker);
	if (done == 0)
		return; /* of this run nothing may be touched any more */
	count_tasks(pool, worker, done);
	if (atomic_fetch_add(&pool->finished, (unsigned)done) + done == tasks)
		mlp_bell_ring(&pool->done);
}

static void run_on_own_threads(mlp_pool *pool, size_t tasks, mlp_task task, void *context)
{
	mlp_mutex_lock(&pool->turn);
	unsigned run = publish(pool, tasks, task, context);
	size_t done = do_tasks(pool->ranges, pool->count, run, tasks, task, context, 0);
	count_tasks(pool, 0, done);
	unsigned finished = atomic_fetch_add(&pool->finished, (unsigned)done) + (unsigned)done;
	while (finished != tasks) {
		mlp_bell_wait(&pool->done, &pool->finished, finished, pool->spins);
		finished = atomic_load_explicit(&pool->finished, memory_order_acquire);
	}
	mlp_mutex_unlock(&pool->turn);
}

static void *live(void *argument)
{
	const struct worker *self = argument;
	mlp_pool *pool = self->pool;
	unsigned run = 0;
	for (;;) {
		mlp_bell_wait(&pool->begun, &pool->run, run, pool->spins);
		run = atomic_load_explicit(&pool->run, memory_order_acquire);
		if (atomic_load_explicit(&pool->ends, memory_order_relaxed))
			return NULL;
		work(pool, run, self->number);
	}
}

/* Start a thread that no signal of the host's reaches. Signals of a fault stay open: the host may have
 * a handler that brings in the page which a worker asked for. */
static bool start(struct worker *worker)
{
	sigset_t blocked, before;
	sigfillset(&blocked);
	sigdelset(&blocked, SIGSEGV);
	sigdelset(&blocked, SIGBUS);
	sigdelset(&blocked, SIGFPE);
	sigdelset(&blocked, SIGILL);
	sigdelset(&blocked, SIGTRAP);
	pthread_sigmask(SIG_SETMASK, &blocked, &before);
	int error = pthread_create(&worker->thread, NULL, live, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error == 0;
}

/* End the first `count` workers, number 0 not among them. */
static void end(mlp_pool *pool, size_t count)
{
	atomic_store_explicit(&pool->ends, true, memory_order_relaxed);
	atomic_fetch_add(&pool->run, 1);
	mlp_bell_ring(&pool->begun);
	for (size_t i = 1; i < count; i++)
		pthread_join(pool->workers[i].thread, NULL);
	mlp_bell_free(&pool->begun);
	mlp_bell_free(&pool->done);
}

/* ---- The host's threads ---- */

/* One run, on the stack of the thread that began it: a host's thread that waits for its jobs may begin
 * another run on the same pool meanwhile. */
struct host_run {
	mlp_pool *pool;
	size_t tasks;
	mlp_task task;
	void *context;
	unsigned long long mode;
	size_t range_count;
	struct range ranges[HOST_MOST_RANGES];
};

static size_t host_work(struct host_run *run, size_t worker)
{
	size_t done = do_tasks(run->ranges, run->range_count, 0, run->tasks, run->task,
			       run->context, worker);
	count_tasks(run->pool, worker, done);
	return done;
}

static void host_job(void *data, int64_t index)
{
	struct host_run *run = data;
	if (index < 0 || (size_t)index >= run->pool->count)
		return;
	unsigned long long before = mlp_float_mode();
	mlp_set_float_mode(run->mode);
	host_work(run, (size_t)index);
	mlp_set_float_mode(before);
}

static void run_on_host_threads(mlp_pool *pool, size_t tasks, mlp_task task, void *context)
{
	struct host_run run = {.pool = pool,
			       .tasks = tasks,
			       .task = task,
			       .context = context,
			       .mode = mlp_float_mode(),
			       .range_count = pool->count < HOST_MOST_RANGES ? pool->count
									     : HOST_MOST_RANGES};
	deal(run.ranges, run.range_count, 0, tasks);
	size_t jobs = tasks < pool->count ? tasks : pool->count;
	pool->parallel_for(pool->host, (int64_t)jobs, host_job, &run);
	host_work(&run, 0); /* what is left if the host left jobs out */
}

/* ---- Teams ---- */

static mlp_status create(size_t count, mlp_pool **pool)
{
	*pool = NULL;
	if (!watch_forks())
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for a fork handler");
	mlp_allocator allocator;
	mlp_allocator_copy(NULL, &allocator);
	size_t workers = sizeof(mlp_pool), ranges = workers + count * sizeof(struct worker);
	size_t bytes = ranges + count * sizeof(struct range);
	void *memory;
	mlp_status status = mlp_allocate(&allocator, bytes, &memory);
	if (status != MLP_OK)
		return status;
	memset(memory, 0, bytes);
	mlp_pool *made = memory;
	made->bytes = bytes;
	made->count = count;
	made->generation = atomic_load_explicit(&fork_generation, memory_order_relaxed);
	made->spins = count <= mlp_usable_cores();
	made->workers = (struct worker *)((char *)memory + workers);
	made->ranges = (struct range *)((char *)memory + ranges);
	for (size_t i = 0; i < count; i++) {
		made->workers[i].pool = made;
		made->workers[i].number = i;
	}
	*pool = made;
	return MLP_OK;
}

static void release(mlp_pool *pool)
{
	mlp_allocator allocator;
	mlp_allocator_copy(NULL, &allocator);
	mlp_deallocate(&allocator, pool, pool->bytes);
}

mlp_status mlp_workers_create(size_t count, mlp_pool **pool)
{
	mlp_status status = create(count, pool);
	if (status != MLP_OK)
		return status;
	mlp_mutex_reset(&(*pool)->turn);
	mlp_bell_create(&(*pool)->begun);
	mlp_bell_create(&(*pool)->done);
	for (size_t i = 1; i < count; i++) {
		if (!start(&(*pool)->workers[i])) {
			end(*pool, i);
			release(*pool);
			*pool = NULL;
			return mlp_fail(MLP_ERR_SYSTEM, "the system starts % of % threads",
					(int64_t)i - 1, (int64_t)count - 1);
		}
	}
	return MLP_OK;
}

mlp_status mlp_workers_create_from(size_t count, mlp_parallel_for parallel_for, void *context,
				   mlp_pool **pool)
{
	mlp_status status = create(count, pool);
	if (status != MLP_OK)
		return status;
	(*pool)->parallel_for = parallel_for;
	(*pool)->host = context;
	return MLP_OK;
}

void mlp_workers_free(mlp_pool *pool)
{
	if (mlp_workers_are_own(pool) && mlp_pool_is_usable(pool))
		end(pool, pool->count);
	release(pool);
}

size_t mlp_workers_count(const mlp_pool *pool)
{
	return pool->count;
}

bool mlp_workers_are_own(const mlp_pool *pool)
{
	return pool->parallel_for == NULL;
}

bool mlp_workers_bind(mlp_pool *pool, size_t worker, int64_t cpu)
{
	return mlp_bind(pool->workers[worker].thread, cpu);
}

uint64_t mlp_workers_tasks(const mlp_pool *pool, size_t worker)
{
	return atomic_load_explicit(&pool->workers[worker].tasks, memory_order_relaxed);
}

void mlp_pool_run(mlp_pool *pool, size_t count, mlp_task task, void *context)
{
	if (pool == NULL || pool->count == 1 || count <= 1) {
		for (size_t i = 0; i < count; i++)
			task(context, i, 0);
		if (pool != NULL)
			count_tasks(pool, 0, count);
	} else if (pool->parallel_for != NULL) {
		run_on_host_threads(pool, count, task, context);
	} else {
		run_on_own_threads(pool, count, task, context);
	}
}
