/* Waiting for another thread: look for some microseconds, then sleep. */
#ifndef MLP_BASE_BELL_H
#define MLP_BASE_BELL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct mlp_bell {
	pthread_mutex_t mutex;
	pthread_cond_t rung;
	atomic_int sleepers;
};

void mlp_bell_create(struct mlp_bell *bell);

/* Nobody may be waiting. */
void mlp_bell_free(struct mlp_bell *bell);

/* Return once *word is not `value`; what its writer wrote before is visible then. Without `spin` sleep
 * at once. */
void mlp_bell_wait(struct mlp_bell *bell, const atomic_uint *word, unsigned value, bool spin);

/* Wake whoever sleeps. To be called after *word was changed, by a sequentially consistent operation;
 * costs one load where nobody sleeps. */
void mlp_bell_ring(struct mlp_bell *bell);

#endif
