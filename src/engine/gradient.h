/* Phase 2 of a step: gradients of the parameters over all blocks, tile by tile, into an array or straight
 * into the parameters. Tiles are independent of each other. */
#ifndef MLP_ENGINE_GRADIENT_H
#define MLP_ENGINE_GRADIENT_H

#include "base/real.h"
#include "engine/descend.h"
#include "engine/objects.h"

/* grad (+)= dl/dw(l), dl/db(l) for every layer; 0 for biases that are switched off. */
void FN(write_gradient)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
			bool accumulate, REAL *grad);

/* w(l) <- w(l) - eta dl/dw(l), b(l) likewise, for the layers that are not frozen. eta is not 0: adding 0
 * would turn -0 into 0. */
void FN(apply_gradient)(mlp_network *net, const mlp_workspace *ws, size_t batch, REAL eta);

/* grad = dl/dw(l), dl/db(l) for the layers that are not frozen; what it holds of others is left alone. */
void FN(write_trained_gradient)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
				REAL *grad);

/* An optimizer's update of the layers that are not frozen, tile by tile: the same bits as
 * write_trained_gradient and then FN(descend). */
void FN(apply_descent)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
		       const struct mlp_descents *descents);

/* dl/dx(0) of the batch, raw, to the caller's rows. */
void FN(write_input_gradient)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
			      REAL *dl_dx0, size_t ld_dl_dx0);

#endif
