/* The machine. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <stdint.h>

/* Cores that this process may use. */
int64_t machine_cores(void);

#endif
