/* Threads of the BLAS. libmlp leaves them alone; this program is the host and may set them. */
#ifndef BENCH_BLAS_THREADS_H
#define BENCH_BLAS_THREADS_H

#include <stdint.h>

/* Sets the number of threads that the BLAS uses, for the whole process. Returns how many it will use,
 * fewer if it was built for fewer; 0 if it has no function for it that is known here (those of
 * OpenBLAS, BLIS and MKL are): then it threads as its environment says. */
int64_t blas_threads_set(int64_t threads);

#endif
