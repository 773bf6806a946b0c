/* What a computation changes in the calling thread, and restores: whether denormal numbers count as zero.
 * Workers take it over from that thread. */
#ifndef MLP_ENGINE_FLUSHING_H
#define MLP_ENGINE_FLUSHING_H

#include "base/float_mode.h"
#include "engine/objects.h"

/* ws NULL: nothing to change */
static inline unsigned long long mlp_flushing_begin(const mlp_workspace *ws)
{
	return ws != NULL && ws->flushes_denormals ? mlp_denormals_flush() : 0;
}

static inline void mlp_flushing_end(const mlp_workspace *ws, unsigned long long old)
{
	if (ws != NULL && ws->flushes_denormals)
		mlp_set_float_mode(old);
}

#endif
