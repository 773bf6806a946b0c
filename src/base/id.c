/* Numbers that tell objects apart. */
#include "base/id.h"

#include <stdatomic.h>

uint64_t mlp_next_id(void)
{
	static atomic_uint_fast64_t last;
	return (uint64_t)atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}
