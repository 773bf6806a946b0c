/* How far a training has come: a bar on a terminal, lines elsewhere, JSON where that is asked for. */
#ifndef MLP_TOOLS_PROGRESS_H
#define MLP_TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* What is known after an epoch; NaN: nothing. */
struct epoch_facts {
	int64_t epoch; /* from 1 */
	double loss, validation_loss, metric, eta;
	const char *metric_name; /* of `metric`, measured on the validation rows */
};

struct progress {
	enum { PROGRESS_NONE, PROGRESS_BAR, PROGRESS_LINES, PROGRESS_JSON } kind;
	int64_t epochs, first; /* at most so many; done before this run */
	int64_t written;       /* the last epoch that got a line */
	double rows_per_epoch;
	double begun, drawn; /* seconds of a clock that runs steadily */
	bool utf8;
	struct epoch_facts last;
};

/* A terminal on stderr gets the bar, other files a line now and then. */
void progress_begin(struct progress *progress, bool quiet, bool json);

/* From here on time counts: `first` epochs of at most `epochs` are done. */
void progress_start(struct progress *progress, int64_t first, int64_t epochs, int64_t rows);

/* Some batches of an epoch are done: `done` epochs, with a fraction. */
void progress_batch(struct progress *progress, double done);
void progress_epoch(struct progress *progress, const struct epoch_facts *facts);

/* Leaves the terminal with an empty line to write on. */
void progress_end(struct progress *progress);

/* Seconds of a clock that runs steadily. */
double seconds_now(void);

#endif
