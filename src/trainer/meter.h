/* Measuring a network piece by piece: the sums that every metric is made of. */
#ifndef MLP_TRAINER_METER_H
#define MLP_TRAINER_METER_H

#include "engine/arena.h"
#include "trainer/rows.h"

/* Rows of a piece; a smaller workspace makes it smaller. */
enum { MLP_METER_ROWS = 256 };

struct mlp_meter {
	const mlp_network *net;
	mlp_workspace *ws;
	mlp_loss loss;
	double parameter;
	size_t width; /* n_L */
	void *y;      /* outputs of a piece, [rows][width] */

	double weight, losses, right, squares, absolutes;
	/* of every output: mean of the targets, sum of their squared distances from it, sum of squared
	 * errors */
	double *mean, *spread, *residual;
};

/* Memory of a meter for pieces of `rows` rows, whose elements have `size` bytes. */
void mlp_meter_take(struct mlp_meter *meter, struct mlp_arena *arena, size_t rows, size_t width,
		    size_t size);

/* All sums 0. */
void mlp_meter_begin(struct mlp_meter *meter);

/* What the sums come to; NaN if the weights sum to 0. */
double mlp_meter_value(const struct mlp_meter *meter, mlp_metric metric);

/* Whether a metric can be measured: 1 or 0. */
int mlp_metric_takes_classes(mlp_metric metric);

#ifdef MLP_REAL_BITS /* a file that works on numbers */
#include "base/real.h"

/* Evaluate the rows, at most as many as the meter has memory for, which lie one after the other. Weights are
 * finite and >= 0; of a sum 0, nothing is done. */
mlp_status FN(meter_add)(struct mlp_meter *meter, const struct mlp_rows *rows);

/* Sum of the rows' weights. */
double FN(rows_weight)(const struct mlp_rows *rows);

/* Rows first .. first + most - 1, or as many as there are. */
struct mlp_rows FN(rows_piece)(const struct mlp_rows *rows, int64_t first, int64_t most);
#endif

#endif
