/* One mutex, one-time initialisation and news of a fork: the platform's, by our names. */
#ifndef MLP_BASE_LOCK_H
#define MLP_BASE_LOCK_H

#include <pthread.h>
#include <stdbool.h>

#include "base/cancellation.h"

typedef pthread_mutex_t mlp_mutex;
typedef pthread_once_t mlp_once;

#define MLP_MUTEX_INIT PTHREAD_MUTEX_INITIALIZER
#define MLP_ONCE_INIT  PTHREAD_ONCE_INIT

static inline void mlp_mutex_lock(mlp_mutex *mutex)
{
	pthread_mutex_lock(mutex);
}

static inline void mlp_mutex_unlock(mlp_mutex *mutex)
{
	pthread_mutex_unlock(mutex);
}

/* Make it free, whatever it was. Only where no other thread can hold it or wait for it: before its first
 * use, and in a child after fork, where its holder does not exist any more. */
static inline void mlp_mutex_reset(mlp_mutex *mutex)
{
	*mutex = (mlp_mutex)MLP_MUTEX_INIT;
}

/* Run `function` if no thread has yet; return when it has been run. The thread is not cancelled within: MKL reads
 * files, with a lock held, when it is first called. */
static inline void mlp_run_once(mlp_once *once, void (*function)(void))
{
	int cancellation = mlp_cancellation_hold();
	pthread_once(once, function);
	mlp_cancellation_release(cancellation);
}

/* Run `function` in every process that is forked from now on, before anything else there; false if out
 * of memory. Not undone: once in a process. */
static inline bool mlp_in_forked_child(void (*function)(void))
{
	return pthread_atfork(NULL, NULL, function) == 0;
}

#endif
