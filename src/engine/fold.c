/* Folding, for one element type: sums in double, rounded once. */
#include "engine/fold.h"

#include <math.h>

#include "base/real.h"

/* w_ij <- c_i w_ij / scale_j,  b_i <- c_i (b_i - sum_j w_ij shift_j / scale_j) + d_i, with c and d scale and
 * shift of the outputs; in or out NULL: not scaled. False if something is not finite; written only if
 * `write`. */
static bool fold_row(REAL *w, REAL *b, size_t i, const struct mlp_affine *in,
		     const struct mlp_affine *out, size_t n_in, bool write)
{
	double factor = out != NULL ? out->scale[i] : 1;
	double sum = b != NULL ? (double)b[i] : 0;
	bool finite = true;
	for (size_t j = 0; j < n_in; j++) {
		double slope = in != NULL ? (double)w[j] / in->scale[j] : (double)w[j];
		REAL folded = (REAL)(factor * slope);
		sum -= in != NULL ? slope * in->shift[j] : 0;
		finite &= isfinite(folded) != 0;
		if (write)
			w[j] = folded;
	}
	if (b == NULL)
		return finite;
	REAL folded = (REAL)(factor * sum + (out != NULL ? out->shift[i] : 0));
	if (write)
		b[i] = folded;
	return finite && isfinite(folded);
}

static bool fold_layer(mlp_network *net, size_t l, const struct mlp_affine *in,
		       const struct mlp_affine *out, bool write)
{
	const struct mlp_layer *layer = &net->layers[l];
	REAL *w = (REAL *)net->parameters + layer->w_offset;
	REAL *b = layer->has_bias ? (REAL *)net->parameters + layer->b_offset : NULL;
	bool finite = true;
	for (size_t i = 0; i < layer->n_out; i++)
		finite &= fold_row(w + i * layer->n_in, b, i, in, out, layer->n_in, write);
	return finite;
}

size_t FN(fold)(mlp_network *net)
{
	const struct mlp_affine *in = net->input.is_set ? &net->input : NULL;
	const struct mlp_affine *out = net->output.is_set ? &net->output : NULL;
	size_t last = net->layer_count;
	for (int write = 0; write < 2; write++) {
		if (in != NULL && !fold_layer(net, 1, in, last == 1 ? out : NULL, write))
			return 1;
		if (out != NULL && (last > 1 || in == NULL) &&
		    !fold_layer(net, last, NULL, out, write))
			return last;
	}
	return 0;
}
