/* The machine. */
#include "machine.h"

#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

int64_t machine_cores(void)
{
#ifdef __linux__
	cpu_set_t allowed; /* by taskset or a container, fewer than the machine has */
	if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
		return CPU_COUNT(&allowed);
#endif
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	return cores > 0 ? cores : 1;
}
