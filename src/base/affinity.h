/* Which cores threads run on: the system's own, beyond POSIX. */
#ifndef MLP_BASE_AFFINITY_H
#define MLP_BASE_AFFINITY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Number of cores that the calling thread may use, at least 1. */
size_t mlp_usable_cores(void);

/* Whether threads can be bound to processors here. */
bool mlp_can_bind(void);

/* Bind a thread to one processor; false if there is no such processor or it is not allowed. */
bool mlp_bind(pthread_t thread, int64_t cpu);

#endif
