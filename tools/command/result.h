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
	int64_t spoilt; /* rows with outputs that are not numbers: if there are any, the rest is not known */
	double loss, accuracy;       /* accuracy NaN: numbers */
	double rmse, mae, r2;        /* NaN: classes */
	int64_t majority;            /* the class that weighs most in these rows */
	double baseline;             /* the accuracy of always saying it */
	struct output_error *errors; /* [outputs]; NULL: classes */
	bool is_classes;
	int64_t *
		confusion; /* [outputs][outputs], true class by row; NULL: numbers, or too many classes */
	int64_t pictures; /* outputs whose values are kept for pictures, the first ones */
	double **truth, **predicted; /* [pictures][rows]; NULL: classes */
};

/* Predicts and measures, a piece of the rows at a time: memory does not grow by rows x outputs. `pictures`: whether
 * values are kept for scatter diagrams. */
enum exit_code find_result(const mlp_network *net, mlp_pool *pool, struct loss loss,
			   const struct rows *rows, bool pictures, struct result *result);
void free_result(struct result *result);

/* "accuracy 0.9806, loss 0.0812", and for several outputs a line for each. */
void say_result(line_writer write, const char *what, const struct result *result,
		const struct encoding *encoding);

/* A class that the rows have and the model never said, or -1. */
int64_t find_unsaid(const struct result *result, int64_t *rows_of_it);

/* The confusion matrix as text, if it is not too wide. */
void say_confusion(line_writer write, const struct result *result, const struct encoding *encoding);

/* {"rows": ..., "loss": ..., ...}; the confusion matrix only if it is wanted. */
json_t *result_json(const struct result *result, const struct encoding *encoding, bool matrix);

/* Puts cards and pictures into the report, which then points into the result. */
void report_result(const struct result *result, const struct encoding *encoding,
		   struct report *report);
void report_network(const mlp_network *net, struct report *report);

#endif
