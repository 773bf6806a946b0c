/* What the command line asks for. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mlp/mlp.h>

struct net {
	char *name; /* "784-512-256-10" */
	int64_t *widths;
	size_t width_count;
};

struct options {
	bool json;
	const char *plot; /* file; NULL: none */
	mlp_dtype dtype;
	mlp_activation activation;
	size_t repetitions; /* rounds of measurement; 0: as many as fit into `seconds` */
	double seconds;     /* per cell */
	int64_t *batches;
	size_t batch_count;
	struct net *nets;
	size_t net_count;
};

/* "f32" or "f64" */
static inline const char *dtype_name(mlp_dtype dtype)
{
	return dtype == MLP_F32 ? "f32" : "f64";
}

enum options_outcome {
	OPTIONS_RUN,  /* go on */
	OPTIONS_DONE, /* --help or --version has been printed */
	OPTIONS_BAD   /* one line on stderr has named what is wrong */
};

/* Reads the command line. Whatever the outcome, options_free() frees what was read. */
enum options_outcome options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

/* Prints what --help shows. */
void help_print(void);

#endif
