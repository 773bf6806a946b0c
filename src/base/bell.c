/* Spin, then sleep: plain POSIX, no futex.
 *
 * A waker must not miss a sleeper, nor pay for a mutex where there is none. The sleeper counts itself
 * and then looks at the word; the waker changes the word and then looks at the count. All four are
 * sequentially consistent, so at least one of the two sees the other. */
#include "base/bell.h"

#include <stdint.h>
#include <time.h>

/* How long to look before sleeping. Falling asleep and being woken costs a thread 5 to 60
 * microseconds; a few times the gap between two runs of a training loop is enough. Much more would
 * take the core from a thread that has work, maybe the one that is being waited for. */
enum { SPIN_NANOSECONDS = 30000, LOOKS_PER_CLOCK = 16 };

static void pause_briefly(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("isb"); /* "yield" does nothing on most cores */
#endif
}

static int64_t nanoseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* By the clock: a pause lasts 10 cycles on some processors and 140 on others. */
static bool changes_soon(const atomic_uint *word, unsigned value)
{
	int64_t start = nanoseconds();
	do {
		for (int look = 0; look < LOOKS_PER_CLOCK; look++) {
			if (atomic_load_explicit(word, memory_order_acquire) != value)
				return true;
			pause_briefly();
		}
	} while (nanoseconds() - start < SPIN_NANOSECONDS);
	return false;
}

void mlp_bell_create(struct mlp_bell *bell)
{
	*bell = (struct mlp_bell){PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
}

void mlp_bell_free(struct mlp_bell *bell)
{
	pthread_cond_destroy(&bell->rung);
	pthread_mutex_destroy(&bell->mutex);
}

void mlp_bell_wait(struct mlp_bell *bell, const atomic_uint *word, unsigned value, bool spin)
{
	if (atomic_load_explicit(word, memory_order_acquire) != value ||
	    (spin && changes_soon(word, value)))
		return;
	pthread_mutex_lock(&bell->mutex);
	atomic_fetch_add(&bell->sleepers, 1);
	while (atomic_load(word) == value)
		pthread_cond_wait(&bell->rung, &bell->mutex);
	atomic_fetch_sub(&bell->sleepers, 1);
	pthread_mutex_unlock(&bell->mutex);
}

void mlp_bell_ring(struct mlp_bell *bell)
{
	if (atomic_load(&bell->sleepers) == 0)
		return;
	/* who has counted itself is asleep, or has seen the change, once the mutex is free */
	pthread_mutex_lock(&bell->mutex);
	pthread_mutex_unlock(&bell->mutex);
	pthread_cond_broadcast(&bell->rung);
}
