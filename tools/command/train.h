/* The parts of mlp train. */
#ifndef MLP_TOOLS_TRAIN_H
#define MLP_TOOLS_TRAIN_H

#include "command/plan.h"
#include "command/result.h"
#include "progress/progress.h"

/* Everything that a training has; begin as {0}. */
struct training {
	const struct options *options;
	const char *data_path;
	char *out, *checkpoint; /* paths */
	struct encoding *encoding;
	struct rows rows; /* all, those for validation from a fraction at the end */
	struct matrices *validation_matrices; /* from a file of their own */
	struct rows training, validation;     /* parts of the above */
	struct plan plan;
	mlp_network *net;
	mlp_trainer *trainer;
	mlp_pool *pool;
	json_t *settings;
	struct progress progress;
	double begun;
	bool diverged; /* the weights are those of an epoch before */
};

/* train_data.c: reads, encodes, splits, and plans. */
enum exit_code prepare_data(struct training *training);

/* checkpoint.c: sets up savings as training goes on, goes on from a checkpoint with --resume, and says how to do
 * that after an interruption. Clears away the one that has served its purpose. */
enum exit_code set_checkpoints(struct training *training);
enum exit_code resume_training(struct training *training);
enum exit_code leave_checkpoint(struct training *training);
void rescue(struct training *training); /* when the model cannot be written */
void clear_checkpoint(const struct training *training);

/* notes.c: puts encoding and settings (and results, if there are any yet) into the network's notes. */
enum exit_code note_training(struct training *training, const struct result *result);

/* train_result.c: writes the model, measures, writes the report, and tells. */
enum exit_code finish_training(struct training *training);

/* There too: the metric of the history that is shown beside the loss. */
mlp_metric shown_metric(const struct training *training);

#endif
