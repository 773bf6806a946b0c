/* Rows of data as the library's calls take them, of either element type, and those calls. */
#ifndef MLP_TOOLS_ROWS_H
#define MLP_TOOLS_ROWS_H

#include <mlp/mlp.h>
#include <stdbool.h>
#include <stdint.h>

#include "data/matrices.h"

/* Views into memory of somebody else's, row-major without padding. */
struct rows {
	mlp_dtype dtype;
	int64_t count, inputs, outputs;
	const void *x;          /* [count][inputs] */
	const void *target;     /* [count][outputs]; NULL: classes */
	const int64_t *classes; /* [count]; NULL: numbers */
	const void *weight;     /* [count]; NULL: all 1 */
};

struct rows rows_of(const struct matrices *matrices);

/* The rows first .. first + count - 1. */
struct rows rows_part(const struct rows *rows, int64_t first, int64_t count);

/* Copies in the order of the list; rows_free() frees them. */
struct rows rows_gather(const struct rows *rows, const int64_t *order, int64_t count);
void rows_free(struct rows *rows);

/* A checksum of all values. */
unsigned long rows_checksum(const struct rows *rows);

/* Value i of an array of the element type. */
double value_of(mlp_dtype dtype, const void *values, int64_t i);

/* A loss, with its parameter: for huber where it becomes linear, for the cross entropies label smoothing. */
struct loss {
	mlp_loss kind;
	double parameter;
};

/* The library's calls of the same names, with the suffix of the element type. */
mlp_status fit_input_scaling(mlp_network *net, mlp_scaling scaling, const struct rows *rows);
mlp_status fit_output_scaling(mlp_network *net, mlp_scaling scaling, const struct rows *rows);
mlp_status fit_domain(mlp_network *net, const struct rows *rows);
mlp_status count_outside(const mlp_network *net, const struct rows *rows, double margin,
			 int64_t *outside, int64_t *rows_outside);
mlp_status measure(const mlp_network *net, mlp_workspace *ws, const struct rows *rows,
		   struct loss loss, const mlp_metric *metrics, int64_t count, double *values);
mlp_status check_gradient(const mlp_network *net, const struct rows *rows, struct loss loss,
			  double step, int64_t *worst, double *analytic, double *numeric,
			  double *error);
mlp_status set_training_rows(mlp_trainer *trainer, const struct rows *rows);
mlp_status set_validation_rows(mlp_trainer *trainer, const struct rows *rows);

/* Predicts piece after piece: y [piece->count][n_L], of the element type, is the piece's, whose first row is row
 * `first` of all. The pool (NULL: none) shares the work. */
typedef void (*piece_visitor)(void *context, const struct rows *piece, int64_t first,
			      const void *y);
mlp_status predict_pieces(const mlp_network *net, mlp_pool *pool, const struct rows *rows,
			  piece_visitor visit, void *context);

/* Whether the values first .. first + count - 1 are finite numbers, all of them. */
bool are_finite(mlp_dtype dtype, const void *values, int64_t first, int64_t count);

/* Which of the values first .. first + count - 1 is the largest, from 0: of equal ones the first; -1 where one is not
 * a finite number, beside which no other says anything. */
int64_t largest_of(mlp_dtype dtype, const void *values, int64_t first, int64_t count);

#endif
