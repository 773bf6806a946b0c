/* The calls that allocate or touch files, each with arguments with which it does. */
#ifndef MLP_TESTS_FAULT_SWEPT_H
#define MLP_TESTS_FAULT_SWEPT_H

#include "fault/world.h"

enum swept_traits {
	SWEPT_FILES = 1, /* calls the system for files */
	/* Comes in parts: after a failure it is where the last whole one left it, and being called again gives
	 * what it would have given. */
	SWEPT_GOES_ON = 2
};

struct swept {
	const char *name;
	mlp_status (*call)(struct world *world);
	int traits;
};

extern const struct swept swept[];
extern const size_t swept_count;

/* All other calls of the library: they ask for no memory and touch no file. With neither "_f32" nor "_f64" at the
 * end where there are both. */
extern const char *const quiet_calls[];
extern const size_t quiet_call_count;

#endif
