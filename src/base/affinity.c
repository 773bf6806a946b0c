/* The only file that needs more than POSIX. */
#ifdef __linux__
#define _GNU_SOURCE /* NOLINT: the name is the C library's */
#include <sched.h>
#endif

#include "base/affinity.h"

#include <unistd.h>

static size_t online_cores(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	return cores > 0 ? (size_t)cores : 1;
}

#ifdef __linux__

size_t mlp_usable_cores(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof(set), &set) !=
	    0) /* more processors than the set has room for */
		return online_cores();
	int cores = CPU_COUNT(&set);
	return cores > 0 ? (size_t)cores : 1;
}

bool mlp_can_bind(void)
{
	return true;
}

bool mlp_bind(pthread_t thread, int64_t cpu)
{
	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return false;
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	return pthread_setaffinity_np(thread, sizeof(set), &set) == 0;
}

#else

size_t mlp_usable_cores(void)
{
	return online_cores();
}

bool mlp_can_bind(void)
{
	return false;
}

bool mlp_bind(pthread_t thread, int64_t cpu)
{
	(void)thread;
	(void)cpu;
	return false;
}

#endif
