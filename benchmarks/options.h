/* What the command line asks for. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mlp/mlp.h>

/* The reports that the program can make. */
enum mode {
	MODE_CELLS, /* everything measured for each net, batch size and number of workers */
	MODE_CONTENTION,
	MODE_DENORMAL,
	MODE_FLATNESS,
	MODE_MATRIX,
	MODE_OPTIMIZERS,
	MODE_PEAK
};

struct net {
	char *name; /* "784-512-256-10" */
	int64_t *widths;
	size_t width_count;
};

enum { TUNING_COUNT = MLP_TUNING_INSTRUCTIONS + 1 };

struct options {
	enum mode mode;
	bool json;
	const char *plot; /* file; NULL: none */
	mlp_dtype dtype;
	mlp_activation activation;
	size_t repetitions; /* samples of each measurement; 0: as many as fit into `seconds` */
	double seconds;     /* per cell; 0: what suits the mode */
	int64_t busy;       /* processes beside the measurement, MODE_CONTENTION */
	bool flush_denormals;
	int64_t tuning[TUNING_COUNT]; /* by mlp_tuning; 0: libmlp's own choice */
	/* what the command line lists: */
	int64_t *batches, *workers;
	struct net *nets;
	size_t batch_count, worker_count, net_count;
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

/* Reads the command line; what it does not list stays empty. Whatever the outcome, options_free()
 * frees what was read. */
enum options_outcome options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

/* Fills in what the command line left open, as suits the mode; what the report itself chooses stays empty. */
void options_set_defaults(struct options *options);

/* One of the cells that the options ask for: each net at each batch size with each number of workers. */
struct cell {
	const struct net *net;
	int64_t batch, workers;
};

size_t options_cell_count(const struct options *options);
struct cell options_cell(const struct options *options, size_t index);

/* A list given by the program instead of the command line, in the same form. */
void options_set_batches(struct options *options, const char *list);
void options_set_workers(struct options *options, const char *list);
void options_add_net(struct options *options, const char *widths);

/* Prints what --help shows. */
void help_print(void);

#endif
