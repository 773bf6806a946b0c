/* Rest between measurements: while this thread sleeps, the process must use no processor time. */
#include "settle.h"

#include <stddef.h>
#include <time.h>

#include "clock.h"

#define NAP_SECONDS   5e-3 /* the system may count at its ticks only, every 1 to 4 ms */
#define LIMIT_SECONDS 0.5
#define MOST_BUSY     0.1 /* of one processor; waking up from a nap takes some */

bool settle(void)
{
	const struct timespec nap = {0, (long)(1e9 * NAP_SECONDS)};
	double end = clock_now() + LIMIT_SECONDS;
	for (;;) {
		double start = clock_now(), processors = clock_processors();
		nanosleep(&nap, NULL);
		double now = clock_now();
		if (clock_processors() - processors < MOST_BUSY * (now - start))
			return true;
		if (now > end)
			return false;
	}
}
