/* What a trainer is made of, and what its files do for each other. */
#ifndef MLP_TRAINER_TRAINER_H
#define MLP_TRAINER_TRAINER_H

#include <stdbool.h>

#include "engine/objects.h"
#include "trainer/meter.h"
#include "trainer/rate.h"
#include "trainer/rows.h"

enum {
	MLP_TRAINER_ITEMS = MLP_TRAINER_MEASURE_TRAINING + 1,
	MLP_SPLITS = 2,
	MLP_METRICS = MLP_METRIC_R2
};

/* A function of any of the four types of sources. */
typedef void (*mlp_any_source)(void);

/* Training data: rows in memory, or a source. */
struct mlp_feed {
	struct mlp_rows rows;
	mlp_any_source source; /* NULL: rows */
	void *context;
	bool by_class;
	int64_t count; /* rows of an epoch; -1: unknown; 0: there is no data */
};

/* Metrics of an epoch, NaN where not measured; by split - 1 and metric - 1. */
struct mlp_record {
	double values[MLP_SPLITS][MLP_METRICS];
};

/* Where training is: with the weights, the optimizer and the schedule all that the next batch depends on. */
struct mlp_position {
	int64_t epochs;     /* done */
	int64_t batches;    /* done in the epoch that has begun */
	int64_t rows;       /* gone through in it */
	int64_t epoch_rows; /* rows of that epoch; -1: unknown */
	int64_t steps;      /* batches in all */
	double losses;      /* of the epoch's batches, times their weights */
	double weights;     /* sum of them */
	int64_t best_epoch; /* 0: none yet */
	double best_value;  /* monitored */
	int64_t bad_epochs; /* in a row without improvement */
	uint64_t yardstick; /* by which epochs were compared */
	uint64_t passes;    /* of dropout */
	mlp_outcome outcome;
};

struct mlp_trainer {
	mlp_allocator allocator;
	size_t bytes; /* of the arena, this struct included */
	mlp_network *net;
	mlp_optimizer *optimizer;
	mlp_pool *pool;
	size_t width; /* n_L */

	double items[MLP_TRAINER_ITEMS];
	uint64_t seed;
	mlp_loss loss; /* 0: by the output activation */
	double loss_parameter;
	mlp_metric monitor;
	bool has_schedule;
	struct mlp_rate_schedule schedule;
	double *class_weights; /* [n_L], part of the arena */
	bool has_class_weights;
	struct mlp_feed feed;
	struct mlp_rows validation;
	mlp_trainer_progress progress;
	void *progress_context;
	char *checkpoint; /* path; NULL: none */
	size_t checkpoint_size;
	int64_t checkpoint_every; /* batches; 0: at the end of epochs alone */

	bool is_running;
	bool is_asking;  /* in a source */
	bool has_news;   /* since the last checkpoint, or since the run began */
	bool shows_best; /* the network has the best weights, `last` those to go on from */
	struct mlp_position position;
	double batch_loss, eta;     /* of the last batch */
	void *best, *good, *last;   /* copies of the parameters: best epoch, last epoch's end */
	struct mlp_record *history; /* [history_capacity] */
	int64_t history_capacity;
};

/* What one run needs besides, made at its beginning. */
struct mlp_session {
	struct mlp_trainer *trainer;
	mlp_network *net;
	mlp_workspace *ws;    /* trains */
	mlp_workspace *judge; /* measures */
	mlp_loss loss;
	double loss_parameter;
	bool is_full_batch;
	/* L-BFGS: it had converged before this run; in this run; its objective is known in this run */
	bool was_converged, has_converged, is_known;
	int64_t batch;    /* rows of a batch, or of a piece of the full one */
	int64_t capacity; /* rows that the batch arrays below hold */
	int64_t rows;     /* that train in an epoch; -1: unknown */
	int64_t held;     /* rows split off for validation; 0: none */

	/* indices of rows of the data: those that train, in order and as shuffled, and those held */
	int64_t *train, *order, *validation;
	void *x, *values, *weight; /* a batch, gathered */
	int64_t *classes;
	struct mlp_meter meter;
	void *memory; /* of all these arrays */
	size_t bytes;
};

/* ---- settings.c ---- */

/* Trainer given, and not running. */
mlp_status mlp_trainer_check_idle(const struct mlp_trainer *trainer);

bool mlp_trainer_is_full_batch(const struct mlp_trainer *trainer);

/* Number of rows to hold back of `rows`. */
int64_t mlp_trainer_held_rows(const struct mlp_trainer *trainer);

/* ---- session.c ---- */

/* Check that everything goes together, and make what a run needs. */
mlp_status mlp_session_open(struct mlp_session *session, struct mlp_trainer *trainer);
void mlp_session_close(struct mlp_session *session);

/* Put the rows in the order of the epoch that begins, or goes on. */
void mlp_session_order(struct mlp_session *session);

/* ---- batch.c, score.c, gather.c: for float and for double ---- */

/* Train the next batch and move on; *is_over tells that there was none. */
mlp_status mlp_session_batch_f32(struct mlp_session *session, bool *is_over);
mlp_status mlp_session_batch_f64(struct mlp_session *session, bool *is_over);

/* Measure a part of the data into a record. */
mlp_status mlp_session_score_f32(struct mlp_session *session, mlp_split split,
				 struct mlp_record *record);
mlp_status mlp_session_score_f64(struct mlp_session *session, mlp_split split,
				 struct mlp_record *record);

/* Whether all parameters of the network are finite. */
bool mlp_session_is_finite_f32(const struct mlp_session *session);
bool mlp_session_is_finite_f64(const struct mlp_session *session);

/* Whether a metric says something about targets of this kind. */
bool mlp_metric_applies(mlp_metric metric, mlp_loss loss, bool by_class);

/* Fill the batch arrays: rows first .. first + most - 1 of the data, by `index` (NULL: as they lie), or the next
 * ones of the source. batch->count is 0 where a source has no more. */
mlp_status mlp_session_gather_f32(struct mlp_session *session, const int64_t *index, int64_t epoch,
				  int64_t first, int64_t most, struct mlp_rows *batch);
mlp_status mlp_session_gather_f64(struct mlp_session *session, const int64_t *index, int64_t epoch,
				  int64_t first, int64_t most, struct mlp_rows *batch);

/* Multiply the weights of a gathered batch by those of its classes. */
void mlp_session_weigh_classes_f32(struct mlp_session *session, struct mlp_rows *batch);
void mlp_session_weigh_classes_f64(struct mlp_session *session, struct mlp_rows *batch);

/* ---- history.c ---- */

/* No part of the data measured. */
void mlp_record_clear(struct mlp_record *record);

/* Room for `epochs` records; for that of the epoch that comes next, and some more. */
mlp_status mlp_trainer_reserve_history(struct mlp_trainer *trainer, int64_t epochs);
mlp_status mlp_trainer_reserve_epoch(struct mlp_trainer *trainer);

/* Put a finished epoch into best epoch and patience; whether it is the best so far. */
bool mlp_trainer_judge(struct mlp_trainer *trainer, double value);

/* ---- checkpoint.c ---- */

/* Write the checkpoint, if there is to be one and something has changed. */
mlp_status mlp_trainer_checkpoint(struct mlp_trainer *trainer);

/* The same, if it is time for one after a batch. */
mlp_status mlp_trainer_checkpoint_batch(struct mlp_trainer *trainer);

/* ---- yardstick.c ---- */

/* A fingerprint of what epochs are compared by: metric, loss, the rows that are measured (not the training
 * rows, of which there may be too many to look at). */
uint64_t mlp_session_yardstick(const struct mlp_session *session);

/* Best epoch, patience and plateau begin anew. */
void mlp_trainer_forget_best(struct mlp_trainer *trainer);

/* ---- weights.c ---- */

/* Copy the network's parameters into best, good or last, or back. */
void mlp_trainer_keep(const struct mlp_trainer *trainer, void *copy);
void mlp_trainer_put(struct mlp_trainer *trainer, const void *copy);

/* Whether the network's parameters are those of a copy, bit for bit. */
bool mlp_trainer_has(const struct mlp_trainer *trainer, const void *copy);

/* Whether the network has the best weights in place of those to go on from. */
bool mlp_trainer_is_showing_best(const struct mlp_trainer *trainer);

/* Give the network the best weights, and keep those to go on from. */
void mlp_trainer_show_best(struct mlp_trainer *trainer);

/* Take that back. */
void mlp_trainer_hide_best(struct mlp_trainer *trainer);

#endif
