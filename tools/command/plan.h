/* What a training will do: what the options say, and for the rest what the data suggests. */
#ifndef MLP_TOOLS_PLAN_H
#define MLP_TOOLS_PLAN_H

#include <jansson.h>

#include "cli/options.h"
#include "command/rows.h"
#include "data/encoding.h"

enum { MOST_LAYERS = 64 };

struct plan {
	mlp_dtype dtype;
	int64_t widths[MOST_LAYERS + 2], width_count; /* n_0 .. n_L */
	bool hidden_is_guessed;
	mlp_activation activation, output;
	mlp_init init; /* start weights */
	mlp_scaling scaling, output_scaling;
	bool common_scaling; /* one mean and deviation for all inputs, in place of `scaling` */
	struct loss loss;
	mlp_optimizer_kind optimizer;
	double l2; /* NaN: as the optimizer has it, none */
	mlp_metric monitor;
	double fraction;             /* of the rows held back */
	const char *validation_file; /* NULL: a fraction */
	int64_t epochs, batch, patience, seed;
};

/* Decides about network, loss and validation for data of so many rows (whose inputs range alike or not); complains about options
 * that contradict each other. */
enum exit_code make_plan(const struct options *options, const struct encoding *encoding,
			 int64_t rows, bool alike, struct plan *plan);

/* Refuses options that nothing comes of without rows for validation. */
enum exit_code refuse_without_validation(const struct options *options);

/* Whether there are many inputs and their values lie in the same range, as those of images do. */
bool inputs_range_alike(const struct rows *rows);

/* As --init has it. */
const char *init_name(mlp_init init);

/* A network as planned, its scaling and domain fitted to the rows. */
enum exit_code create_network(const struct options *options, const struct plan *plan,
			      const struct rows *training, mlp_network **net);

/* A trainer as planned for the network. */
enum exit_code create_trainer(const struct options *options, const struct plan *plan,
			      const struct rows *training, const struct rows *validation,
			      mlp_network *net, mlp_trainer **trainer);

/* All that the result depends on, by name: for the model file, the page, and to see whether a checkpoint goes
 * with the command line. */
json_t *plan_settings(const struct options *options, const struct plan *plan,
		      const mlp_network *net, mlp_trainer *trainer, const struct rows *training,
		      const struct rows *validation);

/* Order of the rows in which the last *validation_count are for validation: drawn by the seed, and from each
 * class its share. */
int64_t *split_rows(const struct rows *rows, double fraction, int64_t seed,
		    int64_t *validation_count);

#endif
