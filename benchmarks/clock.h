/* The clock of all measurements. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

/* Seconds since some fixed moment; never goes back. */
double clock_now(void);

#endif
