/* Busy processes beside the measurement. */
#ifndef BENCH_BUSY_H
#define BENCH_BUSY_H

#include <stdbool.h>
#include <stdint.h>

enum { BUSY_LIMIT = 256 };

/* Starts `count` (1 .. BUSY_LIMIT) processes that do nothing but use a core each. They cannot be left
 * over: they end with busy_stop(), with this program however it ends (exit, signal), and by themselves
 * after `seconds`. If the system starts no more of them, stops the program. */
void busy_start(int64_t count, unsigned seconds);

/* Ends them and waits for their end. Returns whether all ran until now. */
bool busy_stop(void);

#endif
