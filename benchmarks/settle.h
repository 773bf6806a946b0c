/* Rest between measurements of programs with threads. */
#ifndef BENCH_SETTLE_H
#define BENCH_SETTLE_H

#include <stdbool.h>

/* Waits until all other threads of this process sleep. Those of a BLAS or of a pool look for more work
 * for a while after a call (OpenBLAS for about 100 ms), on cores that the next measurement wants.
 * False if they still run after half a second: they may never sleep (OMP_WAIT_POLICY=active). */
bool settle(void);

#endif
