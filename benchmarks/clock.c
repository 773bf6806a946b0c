/* The clocks of all measurements: those that nobody sets. */
#include "clock.h"

#include <time.h>

static double read_clock(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double clock_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

double clock_processors(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
