/* Cancellation of POSIX threads. */
#include "base/cancellation.h"

#include <pthread.h>

int mlp_cancellation_hold(void)
{
	int before = PTHREAD_CANCEL_ENABLE;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	return before;
}

void mlp_cancellation_release(int before)
{
	int held;
	pthread_setcancelstate(before, &held);
}
