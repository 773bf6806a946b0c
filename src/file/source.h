/* A network as C source. */
#ifndef MLP_FILE_SOURCE_H
#define MLP_FILE_SOURCE_H

#include <mlp/mlp.h>

/* What the self-test compares; of the network's element type. */
struct mlp_sample {
	const void *x, *y; /* n_0 and n_L values, finite */
	double tolerance;  /* of each output */
};

/* Write the file; parameters are finite, and the name is a C identifier. */
mlp_status mlp_write_source(const mlp_network *net, const char *name,
			    const struct mlp_sample *sample, mlp_write_function write,
			    void *context);

#endif
