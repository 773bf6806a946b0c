/* Scaling and domain, as the other files of this layer need them. */
#ifndef MLP_SCALING_INTERNAL_H
#define MLP_SCALING_INTERNAL_H

#include "engine/objects.h"

/* Whether features may have this scale: it and its reciprocal are normal numbers of the element type. */
bool mlp_scale_is_usable(double scale, mlp_dtype dtype);

/* MLP_ERR_STATE if the outputs cannot be scaled. */
mlp_status mlp_check_scalable_output(const mlp_network *net);

/* shift and scale, which are in bounds, go into the affine; it belongs to `net`, which becomes another. */
void mlp_affine_set(mlp_network *net, struct mlp_affine *affine, size_t feature, double shift,
		    double scale);
void mlp_affine_enable(mlp_network *net, struct mlp_affine *affine, bool enable);

/* Scaling and domain of one network to another of the same widths; MLP_ERR_OVERFLOW if they are out of
 * bounds for its element type. */
mlp_status mlp_scaling_copy(const mlp_network *from, mlp_network *to);

#endif
