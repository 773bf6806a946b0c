/* The clocks of all measurements. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

/* Seconds since some fixed moment; never goes back. */
double clock_now(void);

/* Seconds that processors have spent on this process, all its threads together. */
double clock_processors(void);

#endif
