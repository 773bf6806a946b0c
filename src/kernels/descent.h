/* The update of parameters, element by element, from their gradient: every optimizer but L-BFGS. */
#ifndef MLP_KERNELS_DESCENT_H
#define MLP_KERNELS_DESCENT_H

#include "base/real.h"

#include <mlp/mlp.h>
#include <stdbool.h>
#include <stddef.h>

/* A step's numbers, all of the element type. In this order:
 *     g <- factor max(-clip, min(g, clip)) + l2 w        w <- keep w
 * and then, with q, v, m the slots:
 *     MLP_SGD              v <- mu v + g                 w <- w - eta v, nesterov: w - eta (g + mu v)
 *     MLP_RMSPROP          q <- rho q + (1 - rho) g^2    v <- mu v + g / (sqrt q + epsilon), w <- w - eta v
 *     MLP_ADAM             m <- beta_1 m + (1 - beta_1) g, q <- beta_2 q + (1 - beta_2) g^2,
 *                          w <- w - eta m / (root sqrt q + epsilon)
 *     MLP_IRPROP_MINUS     step size D and g of the step before: see the source
 * Without has_momentum v = g, or g / (sqrt q + epsilon), and v is not kept. */
struct mlp_descent {
	mlp_optimizer_kind kind; /* MLP_ADAM for AdamW */
	bool has_momentum, nesterov;
	REAL factor, clip, l2, keep;
	REAL eta, momentum, epsilon;
	REAL decay_1, rest_1;                  /* beta_1, 1 - beta_1 */
	REAL decay_2, rest_2;                  /* beta_2 or rho, 1 - beta_2 */
	REAL root;                             /* 1 / sqrt(1 - beta_2^t) */
	REAL shrink, grow, first, least, most; /* of the step sizes */
};

/* Where the parameters and what is kept of them lie; slots that a kind does not have are NULL. */
struct mlp_descended {
	REAL *w, *slots[2];
};

#endif
