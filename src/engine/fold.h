/* Folding the scaling of inputs and outputs into the parameters next to them. */
#ifndef MLP_ENGINE_FOLD_H
#define MLP_ENGINE_FOLD_H

#include "engine/objects.h"

/* Change w(1), b(1) and w(L), b(L) so that they do what the scaling does, which the caller then takes
 * away. Returns 0, or a layer of which a parameter would not be finite: then nothing is changed. A layer
 * without bias is not asked to take a shift. */
size_t mlp_fold_f32(mlp_network *net);
size_t mlp_fold_f64(mlp_network *net);

#endif
