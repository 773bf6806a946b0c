/* The slow twin: forward and backward of one sample at a time, element by element, in double, as the
 * lecture writes them. It reads a network through the public interface only and shares no code with
 * the library. */
#ifndef MLP_TESTS_SUPPORT_NAIVE_H
#define MLP_TESTS_SUPPORT_NAIVE_H

#include <mlp/mlp.h>
#include <stddef.h>

/* Everything the lecture names, for one sample. Vectors of layer l are at [l]. */
struct naive {
	size_t layer_count;
	size_t *width;         /* [0 .. L] */
	double **w, **b;       /* parameters, [1 .. L]; b 0 where there is no bias */
	mlp_activation *sigma; /* [1 .. L] */
	double *parameter;     /* of the activation, [1 .. L] */
	double **x, **dx;      /* [0 .. L] */
	double **s, **ds;      /* [1 .. L] */
	double **dw, **db;     /* [1 .. L], summed over the samples since naive_zero */
};

/* A twin of the network as it is now (f32 or f64). */
struct naive *naive_create(const mlp_network *net);
void naive_free(struct naive *naive);

/* Fill s and x from x(0). */
void naive_forward(struct naive *naive, const double *x0);

/* Fill dx and ds from dl/dx(L), or from dl/ds(L), and add this sample to dw and db. */
void naive_backward(struct naive *naive, const double *dl_dx);
void naive_backward_logits(struct naive *naive, const double *dl_ds);

/* dw = 0, db = 0 */
void naive_zero(struct naive *naive);

/* dw and db in the parameter layout. */
void naive_gradient(const struct naive *naive, double *grad);

/* sigma(s) and sigma'(s) of one value, straight from the definition. */
double naive_sigma(mlp_activation sigma, double parameter, double s);
double naive_sigma_derivative(mlp_activation sigma, double parameter, double s);

/* Loss of one row, straight from the definition; t has `width` values. */
double naive_loss(mlp_loss loss, double parameter, const double *y, const double *t, size_t width);

/* Its derivative with respect to y. */
void naive_loss_gradient(mlp_loss loss, double parameter, const double *y, const double *t,
			 size_t width, double *dl_dy);

#endif
