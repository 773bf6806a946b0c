/* How files are loaded. */
#ifndef MLP_FILE_OPTIONS_H
#define MLP_FILE_OPTIONS_H

#include <mlp/mlp.h>

struct mlp_load_options {
	mlp_allocator allocator; /* of what is loaded */
	int64_t limits[MLP_LOAD_MAX_PARAMETERS + 1];
	mlp_dtype dtype; /* 0: that of the file */
	mlp_activation hidden, output;
};

/* Those that are given, or the default ones, put into *room. */
const mlp_load_options *mlp_load_options_or_default(const mlp_load_options *options,
						    mlp_load_options *room);

#endif
