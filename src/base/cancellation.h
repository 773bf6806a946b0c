/* A host may cancel a thread (pthread_cancel) that is in a call of ours: it is to finish the call, and to go at a
 * cancellation point of its own. Where we wait, reach the system or call the host's functions, the thread would go
 * with locks held and objects half changed: it is put off there. */
#ifndef MLP_BASE_CANCELLATION_H
#define MLP_BASE_CANCELLATION_H

/* From here on the calling thread is not cancelled; returns how it was. May be nested. */
int mlp_cancellation_hold(void);

/* Back to how it was. This is no cancellation point itself. */
void mlp_cancellation_release(int before);

#endif
