/* Numbers that tell objects apart, unlike addresses, which are used again. */
#ifndef MLP_BASE_ID_H
#define MLP_BASE_ID_H

#include <stdint.h>

/* A number that no other call in this process returns. Thread-safe. */
uint64_t mlp_next_id(void);

#endif
