/* One mutex and one-time initialisation: the platform's, named once. */
#ifndef MLP_BASE_LOCK_H
#define MLP_BASE_LOCK_H

#include <pthread.h>

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

/* Run `function` if no thread has yet; return when it has been run. */
static inline void mlp_run_once(mlp_once *once, void (*function)(void))
{
	pthread_once(once, function);
}

#endif
