/* A team of threads. A run is over when `finished` has reached its number of tasks.
 *
 * The order of writes in publish() and of reads in work() is what makes this safe: a thread that sees
 * any part of a later run's description will also see that run's tickets (base/shares.h), and take
 * none. */
#include "base/workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "base/affinity.h"
#include "base/alloc.h"
#include "base/bell.h"
#include "base/cancellation.h"
#include "base/float_mode.h"
#include "base/forks.h"
#include "base/lock.h"
#include "base/status.h"

enum { HOST_MOST_SHARES = 64 }; /* on the stack of a run on the host's threads */

/* A member of the team. */
struct worker {
	_Alignas(MLP_CACHE_LINE) _Atomic uint64_t tasks; /* done since the team was made */
	mlp_pool *pool;
	size_t number;
	pthread_t thread;
};

struct mlp_pool {
	size_t bytes, count;
	unsigned generation; /* of processes: see base/forks.h */
	bool spins;          /* there is a core for each worker */

	mlp_parallel_for parallel_for; /* the host's threads; NULL: our own */
	void *host;

	mlp_mutex turn; /* one run at a time */
	struct worker *workers;
	struct mlp_share *shares;

	/* The run that is on: written before `run`, read after it. */
	_Alignas(MLP_CACHE_LINE) atomic_uint run; /* its number */
	atomic_bool ends;                         /* there will be no more */
	_Atomic mlp_task task;
	void *_Atomic context;
	_Atomic size_t tasks;
	_Atomic unsigned long long mode; /* the caller's floating-point mode */

	_Alignas(MLP_CACHE_LINE) atomic_uint finished; /* tasks of this run that are done */

	_Alignas(MLP_CACHE_LINE) struct mlp_bell begun; /* for workers: `run` has changed */
	_Alignas(MLP_CACHE_LINE) struct mlp_bell done;  /* for the caller: `finished` is complete */
};

bool mlp_pool_is_usable(const mlp_pool *pool)
{
	return pool == NULL || pool->generation == mlp_fork_generation();
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
	mlp_shares_deal(pool->shares, pool->count, run, tasks);
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
	size_t done = mlp_shares_work(pool->shares, pool->count, run, tasks, task, context, worker);
	if (done == 0)
		return; /* of this run nothing may be touched any more */
	count_tasks(pool, worker, done);
	if (atomic_fetch_add(&pool->finished, (unsigned)done) + done == tasks)
		mlp_bell_ring(&pool->done);
}

static void run_on_own_threads(mlp_pool *pool, size_t tasks, mlp_task task, void *context)
{
	int cancellation = mlp_cancellation_hold();
	mlp_mutex_lock(&pool->turn);
	unsigned run = publish(pool, tasks, task, context);
	size_t done = mlp_shares_work(pool->shares, pool->count, run, tasks, task, context, 0);
	count_tasks(pool, 0, done);
	unsigned finished = atomic_fetch_add(&pool->finished, (unsigned)done) + (unsigned)done;
	while (finished != tasks) {
		mlp_bell_wait(&pool->done, &pool->finished, finished, pool->spins);
		finished = atomic_load_explicit(&pool->finished, memory_order_acquire);
	}
	mlp_mutex_unlock(&pool->turn);
	mlp_cancellation_release(cancellation);
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
	int cancellation = mlp_cancellation_hold();
	for (size_t i = 1; i < count; i++)
		pthread_join(pool->workers[i].thread, NULL);
	mlp_cancellation_release(cancellation);
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
	size_t share_count;
	struct mlp_share shares[HOST_MOST_SHARES];
};

static size_t host_work(struct host_run *run, size_t worker)
{
	size_t done = mlp_shares_work(run->shares, run->share_count, 0, run->tasks, run->task,
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
			       .share_count = pool->count < HOST_MOST_SHARES ? pool->count
									     : HOST_MOST_SHARES};
	mlp_shares_deal(run.shares, run.share_count, 0, tasks);
	size_t jobs = tasks < pool->count ? tasks : pool->count;
	int cancellation = mlp_cancellation_hold(); /* jobs use what lies on this stack */
	pool->parallel_for(pool->host, (int64_t)jobs, host_job, &run);
	mlp_cancellation_release(cancellation);
	host_work(&run, 0); /* what is left if the host left jobs out */
}

/* ---- Teams ---- */

static mlp_status create(size_t count, mlp_pool **pool)
{
	*pool = NULL;
	if (!mlp_watch_forks())
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for a fork handler");
	mlp_allocator allocator;
	mlp_allocator_copy(NULL, &allocator);
	size_t workers = sizeof(mlp_pool), shares = workers + count * sizeof(struct worker);
	size_t bytes = shares + count * sizeof(struct mlp_share);
	void *memory;
	mlp_status status = mlp_allocate(&allocator, bytes, &memory);
	if (status != MLP_OK)
		return status;
	memset(memory, 0, bytes);
	mlp_pool *made = memory;
	made->bytes = bytes;
	made->count = count;
	made->generation = mlp_fork_generation();
	made->spins = count <= mlp_usable_cores();
	made->workers = (struct worker *)((char *)memory + workers);
	made->shares = (struct mlp_share *)((char *)memory + shares);
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
