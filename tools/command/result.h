/* How good a model is on some rows, for people, for programs and for the page. */
#ifndef MLP_TOOLS_RESULT_H
#define MLP_TOOLS_RESULT_H

#include "command/model.h"
#include "report/report.h"

/* Of one output that is a number, in its own units. */
struct output_error {
	double rmse, mae, r2;
};

struct result {
	int64_t rows, outputs;
	double loss, accuracy;       /* accuracy NaN: numbers */
	double rmse, mae, r2;        /* NaN: classes */
	int64_t majority;            /* the class that weighs most in these rows */
	double baseline;             /* the accuracy of always saying it */
	struct output_error *errors; /* [outputs]; NULL: classes */
	int64_t *confusion;          /* [outputs][outputs], true class by row; NULL: numbers */
	double **truth, **predicted; /* [outputs][rows]; NULL: classes */
};

/* Predicts and measures. */
enum exit_code find_result(const mlp_network *net, mlp_pool *pool, struct loss loss,
			   const struct rows *rows, struct result *result);
void free_result(struct result *result);

/* "accuracy 0.9806, loss 0.0812", and for several outputs a line for each. */
void say_result(const char *what, const struct result *result, const struct encoding *encoding);

/* A class that the rows have and the model never said, or -1. */
int64_t find_unsaid(const struct result *result, int64_t *rows_of_it);

/* The confusion matrix as text, if it is not too wide. */
void say_confusion(const struct result *result, const struct encoding *encoding);

/* {"rows": ..., "loss": ..., ...}; the confusion matrix only if it is wanted. */
json_t *result_json(const struct result *result, const struct encoding *encoding, bool matrix);

/* Puts cards and pictures into the report, which then points into the result. */
void report_result(const struct result *result, const struct encoding *encoding,
		   struct report *report);
void report_network(const mlp_network *net, struct report *report);

#endif
