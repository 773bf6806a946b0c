/* The update as a step of its own, from a gradient in an array: w <- w - eta dw, b <- b - eta db, for the
 * layers that are not frozen. Shared out to the workers of a workspace; without one (NULL) all is done
 * on the caller's thread. */
#ifndef MLP_ENGINE_UPDATE_H
#define MLP_ENGINE_UPDATE_H

#include "base/real.h"
#include "engine/chunks.h"

/* The lowest layer that would be given a value that is not finite; 0: none. */
size_t FN(find_bad_gradient)(const mlp_network *net, const mlp_workspace *ws, const REAL *grad);

void FN(apply_update)(mlp_network *net, const mlp_workspace *ws, const REAL *grad, REAL eta);

#endif
