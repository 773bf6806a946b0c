/* Checks at the edge: below it nothing can fail. Each returns MLP_OK, or leaves one line for
 * mlp_last_error() and returns its status. */
#ifndef MLP_CHECK_H
#define MLP_CHECK_H

#include "engine/objects.h"

/* Required pointer; `name` as in the header. */
mlp_status mlp_check_pointer(const char *name, const void *pointer);

/* Network given, and of the dtype of the call. */
mlp_status mlp_check_network(const mlp_network *net, mlp_dtype dtype);

/* Finite as a number of the dtype; the format has one % for it. */
mlp_status mlp_check_finite(const char *format, double number, mlp_dtype dtype);

/* Finite and >= 0. */
mlp_status mlp_check_not_negative(const char *format, double number, mlp_dtype dtype);

/* Layer in first .. L. */
mlp_status mlp_check_layer(const mlp_network *net, int64_t layer, int64_t first);

/* Network given, and layer 1 .. L, MLP_ALL_LAYERS or MLP_HIDDEN_LAYERS: the range it stands for
 * (first > last: no layer). */
mlp_status mlp_check_layers(const mlp_network *net, int64_t layer, size_t *first, size_t *last);

/* Array of `rows` rows of `width` elements of `size` bytes with leading dimension ld: pointer given,
 * ld >= width, and its extent fits the address space. */
mlp_status mlp_check_rows(const char *name, const void *data, int64_t ld, int64_t rows,
			  int64_t width, size_t size);

/* Workspace given, and made for the shape of the network. */
mlp_status mlp_check_workspace(const mlp_network *net, const mlp_workspace *ws);

/* What every computation needs: a network of the dtype, a workspace made for its shape, and
 * 1 <= batch <= max_batch. */
mlp_status mlp_check_call(const mlp_network *net, const mlp_workspace *ws, int64_t batch,
			  mlp_dtype dtype);

/* The same, and the inputs x of the batch. */
mlp_status mlp_check_input(const mlp_network *net, const mlp_workspace *ws, const void *x,
			   int64_t ld_x, int64_t batch, mlp_dtype dtype);

/* Known activation, with a parameter that it takes (0 if it takes none). */
mlp_status mlp_check_activation(mlp_activation activation, double parameter, mlp_dtype dtype);

/* MLP_ERR_NONFINITE for a layer whose dl/ds, or the x below, is not finite. */
mlp_status mlp_fail_bad_layer(size_t layer);

#endif
